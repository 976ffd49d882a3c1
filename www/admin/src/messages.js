// The page's texts. Codes of the API, such as states and reasons, are shown as they are: the operator's reference
// explains them.

const en = {
  title: "Lead forwarder",
  token: "Admin token",
  signIn: "Open",
  tokenNote: "The token stays in this page and is forgotten when it is closed.",
  signOut: "Close",
  language: "العربية",
  overview: "Overview",
  backlog: "Backlog",
  oldest: "Oldest lead",
  sending: "Sending",
  running: "running",
  paused: "paused",
  dead: "Dead letters",
  held: "Held",
  poison: "Failing alone",
  reconcile: "Lookups",
  store: "Storage",
  works: "works",
  conditions: "Alerts",
  none: "No alerts.",
  leads: "Leads",
  state: "State",
  all: "all",
  phone: "Phone",
  email: "Email",
  id: "Submission ID",
  from: "From",
  to: "To",
  search: "Search",
  empty: "No leads match.",
  more: "More",
  exportCsv: "Export dead letters (CSV)",
  created: "Arrived",
  updated: "Changed",
  reason: "Reason",
  attempts: "Attempts",
  status: "CRM's status",
  cause: "Cause",
  next: "Next step",
  marks: "Marks",
  crmId: "CRM's ID",
  origin: "Page",
  text: "What the visitor sent",
  response: "The CRM's response",
  revisions: "Later versions",
  erased: "The text is deleted.",
  replay: "Replay",
  release: "Release",
  drop: "Drop",
  erase: "Erase",
  confirm: "This cannot be undone. Press again to confirm.",
  close: "Close",
  bulk: "Many leads at once",
  command: "Action",
  run: "Run",
  typeCount: (count) => `${count} leads match. Type ${count} to confirm:`,
  wrongCount: "The number is different; nothing was changed.",
  done: (command, count) => `${command}: ${count} leads`,
  audit: "Audit log",
  time: "Time",
  by: "Token",
  action: "Action",
  failed: (message) => `Failed: ${message}`,
  unauthorized: "The token is wrong.",
  forbidden: "This token may only read.",
};

const ar = {
  title: "مُرسِل العملاء المحتملين",
  token: "رمز الإدارة",
  signIn: "فتح",
  tokenNote: "يبقى الرمز في هذه الصفحة ويُنسى عند إغلاقها.",
  signOut: "إغلاق",
  language: "English",
  overview: "نظرة عامة",
  backlog: "قيد الانتظار",
  oldest: "أقدم طلب",
  sending: "الإرسال",
  running: "يعمل",
  paused: "متوقف",
  dead: "طلبات مرفوضة",
  held: "محتجزة",
  poison: "تفشل وحدها",
  reconcile: "البحث في النظام",
  store: "التخزين",
  works: "يعمل",
  conditions: "التنبيهات",
  none: "لا توجد تنبيهات.",
  leads: "الطلبات",
  state: "الحالة",
  all: "الكل",
  phone: "الهاتف",
  email: "البريد الإلكتروني",
  id: "معرّف الطلب",
  from: "من",
  to: "إلى",
  search: "بحث",
  empty: "لا توجد طلبات مطابقة.",
  more: "المزيد",
  exportCsv: "تصدير الطلبات المرفوضة (CSV)",
  created: "وصل",
  updated: "تغيّر",
  reason: "السبب",
  attempts: "المحاولات",
  status: "رمز استجابة النظام",
  cause: "سبب الفشل",
  next: "الخطوة التالية",
  marks: "علامات",
  crmId: "المعرّف في النظام",
  origin: "الصفحة",
  text: "ما أرسله الزائر",
  response: "استجابة النظام",
  revisions: "نسخ لاحقة",
  erased: "حُذف النص.",
  replay: "إعادة الإرسال",
  release: "إفراج",
  drop: "إسقاط",
  erase: "محو",
  confirm: "لا يمكن التراجع عن هذا. اضغط مرة أخرى للتأكيد.",
  close: "إغلاق",
  bulk: "عدة طلبات معًا",
  command: "الإجراء",
  run: "تنفيذ",
  typeCount: (count) => `عدد الطلبات المطابقة ${count}. اكتب ${count} للتأكيد:`,
  wrongCount: "العدد مختلف؛ لم يتغير شيء.",
  done: (command, count) => `${command}: ${count}`,
  audit: "سجل التدقيق",
  time: "الوقت",
  by: "الرمز",
  action: "الإجراء",
  failed: (message) => `فشل: ${message}`,
  unauthorized: "الرمز غير صحيح.",
  forbidden: "هذا الرمز للقراءة فقط.",
};

let locale = navigator.language.startsWith("ar") ? "ar" : "en";

/** The texts of the current language. */
export let text = locale === "ar" ? ar : en;

export function switchLanguage() {
  locale = locale === "ar" ? "en" : "ar";
  text = locale === "ar" ? ar : en;
  applyLanguage();
}

export function applyLanguage() {
  document.documentElement.lang = locale;
  document.documentElement.dir = locale === "ar" ? "rtl" : "ltr";
  document.title = text.title;
}

/** A time in milliseconds since 1970. */
export function date(at) {
  return at === undefined ? undefined : new Date(at).toLocaleString(locale === "ar" ? "ar-EG" : "en-GB");
}

/** A duration in the largest unit that fits. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "–";
  for (const [unit, size] of [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1_000],
  ]) {
    if (milliseconds < size && unit !== "second") continue;
    const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 };
    return new Intl.NumberFormat(locale === "ar" ? "ar-EG" : "en-GB", options).format(milliseconds / size);
  }
}

/** What a failed call means. */
export function problem(error) {
  if (error.status === 401) return text.unauthorized;
  if (error.status === 403) return text.forbidden;
  return text.failed(error.message);
}
