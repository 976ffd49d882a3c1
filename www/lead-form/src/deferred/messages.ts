import type { Language } from "../languages/language.js";
import type { LeadOutcome, Presentation, Submission } from "../submission/submission.js";
import type { StatusMessage } from "../view/state.js";
import { PERSISTENT_ATTEMPTS } from "./report.js";

type StatusTexts = Required<
  Pick<
    Language,
    | "accepted"
    | "warningHint"
    | "refused"
    | "refusedHeld"
    | "delayed"
    | "delayedHeld"
    | "challenge"
    | "tooLong"
    | "rejected"
    | "earlier"
  >
> & { readonly issues: Readonly<Record<"phone" | "email" | "other", string>> };

/** The messages that are shown only after a submission. */
const MESSAGES: Readonly<Record<string, StatusTexts>> = {
  en: {
    accepted: ["Thank you. We have your request.", "One of our advisors will call you back soon."],
    warningHint: "If it is correct, send it as it is.",
    issues: {
      phone: "This does not look like a complete phone number.",
      email: "This does not look like an email address, such as name@example.com.",
      other: "Please check this field.",
    },
    refused: [
      "Your request is saved, but not sent yet",
      "Something is wrong on our side. Your request is saved on this device. We try again every hour while this page is open, and when you come back. If it is urgent, please call us.",
    ],
    refusedHeld: [
      "Your request is not sent yet",
      "Something is wrong on our side. Please keep this page open. We try again every hour. If it is urgent, please call us.",
    ],
    delayed: [
      "Your request is saved, but not sent yet",
      "Sending has not worked so far. Your request is saved on this device. We try again automatically while this page is open, and when you come back. If it is urgent, please call us.",
    ],
    delayedHeld: [
      "Your request is not sent yet",
      "Sending has not worked so far. Please keep this page open. We try again automatically. If it is urgent, please call us.",
    ],
    challenge: ["One more step", "Please complete the check below, then send again."],
    tooLong: ["Your request is too long", "Please shorten your message and send it again, or call us."],
    rejected: ["Your request could not be accepted", "Please check what you entered and send it again, or call us."],
    earlier: {
      queued: "Your earlier request is waiting to be sent.",
      accepted: "Your earlier request has now been sent.",
      check: "Your earlier request was not accepted. Please check it and send it again.",
      expired: (date) => `Your request of ${date} could not be sent and was deleted. Please send it again.`,
    },
  },
  fr: {
    accepted: ["Merci, nous avons bien reçu votre demande.", "Un de nos conseillers vous rappellera bientôt."],
    warningHint: "S’il est correct, envoyez-le tel quel.",
    issues: {
      phone: "Ce numéro de téléphone semble incomplet.",
      email: "Cette adresse semble incorrecte. Exemple : nom@example.com.",
      other: "Veuillez vérifier ce champ.",
    },
    refused: [
      "Votre demande est enregistrée, mais pas encore envoyée",
      "Un problème est survenu de notre côté. Elle est conservée sur cet appareil ; nous réessayons toutes les heures tant que cette page est ouverte, et à votre retour. Si c’est urgent, appelez-nous.",
    ],
    refusedHeld: [
      "Votre demande n’est pas encore envoyée",
      "Un problème est survenu de notre côté. Gardez cette page ouverte : nous réessayons toutes les heures. Si c’est urgent, appelez-nous.",
    ],
    delayed: [
      "Votre demande est enregistrée, mais pas encore envoyée",
      "L’envoi n’a pas abouti jusqu’ici. Elle est conservée sur cet appareil ; l’envoi est retenté automatiquement tant que cette page est ouverte, et à votre retour. Si c’est urgent, appelez-nous.",
    ],
    delayedHeld: [
      "Votre demande n’est pas encore envoyée",
      "L’envoi n’a pas abouti jusqu’ici. Gardez cette page ouverte : il est retenté automatiquement. Si c’est urgent, appelez-nous.",
    ],
    challenge: ["Encore une étape", "Veuillez effectuer la vérification ci-dessous, puis envoyer à nouveau."],
    tooLong: [
      "Votre demande est trop longue",
      "Veuillez raccourcir votre message et l’envoyer à nouveau, ou appelez-nous.",
    ],
    rejected: [
      "Votre demande n’a pas pu être acceptée",
      "Veuillez vérifier votre saisie et l’envoyer à nouveau, ou appelez-nous.",
    ],
    earlier: {
      queued: "Votre demande précédente attend d’être envoyée.",
      accepted: "Votre demande précédente vient d’être envoyée.",
      check: "Votre demande précédente n’a pas pu être acceptée. Veuillez la vérifier et l’envoyer à nouveau.",
      expired: (date) =>
        `Votre demande du ${date} n’a pas pu être envoyée et a été supprimée. Veuillez l’envoyer à nouveau.`,
    },
  },
  ar: {
    accepted: ["شكرًا لك، لقد وصلنا طلبك.", "سيتصل بك أحد مستشارينا قريبًا."],
    warningHint: "إن كان صحيحًا فأرسله كما هو.",
    issues: {
      phone: "يبدو رقم الهاتف غير مكتمل.",
      email: "يبدو البريد الإلكتروني غير صحيح، مثال: name@example.com.",
      other: "يُرجى مراجعة هذا الحقل.",
    },
    refused: [
      "تم حفظ طلبك ولم يُرسَل بعد",
      "حدث خطأ من جانبنا. طلبك محفوظ على هذا الجهاز، وسنعيد المحاولة كل ساعة ما دامت هذه الصفحة مفتوحة وعند عودتك. إن كان الأمر عاجلًا فيُرجى الاتصال بنا.",
    ],
    refusedHeld: [
      "لم يُرسَل طلبك بعد",
      "حدث خطأ من جانبنا. يُرجى إبقاء هذه الصفحة مفتوحة: سنعيد المحاولة كل ساعة. إن كان الأمر عاجلًا فيُرجى الاتصال بنا.",
    ],
    delayed: [
      "تم حفظ طلبك ولم يُرسَل بعد",
      "لم ينجح الإرسال حتى الآن. طلبك محفوظ على هذا الجهاز وتُعاد المحاولة تلقائيًا ما دامت هذه الصفحة مفتوحة وعند عودتك. إن كان الأمر عاجلًا فيُرجى الاتصال بنا.",
    ],
    delayedHeld: [
      "لم يُرسَل طلبك بعد",
      "لم ينجح الإرسال حتى الآن. يُرجى إبقاء هذه الصفحة مفتوحة: تُعاد المحاولة تلقائيًا. إن كان الأمر عاجلًا فيُرجى الاتصال بنا.",
    ],
    challenge: ["خطوة أخيرة", "يُرجى إكمال التحقق أدناه ثم الإرسال من جديد."],
    tooLong: ["طلبك أطول من اللازم", "يُرجى اختصار رسالتك وإرسالها من جديد، أو الاتصال بنا."],
    rejected: ["تعذّر قبول طلبك", "يُرجى مراجعة ما أدخلته وإرساله من جديد، أو الاتصال بنا."],
    earlier: {
      queued: "طلبك السابق بانتظار الإرسال.",
      accepted: "تم الآن إرسال طلبك السابق.",
      check: "تعذّر قبول طلبك السابق. يُرجى مراجعته وإرساله من جديد.",
      expired: (date) => `تعذّر إرسال طلبك بتاريخ ${date} وتم حذفه. يُرجى إرساله من جديد.`,
    },
  },
};

/** The messages in a language; one that the page added may lack them. */
function messagesOf(language: Language): StatusTexts {
  const { queued, held } = language;
  const own = MESSAGES[language.code] ?? { ...(MESSAGES["en"] as StatusTexts), delayed: queued, delayedHeld: held };
  return { ...own, ...language, issues: { ...own.issues, ...language.issues } } as StatusTexts;
}

/** The text of a field's error. */
export function errorText(language: Language, kind: "phone" | "email" | "other", isWarning: boolean): string {
  const { issues, warningHint } = messagesOf(language);
  return isWarning ? `${issues[kind]} ${warningHint}` : issues[kind];
}

/** The message for a lead that was rejected, but not because of one field. */
export const rejectedMessage: StatusMessage = (language) => messagesOf(language).rejected;

/** How the form presents an outcome. */
export function presentationOf({ at, attempts }: Submission, outcome: LeadOutcome, isPersisted: boolean): Presentation {
  const messageNamed =
    (name: Exclude<keyof StatusTexts, "earlier" | "warningHint" | "issues">) => (language: Language) =>
      messagesOf(language)[name];
  switch (outcome.kind) {
    case "accepted":
      return { state: "accepted", result: "accepted", getMessage: messageNamed("accepted") };
    case "challenge":
      return { state: "challenge", result: "challenge", getMessage: messageNamed("challenge") };
    case "refused":
    case "inconclusive":
      return { state: "refused", result: "queued", getMessage: messageNamed(isPersisted ? "refused" : "refusedHeld") };
    case "expired":
      return {
        state: "rejected",
        result: "invalid",
        getMessage: (language) => [earlierMessage(language, outcome, at), ""],
      };
    case "later": {
      // A device that is offline waits for the connection only.
      const isDelayed = attempts >= PERSISTENT_ATTEMPTS && navigator.onLine !== false;
      const getMessage = isDelayed ? messageNamed(isPersisted ? "delayed" : "delayedHeld") : undefined;
      return { state: isPersisted ? "queued" : "held", result: "queued", getMessage };
    }
    default: {
      const isTooLong = outcome.kind === "wrong" && outcome.status === 413;
      return {
        state: "rejected",
        result: "invalid",
        getMessage: isTooLong ? messageNamed("tooLong") : rejectedMessage,
      };
    }
  }
}

/** The message about a request of an earlier visit, which was made `at`. */
export function earlierMessage(language: Language, outcome: LeadOutcome | undefined, at: number): string {
  const { earlier } = messagesOf(language);
  switch (outcome?.kind) {
    case "accepted":
      return earlier.accepted;
    case "wrong":
    case "check":
      return earlier.check;
    case "expired":
      return earlier.expired(dateOf(language.code, at));
    default:
      return earlier.queued;
  }
}

/** A localized date. The browser may not know the code of a language that the page added. */
function dateOf(code: string, at: number): string {
  try {
    return new Intl.DateTimeFormat(code).format(at);
  } catch {
    return new Date(at).toISOString().slice(0, 10);
  }
}
