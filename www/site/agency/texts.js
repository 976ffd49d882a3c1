// The page's texts, by language.

const TEXTS = {
  en: {
    locale: "en-EG",
    kinds: { villa: "Villa", apartment: "Apartment", townhouse: "Town house", tower: "Penthouse", chalet: "Chalet" },
    purposes: { sale: "For sale", rent: "To rent" },
    perMonth: "a month",
    bedrooms: { one: "bedroom", other: "bedrooms" },
    bathrooms: { one: "bathroom", other: "bathrooms" },
    area: "m²",
    homes: { one: "home", other: "homes" },
    none: "No home fits these filters.",
    clear: "Clear the filters",
    back: "All homes",
    reference: "Reference",
    pictures: ["The house", "At another hour", "The living room", "Floor plan"],
    show: (name) => `Show: ${name}`,
    ask: "Ask about this home",
    askText: "We call you back within one working day. Viewings from Saturday to Thursday.",
    similar: "Similar homes",
    note: "We use your details to answer this request, and for nothing else.",
  },
  ar: {
    locale: "ar-EG",
    kinds: { villa: "فيلا", apartment: "شقة", townhouse: "تاون هاوس", tower: "بنتهاوس", chalet: "شاليه" },
    purposes: { sale: "للبيع", rent: "للإيجار" },
    perMonth: "شهريًا",
    bedrooms: { one: "غرفة نوم واحدة", two: "غرفتا نوم", few: "غرف نوم", many: "غرفة نوم", other: "غرفة نوم" },
    bathrooms: { one: "حمام واحد", two: "حمامان", few: "حمامات", many: "حمامًا", other: "حمام" },
    area: "م²",
    homes: { one: "بيت واحد", two: "بيتان", few: "بيوت", many: "بيتًا", other: "بيت" },
    none: "لا يوجد بيت يطابق هذه الاختيارات.",
    clear: "امسح الاختيارات",
    back: "كل البيوت",
    reference: "الرقم المرجعي",
    pictures: ["البيت", "في ساعة أخرى", "غرفة المعيشة", "المخطط"],
    show: (name) => `اعرض: ${name}`,
    ask: "اسأل عن هذا البيت",
    askText: "نتصل بك خلال يوم عمل واحد. المعاينة من السبت إلى الخميس.",
    similar: "بيوت مشابهة",
    note: "نستخدم بياناتك للرد على هذا الطلب فقط.",
  },
  fr: {
    locale: "fr-EG",
    kinds: {
      villa: "Villa",
      apartment: "Appartement",
      townhouse: "Maison de ville",
      tower: "Penthouse",
      chalet: "Chalet",
    },
    purposes: { sale: "À vendre", rent: "À louer" },
    perMonth: "par mois",
    bedrooms: { one: "chambre", other: "chambres" },
    bathrooms: { one: "salle de bains", other: "salles de bains" },
    area: "m²",
    homes: { one: "bien", other: "biens" },
    none: "Aucun bien ne correspond à ces critères.",
    clear: "Effacer les critères",
    back: "Tous les biens",
    reference: "Référence",
    pictures: ["La maison", "À une autre heure", "Le salon", "Le plan"],
    show: (name) => `Afficher : ${name}`,
    ask: "Demander des informations",
    askText: "Nous vous rappelons sous un jour ouvré. Visites du samedi au jeudi.",
    similar: "Biens similaires",
    note: "Vos données servent à répondre à cette demande, et à rien d’autre.",
  },
};

export const language = document.documentElement.lang;
export const texts = TEXTS[language];

const ORDER = ["en", "ar", "fr"];
/** The text of a listing in the page's language. */
export const localized = (values) => values[ORDER.indexOf(language)];

const prices = new Intl.NumberFormat(texts.locale, { style: "currency", currency: "EGP", maximumFractionDigits: 0 });
const numbers = new Intl.NumberFormat(texts.locale);
export const price = ({ price, purpose }) => prices.format(price) + (purpose === "rent" ? ` ${texts.perMonth}` : "");
export const number = (value) => numbers.format(value);

const plural = new Intl.PluralRules(texts.locale);
/** A number with the noun in its form. Arabic has words for one and two, which contain the number. */
export function counted(count, forms) {
  const form = plural.select(count);
  const noun = forms[form] ?? forms.other;
  return language === "ar" && ["one", "two"].includes(form) ? noun : `${number(count)} ${noun}`;
}
