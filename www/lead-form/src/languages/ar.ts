import type { Language } from "./language.js";

export const ar: Language = {
  code: "ar",
  direction: "rtl",
  labels: {
    firstName: "الاسم الأول",
    lastName: "اسم العائلة",
    phone: "رقم الهاتف",
    email: "البريد الإلكتروني",
  },
  marked: "الحقول المشار إليها بعلامة * مطلوبة.",
  phoneHint: (country) =>
    country
      ? `من خارج ${country} ابدأ بعلامة + ثم رمز الدولة.`
      : "ابدأ بعلامة + ثم رمز الدولة.",
  faults: {
    phone: "تحقّق من رقم الهاتف، فهو يبدو غير مكتمل.",
    email: "تحقّق من البريد الإلكتروني، مثل name@example.com.",
    other: "تحقّق من هذا الحقل.",
  },
  missing: {
    firstName: "أدخل اسمك الأول.",
    lastName: "أدخل اسم العائلة.",
    phone: "أدخل رقم هاتفك.",
    email: "أدخل بريدك الإلكتروني.",
  },
  submit: "إرسال الطلب",
  retry: "إعادة المحاولة",
  sending: "جارٍ إرسال طلبك…",
  accepted: "شكرًا لك، لقد وصلنا طلبك.",
  acceptedMore: "سيتصل بك أحد مستشارينا قريبًا.",
  again: "إرسال طلب آخر",
  failed: "لم يكتمل إرسال طلبك بعد",
  failures: {
    unreachable: "ربما لم يصل طلبك إلينا. أعد المحاولة ولن يُرسَل مرتين.",
    crowded: "نتلقى الآن طلبات كثيرة. يُرجى إعادة المحاولة بعد دقيقة.",
    refused: "حدث خطأ من جانبنا. ما كتبته ما زال هنا، يُرجى إعادة المحاولة لاحقًا.",
  },
};
