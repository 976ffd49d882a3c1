import type { Language } from "./language.js";

/** The English texts before a lead is sent; later texts are in `deferred/messages.ts`. */
const language: Language = {
  code: "en",
  direction: "ltr",
  labels: {
    firstName: "First name",
    lastName: "Last name",
    phone: "Phone number",
    email: "Email",
  },
  marked: "Fields marked with * are required.",
  callingCode: "Country code",
  summary: (count) => (count === 1 ? "One field needs your attention" : `${count} fields need your attention`),
  issues: {
    missing: "Please fill this in.",
  },
  submit: "Send request",
  sendAnyway: "Send anyway",
  sending: "Sending your request…",
  queued: [
    "Your request is saved",
    "It is saved on this device and will be sent automatically as soon as possible. You don't need to fill it in again.",
  ],
  held: [
    "Your request is waiting to be sent",
    "Please keep this page open. It will be sent automatically as soon as possible.",
  ],
  retry: "Try now",
  again: "Send another request",
};

export default language;
