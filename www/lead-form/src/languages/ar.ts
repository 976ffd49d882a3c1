import type { Language } from "./language.js";

/** What the form says in Arabic. */
const language: Language = {
  code: "ar",
  direction: "rtl",
  labels: {
    salutation: "اللقب",
    firstName: "الاسم الأول",
    lastName: "اسم العائلة",
    phone: "رقم الهاتف",
    email: "البريد الإلكتروني",
    title: "المسمى الوظيفي",
    company: "الشركة",
    address: "العنوان",
    street: "الشارع",
    city: "المدينة",
    zip: "الرمز البريدي",
    country: "البلد",
    additionalPhones: "أرقام هواتف أخرى",
    additionalEmails: "عناوين بريد أخرى",
    interests: "عمّ تبحث؟",
    dealSize: "الميزانية",
    budget: "الميزانية",
    region: "المنطقة",
    unitId: "الوحدة",
    leadDescription: "رسالتك",
  },
  marked: "الحقول المشار إليها بعلامة * مطلوبة.",
  callingCode: "رمز الدولة",
  choose: "اختر…",
  several: "افصل بين الإجابات بفاصلة.",
  summary: (count) =>
    count === 1
      ? "هناك حقل يحتاج إلى مراجعة"
      : count === 2
        ? "هناك حقلان يحتاجان إلى مراجعة"
        : `حقول تحتاج إلى مراجعة: ${count}`,
  faults: {
    missing: (label) => `${label}: هذا الحقل مطلوب.`,
    unticked: "يُرجى وضع علامة هنا للمتابعة.",
    phone: "يبدو رقم الهاتف غير مكتمل.",
    email: "يبدو البريد الإلكتروني غير صحيح، مثال: name@example.com.",
    other: "يُرجى مراجعة هذا الحقل.",
  },
  doubt: "إن كان صحيحًا فأرسله كما هو.",
  submit: "إرسال الطلب",
  sendAnyway: "إرسال على أي حال",
  sending: "جارٍ إرسال طلبك…",
  accepted: ["شكرًا لك، لقد وصلنا طلبك.", "سيتصل بك أحد مستشارينا قريبًا."],
  queued: ["تم حفظ طلبك", "طلبك محفوظ على هذا الجهاز وسيُرسَل تلقائيًا في أقرب وقت ممكن. لا حاجة إلى كتابته من جديد."],
  held: ["طلبك بانتظار الإرسال", "يُرجى إبقاء هذه الصفحة مفتوحة: سيُرسَل تلقائيًا في أقرب وقت ممكن."],
  retry: "حاول الآن",
  again: "إرسال طلب آخر",
};

export default language;
