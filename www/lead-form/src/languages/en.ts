import type { Language } from "./language.js";

/** What the form says in English. */
const language: Language = {
  code: "en",
  direction: "ltr",
  labels: {
    salutation: "Salutation",
    firstName: "First name",
    lastName: "Last name",
    phone: "Phone number",
    email: "Email",
    title: "Job title",
    company: "Company",
    address: "Address",
    street: "Street",
    city: "City",
    zip: "Postal code",
    country: "Country",
    additionalPhones: "Other phone numbers",
    additionalEmails: "Other email addresses",
    interests: "What are you looking for?",
    dealSize: "Budget",
    budget: "Budget",
    region: "Region",
    unitId: "Unit",
    leadDescription: "Message",
  },
  marked: "Fields marked with * are required.",
  callingCode: "Country code",
  choose: "Choose…",
  several: "Separate multiple entries with commas.",
  summary: (count) => (count === 1 ? "One field needs your attention" : `${count} fields need your attention`),
  faults: {
    missing: (label) => `${label}: please fill this in.`,
    unticked: "Please check this box to continue.",
    phone: "This does not look like a complete phone number.",
    email: "This does not look like an email address, such as name@example.com.",
    other: "Please check this field.",
  },
  doubt: "If it is correct, send it as it is.",
  submit: "Send request",
  sendAnyway: "Send anyway",
  sending: "Sending your request…",
  accepted: ["Thank you. We have your request.", "One of our advisors will call you back soon."],
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
