import type { Language } from "./language.js";

export const en: Language = {
  code: "en",
  direction: "ltr",
  labels: {
    firstName: "First name",
    lastName: "Last name",
    phone: "Phone number",
    email: "Email",
  },
  marked: "Fields marked with * are required.",
  phoneHint: (country) =>
    country
      ? `Outside ${country}, start with + and the country code.`
      : "Start with + and the country code.",
  faults: {
    phone: "Check the phone number: it does not look complete.",
    email: "Check the email address, for example name@example.com.",
    other: "Check this field.",
  },
  missing: {
    firstName: "Enter your first name.",
    lastName: "Enter your last name.",
    phone: "Enter your phone number.",
    email: "Enter your email address.",
  },
  submit: "Send request",
  retry: "Try again",
  sending: "Sending your request…",
  accepted: "Thank you. We have your request.",
  acceptedMore: "One of our advisers will call you back soon.",
  again: "Send another request",
  failed: "Your request has not gone through yet",
  failures: {
    unreachable: "It may not have reached us. Try again: it will not be sent twice.",
    crowded: "We are receiving many requests. Please try again in a minute.",
    refused: "Something is wrong on our side. What you typed is still here; please try again later.",
  },
};
