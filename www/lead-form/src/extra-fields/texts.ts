import type { Language, NamedField } from "../languages/index.js";

/** The texts that only the extra fields need. */
export interface ExtraTexts {
  readonly labels: Readonly<Partial<Record<NamedField, string>>>;
  /** The first entry of a list, without a value. */
  readonly choose: string;
  /** The hint of a field with several values. */
  readonly several: string;
  /** The error of a required checkbox. */
  readonly unchecked: string;
}

const TEXTS: Readonly<Record<string, ExtraTexts>> = {
  en: {
    labels: {
      salutation: "Salutation",
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
      visit: "When would you like to visit?",
    },
    choose: "Choose…",
    several: "Separate multiple entries with commas.",
    unchecked: "Please check this box to continue.",
  },
  ar: {
    labels: {
      salutation: "اللقب",
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
      visit: "متى تودّ الزيارة؟",
    },
    choose: "اختر…",
    several: "افصل بين الإجابات بفاصلة.",
    unchecked: "يُرجى وضع علامة هنا للمتابعة.",
  },
  fr: {
    labels: {
      salutation: "Civilité",
      title: "Fonction",
      company: "Société",
      address: "Adresse",
      street: "Rue",
      city: "Ville",
      zip: "Code postal",
      country: "Pays",
      additionalPhones: "Autres numéros de téléphone",
      additionalEmails: "Autres adresses e-mail",
      interests: "Que recherchez-vous ?",
      dealSize: "Budget",
      budget: "Budget",
      region: "Région",
      unitId: "Lot",
      leadDescription: "Message",
      visit: "Quand souhaitez-vous visiter ?",
    },
    choose: "Choisir…",
    several: "Séparez plusieurs réponses par des virgules.",
    unchecked: "Veuillez cocher cette case pour continuer.",
  },
};

/** The texts in a language. Texts missing in a custom language are English. */
export function textsIn(language: Language): ExtraTexts {
  const texts = TEXTS[language.code] ?? TEXTS["en"];
  return {
    ...texts,
    ...language,
    ...language.issues,
    labels: { ...texts?.labels, ...language.labels },
  } as ExtraTexts;
}
