import type { Language } from "./language.js";

/** What the form says in French. */
const language: Language = {
  code: "fr",
  direction: "ltr",
  labels: {
    salutation: "Civilité",
    firstName: "Prénom",
    lastName: "Nom",
    phone: "Téléphone",
    email: "E-mail",
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
  },
  marked: "Les champs marqués d’un * sont obligatoires.",
  callingCode: "Indicatif du pays",
  choose: "Choisir…",
  several: "Séparez plusieurs réponses par des virgules.",
  summary: (count) => (count === 1 ? "Un champ est à vérifier" : `${count} champs sont à vérifier`),
  faults: {
    missing: (label) => `${label} : veuillez remplir ce champ.`,
    unticked: "Veuillez cocher cette case pour continuer.",
    phone: "Ce numéro de téléphone semble incomplet.",
    email: "Cette adresse semble incorrecte. Exemple : nom@example.com.",
    other: "Veuillez vérifier ce champ.",
  },
  doubt: "S’il est correct, envoyez-le tel quel.",
  submit: "Envoyer ma demande",
  sendAnyway: "Envoyer quand même",
  sending: "Envoi de votre demande…",
  accepted: ["Merci, nous avons bien reçu votre demande.", "Un de nos conseillers vous rappellera bientôt."],
  queued: [
    "Votre demande est enregistrée",
    "Elle est conservée sur cet appareil et sera envoyée automatiquement dès que possible. Inutile de la saisir à nouveau.",
  ],
  held: [
    "Votre demande attend d’être envoyée",
    "Gardez cette page ouverte : elle sera envoyée automatiquement dès que possible.",
  ],
  retry: "Essayer maintenant",
  again: "Envoyer une autre demande",
};

export default language;
