import { ar } from "./ar.js";
import { en } from "./en.js";
import type { Language } from "./language.js";

export type { Language } from "./language.js";

const LANGUAGES = new Map([en, ar].map((language) => [language.code, language]));

/** The language of a tag such as `ar-EG`: the region changes nothing here. */
export function languageOf(tag: string): Language | undefined {
  return LANGUAGES.get(tag.trim().toLowerCase().split("-")[0] ?? "");
}

/** What is spoken where the page asks for nothing, or for what there is not. */
export const fallback = en;
