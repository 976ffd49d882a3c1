// The form as the settings describe it: the same for the frame and for the snippets.

import { isDefault, needsSchema, plainForm, schemaOf, triggerText } from "./fields.js";

/** The id of a popup or slide-in, which its button names. */
export const DIALOG_ID = "enquiry";

/** The attributes of the element, in the order in which a snippet has them. */
export function attributesOf(config) {
  const { endpoint, language, country, campaign, heading, whatsapp, mode, theme, fields } = config;
  return {
    ...(mode === "inline" ? {} : { id: DIALOG_ID, mode }),
    endpoint,
    locale: language,
    country,
    ...(theme === "default" ? {} : { theme }),
    ...(heading ? { heading } : {}),
    ...(whatsapp ? { whatsapp } : {}),
    ...(campaign ? { "campaign-name": campaign } : {}),
    ...(isDefault(config)
      ? {}
      : needsSchema(config)
        ? { schema: JSON.stringify(schemaOf(config)) }
        : { fields: fields.join(" ") }),
  };
}

/** The properties of the element's rule, by name. */
export const propertiesOf = ({ tokens, scheme, mode }) => ({
  ...(mode === "inline" ? { "max-inline-size": "40rem" } : {}),
  "font-family": "system-ui, sans-serif",
  ...(scheme === "dark" ? { "color-scheme": "dark" } : {}),
  ...Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--icloud-ready-${name}`, value])),
});

/** The button that opens the form; none for an inline form. */
export function triggerElement({ mode, language }) {
  if (mode === "inline") return [];
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.textContent = triggerText(language);
  button.dataset.leadForm = DIALOG_ID;
  return [button];
}

/** The element with the plain form, as elements. */
export function formElement(config) {
  const form = document.createElement("icloud-ready-lead-form");
  for (const [name, value] of Object.entries(attributesOf(config))) form.setAttribute(name, value);
  for (const [name, value] of Object.entries(propertiesOf(config))) form.style.setProperty(name, value);
  const plain = Object.assign(document.createElement("form"), { action: config.endpoint, method: "post" });
  const { inputs, submit } = plainForm(config.language);
  for (const { label, ...attributes } of inputs) {
    const input = Object.assign(document.createElement("input"), { required: true });
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    const line = document.createElement("label");
    line.append(`${label} `, input);
    const paragraph = document.createElement("p");
    paragraph.append(line);
    plain.append(paragraph);
  }
  plain.append(Object.assign(document.createElement("button"), { textContent: submit }));
  form.append(plain);
  return form;
}
