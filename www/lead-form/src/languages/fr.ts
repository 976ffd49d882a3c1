import type { Language } from "./language.js";

/** The French texts before a lead is sent; later texts are in `deferred/messages.ts`. */
const language: Language = {
  code: "fr",
  direction: "ltr",
  labels: {
    firstName: "Prénom",
    lastName: "Nom",
    phone: "Téléphone",
    email: "E-mail",
  },
  marked: "Les champs marqués d’un * sont obligatoires.",
  callingCode: "Indicatif du pays",
  summary: (count) => (count === 1 ? "Un champ est à vérifier" : `${count} champs sont à vérifier`),
  issues: {
    missing: "Veuillez remplir ce champ.",
  },
  submit: "Envoyer ma demande",
  sendAnyway: "Envoyer quand même",
  sending: "Envoi de votre demande…",
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
