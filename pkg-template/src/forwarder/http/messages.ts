import type { HttpErrorCode } from "../message/http-error.js";

/** The languages of messages for visitors without scripts. */
export const LOCALES = ["en", "ar", "fr"] as const;
export type Locale = (typeof LOCALES)[number];

/** Messages for visitors without scripts. */
export interface PageMessages {
  direction: "ltr" | "rtl";
  thanks: string;
  received: string;
  wrong: string;
  again: string;
  send: string;
  /** Followed by the name of the site. */
  back: string;
  field: { required: string; other: string };
  refusal: Partial<Record<HttpErrorCode, string>> & { other: string };
  labels: Record<string, string>;
}

export const MESSAGES: Record<Locale, PageMessages> = {
  en: {
    direction: "ltr",
    thanks: "Thank you",
    received: "We have your details and will be in touch.",
    wrong: "Your details were not sent yet",
    again: "Please correct what is marked and send it again.",
    send: "Send",
    back: "Back to",
    field: { required: "Please fill this in.", other: "Please check this." },
    refusal: {
      rate_limited: "Too many forms came from here. Please wait a minute and send it again.",
      unavailable: "Your details could not be saved just now. Please send them again in a moment.",
      challenge_failed: "We could not tell that you are a person. Please go back, reload the page and try again.",
      challenge_unavailable: "Your details could not be checked just now. Please send them again in a moment.",
      origin: "This form may not be used from the page you came from.",
      not_found: "This form is set up wrong: it sends to an address that does not exist. Your details were not sent.",
      too_large: "What you wrote is too long. Please shorten it.",
      other: "The form could not be read. Please go back and try again.",
    },
    labels: {
      "leadInformation.salutation": "Salutation",
      "leadInformation.firstName": "First name",
      "leadInformation.lastName": "Last name",
      "leadInformation.phone": "Phone",
      "leadInformation.email": "Email",
      "leadInformation.company": "Company",
      "leadInformation.title": "Job title",
      leadDescription: "Message",
      dealSize: "Budget",
      region: "Region",
      interests: "Interests",
      additionalPhones: "Another phone",
      additionalEmails: "Another e-mail",
    },
  },
  ar: {
    direction: "rtl",
    thanks: "شكرًا لك",
    received: "وصلتنا بياناتك وسنتواصل معك قريبًا.",
    wrong: "لم تُرسل بياناتك بعد",
    again: "يُرجى تصحيح الحقول المحددة ثم الإرسال مرة أخرى.",
    send: "إرسال",
    back: "العودة إلى",
    field: { required: "يُرجى ملء هذا الحقل.", other: "يُرجى مراجعة هذا الحقل." },
    refusal: {
      rate_limited: "وصلت نماذج كثيرة من هنا. يُرجى الانتظار دقيقة ثم الإرسال مرة أخرى.",
      unavailable: "تعذّر حفظ بياناتك الآن. يُرجى الإرسال مرة أخرى بعد لحظات.",
      challenge_failed: "لم نتمكن من التحقق. يُرجى الرجوع وإعادة تحميل الصفحة ثم المحاولة مرة أخرى.",
      challenge_unavailable: "تعذّر التحقق الآن. يُرجى الإرسال مرة أخرى بعد لحظات.",
      origin: "لا يمكن استخدام هذا النموذج من الصفحة التي أتيت منها.",
      not_found: "هذا النموذج غير مُعدّ بشكل صحيح: فهو يرسل إلى عنوان غير موجود. لم تُرسل بياناتك.",
      too_large: "النص طويل جدًا. يُرجى اختصاره.",
      other: "تعذّرت قراءة النموذج. يُرجى الرجوع والمحاولة مرة أخرى.",
    },
    labels: {
      "leadInformation.salutation": "اللقب",
      "leadInformation.firstName": "الاسم الأول",
      "leadInformation.lastName": "اسم العائلة",
      "leadInformation.phone": "الهاتف",
      "leadInformation.email": "البريد الإلكتروني",
      "leadInformation.company": "الشركة",
      "leadInformation.title": "المسمى الوظيفي",
      leadDescription: "الرسالة",
      dealSize: "الميزانية",
      region: "المنطقة",
      interests: "الاهتمامات",
      additionalPhones: "هاتف آخر",
      additionalEmails: "بريد إلكتروني آخر",
    },
  },
  fr: {
    direction: "ltr",
    thanks: "Merci",
    received: "Nous avons bien reçu vos coordonnées et vous contacterons bientôt.",
    wrong: "Vos coordonnées ne sont pas encore envoyées",
    again: "Veuillez corriger les champs signalés, puis renvoyer le formulaire.",
    send: "Envoyer",
    back: "Retour à",
    field: { required: "Veuillez remplir ce champ.", other: "Veuillez vérifier ce champ." },
    refusal: {
      rate_limited: "Trop de formulaires sont arrivés d’ici. Veuillez patienter une minute, puis renvoyer le vôtre.",
      unavailable: "Vos coordonnées n’ont pas pu être enregistrées. Veuillez les renvoyer dans un instant.",
      challenge_failed: "La vérification a échoué. Veuillez revenir en arrière, recharger la page et réessayer.",
      challenge_unavailable: "La vérification est indisponible. Veuillez renvoyer le formulaire dans un instant.",
      origin: "Ce formulaire ne peut pas être utilisé depuis la page d’où vous venez.",
      not_found:
        "Ce formulaire est mal configuré : il envoie vers une adresse qui n’existe pas. Vos coordonnées n’ont pas été envoyées.",
      too_large: "Votre texte est trop long. Veuillez le raccourcir.",
      other: "Le formulaire n’a pas pu être lu. Veuillez revenir en arrière et réessayer.",
    },
    labels: {
      "leadInformation.salutation": "Civilité",
      "leadInformation.firstName": "Prénom",
      "leadInformation.lastName": "Nom",
      "leadInformation.phone": "Téléphone",
      "leadInformation.email": "E-mail",
      "leadInformation.company": "Société",
      "leadInformation.title": "Fonction",
      leadDescription: "Message",
      dealSize: "Budget",
      region: "Région",
      interests: "Centres d’intérêt",
      additionalPhones: "Autre téléphone",
      additionalEmails: "Autre e-mail",
    },
  },
};

/** The response's language: the one that the form names, else the first supported one of `Accept-Language`. */
export function localeOf(named: unknown, accepted: string | null): Locale {
  const wishes = (accepted ?? "").split(",").map((part, place) => {
    const [tag = "", quality = "q=1"] = part
      .trim()
      .split(";")
      .map((piece) => piece.trim());
    return { tag, quality: Number(quality.replace(/^q=/, "")) || 0, place };
  });
  wishes.sort((one, other) => other.quality - one.quality || one.place - other.place);
  for (const tag of [named, ...wishes.filter(({ quality }) => quality).map(({ tag }) => tag)]) {
    const language = String(tag).toLowerCase().split(/[-_]/)[0];
    const found = LOCALES.find((locale) => locale === language);
    if (found) return found;
  }
  return "en";
}
