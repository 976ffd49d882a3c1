import type { Language } from "./language.js";

/** The Arabic texts before a lead is sent; later texts are in `deferred/messages.ts`. */
const language: Language = {
  code: "ar",
  direction: "rtl",
  labels: {
    firstName: "الاسم الأول",
    lastName: "اسم العائلة",
    phone: "رقم الهاتف",
    email: "البريد الإلكتروني",
  },
  marked: "الحقول المشار إليها بعلامة * مطلوبة.",
  callingCode: "رمز الدولة",
  summary: (count) =>
    count === 1
      ? "هناك حقل يحتاج إلى مراجعة"
      : count === 2
        ? "هناك حقلان يحتاجان إلى مراجعة"
        : `حقول تحتاج إلى مراجعة: ${count}`,
  issues: {
    missing: "هذا الحقل مطلوب.",
  },
  submit: "إرسال الطلب",
  sendAnyway: "إرسال على أي حال",
  sending: "جارٍ إرسال طلبك…",
  queued: ["تم حفظ طلبك", "طلبك محفوظ على هذا الجهاز وسيُرسَل تلقائيًا في أقرب وقت ممكن. لا حاجة إلى كتابته من جديد."],
  held: ["طلبك بانتظار الإرسال", "يُرجى إبقاء هذه الصفحة مفتوحة: سيُرسَل تلقائيًا في أقرب وقت ممكن."],
  retry: "حاول الآن",
  again: "إرسال طلب آخر",
};

export default language;
