// The fields that the playground offers, with their options by language.

const BASIC = ["firstName", "lastName", "phone", "email"];

/** Fields with options: [English, Arabic, French]. */
const INTERESTS = [
  ["Villa", "فيلا", "Villa"],
  ["Apartment", "شقة", "Appartement"],
  ["Town house", "تاون هاوس", "Maison de ville"],
  ["Chalet", "شاليه", "Chalet"],
];
const PURPOSES = [
  ["Buy", "شراء", "Acheter"],
  ["Rent", "إيجار", "Louer"],
];
const BUDGETS = [
  ["3000000", "Up to 3 million", "حتى ٣ ملايين", "Jusqu’à 3 millions"],
  ["6000000", "3 to 6 million", "من ٣ إلى ٦ ملايين", "De 3 à 6 millions"],
  ["12000000", "6 to 12 million", "من ٦ إلى ١٢ مليونًا", "De 6 à 12 millions"],
];
const LABELS = {
  purpose: ["Do you want to buy or rent?", "هل تريد الشراء أم الإيجار؟", "Souhaitez-vous acheter ou louer ?"],
  consent: [
    "You may call me about new homes.",
    "يمكنكم الاتصال بي بشأن بيوت جديدة.",
    "Vous pouvez m’appeler au sujet de nouveaux biens.",
  ],
};

const CODES = ["en", "ar", "fr"];
const inLanguage = (texts, language) => texts[CODES.indexOf(language)];
const options = (rows, language) =>
  rows.map((texts) => {
    const label = inLanguage(texts, language);
    return label === texts[0] ? label : { value: texts[0], label };
  });

const SCHEMAS = {
  interests: (language) => ({
    name: "interests",
    type: "checkboxes",
    layout: "cards",
    options: options(INTERESTS, language),
  }),
  purpose: (language) => ({
    name: "purpose",
    type: "radio",
    layout: "cards",
    label: inLanguage(LABELS.purpose, language),
    options: options(PURPOSES, language),
  }),
  budget: (language) => ({
    name: "budget",
    type: "select",
    options: BUDGETS.map(([value, ...texts]) => ({ value, label: inLanguage(texts, language) })),
  }),
  consent: (language) => ({
    name: "callback",
    type: "consent",
    label: inLanguage(LABELS.consent, language),
    version: "1",
  }),
};

/** The names of the fields, and what the playground calls them. */
export const FIELDS = {
  salutation: "Salutation",
  firstName: "First name",
  lastName: "Last name",
  phone: "Phone number",
  email: "Email",
  company: "Company",
  city: "City",
  purpose: "Buy or rent",
  interests: "Interests",
  budget: "Budget",
  leadDescription: "Message",
  consent: "Consent",
};
export const FIELD_NAMES = Object.keys(FIELDS);
export const REQUIRED = ["firstName", "phone"];

/** Fields that a visitor chooses from: the first of two steps. */
const CHOICES = ["purpose", "interests", "budget"];
const STEP_TITLES = [
  ["What are you looking for?", "عمَّ تبحث؟", "Que cherchez-vous ?"],
  ["How can we reach you?", "كيف نصل إليك؟", "Comment vous joindre ?"],
];

/** Whether the form needs a schema: names alone say everything about other fields. */
export const needsSchema = ({ fields, steps }) => steps === "on" || fields.some((name) => Object.hasOwn(SCHEMAS, name));
/** Whether a list of names is the form's default. */
export const isDefault = ({ fields, steps }) => steps === "off" && fields.join() === BASIC.join();

export function schemaOf({ fields, language, steps }) {
  const schemas = (names) => names.map((name) => SCHEMAS[name]?.(language) ?? name);
  if (steps === "off") return { fields: schemas(fields) };
  const chosen = fields.filter((name) => CHOICES.includes(name));
  const parts = [chosen.length ? chosen : ["purpose"], fields.filter((name) => !CHOICES.includes(name))];
  return {
    steps: parts.map((names, index) => ({ title: inLanguage(STEP_TITLES[index], language), fields: schemas(names) })),
  };
}

const PLAIN = {
  firstName: {
    name: "leadInformation.firstName",
    autocomplete: "given-name",
    labels: ["First name", "الاسم الأول", "Prénom"],
  },
  phone: {
    name: "leadInformation.phone",
    type: "tel",
    autocomplete: "tel",
    labels: ["Phone number", "رقم الهاتف", "Numéro de téléphone"],
  },
};
const TRIGGER = ["Request a call", "اطلب مكالمة", "Être rappelé"];
const SUBMIT = ["Send request", "إرسال الطلب", "Envoyer la demande"];

/** The plain form for visitors without scripts: the required fields. */
export const plainForm = (language) => ({
  inputs: Object.values(PLAIN).map(({ labels, ...attributes }) => ({
    ...attributes,
    label: inLanguage(labels, language),
  })),
  submit: inLanguage(SUBMIT, language),
});

/** The button that opens a popup or slide-in. */
export const triggerText = (language) => inLanguage(TRIGGER, language);
