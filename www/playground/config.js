// What the playground shows: its settings, and their form in the address.

import { FIELD_NAMES } from "./fields.js";

export const LANGUAGES = { en: "English", ar: "العربية", fr: "Français" };
export const SCHEMES = { light: "Light", dark: "Dark" };
export const WIDTHS = { 320: "320", 390: "390", 640: "640", 1280: "1280" };
export const TEXT_SIZES = { 100: "100 %", 200: "200 %" };
export const MODES = { inline: "Inline", popup: "Popup", "slide-in": "Slide-in" };
export const STEPS = { off: "One page", on: "Two steps" };
export const THEMES = {
  default: "Default",
  plain: "Plain",
  card: "Card",
  floating: "Floating labels",
  "quiet-luxury": "Quiet luxury",
  bold: "Bold",
  compact: "Compact",
};
export const COUNTRIES = ["EG", "AE", "SA", "QA", "KW", "BH", "OM", "FR"];

/** The form's custom properties without their prefix, and what each is for. */
export const COLOR_TOKENS = {
  accent: "Button",
  "on-accent": "Text on the button",
  surface: "Background",
  input: "Inputs",
  text: "Text",
  "text-muted": "Secondary text",
  border: "Borders",
  error: "Errors",
  warning: "Warnings",
  ring: "Focus ring",
};
export const LENGTH_TOKENS = {
  radius: { label: "Corners", max: 24, unit: "px", value: 10 },
  padding: { label: "Padding", max: 48, unit: "px", value: 32 },
  "font-size": { label: "Text", min: 14, max: 24, unit: "px", value: 16 },
  "field-height": { label: "Fields", min: 40, max: 72, unit: "px", value: 48 },
  gap: { label: "Gaps", min: 8, max: 40, unit: "px", value: 18 },
};

export const DEFAULTS = {
  language: "en",
  direction: "auto",
  scheme: "light",
  width: "640",
  text: "100",
  country: "EG",
  endpoint: "https://leads.example/leads",
  campaign: "",
  heading: "",
  whatsapp: "",
  mode: "inline",
  steps: "off",
  theme: "default",
  view: "one",
  state: "idle",
  fields: ["firstName", "lastName", "phone", "email"],
  tokens: {},
};

/** The settings of an address; unknown and invalid ones are the defaults. */
export function readConfig(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const config = { ...DEFAULTS, tokens: {} };
  const choices = {
    language: LANGUAGES,
    scheme: SCHEMES,
    width: WIDTHS,
    text: TEXT_SIZES,
    mode: MODES,
    steps: STEPS,
    theme: THEMES,
  };
  for (const [name, values] of Object.entries(choices))
    if (Object.hasOwn(values, given.get(name) ?? "")) config[name] = given.get(name);
  if (["ltr", "rtl"].includes(given.get("direction"))) config.direction = given.get("direction");
  if (COUNTRIES.includes(given.get("country"))) config.country = given.get("country");
  if (given.get("view") === "all") config.view = "all";
  for (const name of ["endpoint", "campaign", "heading", "whatsapp", "state"])
    config[name] = given.get(name) ?? config[name];
  const fields = given
    .get("fields")
    ?.split(" ")
    .filter((name) => FIELD_NAMES.includes(name));
  if (fields?.length) config.fields = fields;
  for (const [name, value] of given) {
    const token = name.replace(/^--/, "");
    const isLength = Object.hasOwn(LENGTH_TOKENS, token) && /^\d{1,3}px$/.test(value);
    const isColor = Object.hasOwn(COLOR_TOKENS, token) && /^#[\da-f]{6}$/i.test(value);
    if (token !== name && (isLength || isColor)) config.tokens[token] = value;
  }
  return config;
}

/** The settings as a fragment: only what differs from the defaults. */
export function writeConfig(config) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (name === "tokens") continue;
    const text = Array.isArray(value) ? config[name].join(" ") : config[name];
    if (text !== String(value instanceof Array ? value.join(" ") : value)) given.set(name, text);
  }
  for (const [name, value] of Object.entries(config.tokens)) given.set(`--${name}`, value);
  return `#${given}`;
}

export const directionOf = ({ direction, language }) =>
  direction === "auto" ? (language === "ar" ? "rtl" : "ltr") : direction;
