import type { Language } from "./language.js";

export type { Language, NamedField, Said } from "./language.js";

/** A language in a script of its own. */
type Loader = () => Promise<{ default: Language }>;

const loaders = new Map<string, Loader>([
  ["ar", () => import("./ar.js")],
  ["en", () => import("./en.js")],
  ["fr", () => import("./fr.js")],
]);

const loaded = new Map<string, Language>();
const listeners = new Set<() => void>();

/** What is spoken where the page asks for nothing, or for what there is not. */
export const FALLBACK = "en";

/** The language of a tag such as `ar-EG`, if there is one: the region changes nothing here. */
export function codeOf(tag: string): string | undefined {
  const code = tag.trim().toLowerCase().split(/[-_]/)[0] ?? "";
  return loaded.has(code) || loaders.has(code) ? code : undefined;
}

/** A language that is there already. */
export function languageOf(code: string): Language | undefined {
  return loaded.get(code);
}

/** Brings a language here; where that fails it is tried again when it is next asked for. */
export async function load(code: string): Promise<void> {
  if (loaded.has(code)) return;
  const language = await loaders.get(code)?.();
  // Two forms may have asked at once.
  if (language && !loaded.has(code)) addLanguage(language.default);
}

/** Adds a language, or puts another in the place of one; forms that speak it say it anew. */
export function addLanguage(language: Language): void {
  loaded.set(language.code, language);
  for (const listener of listeners) listener();
}

/** Tells of every language that comes, until the answer is called. */
export function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
