import { nullProto } from "../base/null-proto.js";
import type { Language } from "./language.js";

export type { DefaultField, Language, NamedField, Message } from "./language.js";

/** Loads a language's script. */
type Loader = () => Promise<{ default: Language }>;

const loaders = new Map<string, Loader>([
  ["ar", () => import("./ar.js")],
  ["en", () => import("./en.js")],
  ["fr", () => import("./fr.js")],
]);

const loaded = new Map<string, Language>();
const listeners = new Set<() => void>();

/** The language if the page sets none or an unsupported one. @internal */
export const FALLBACK = "en";

/** The message that the form could not be loaded. @internal */
export const loadFailureIn = (code: string): string =>
  code === "ar"
    ? "تعذّر تحميل هذا النموذج."
    : code === "fr"
      ? "Ce formulaire n’a pas pu être chargé."
      : "This form could not be loaded.";

/** The known language of a tag such as `ar-EG`, ignoring its region. @internal */
export function languageCodeOf(tag: string): string | undefined {
  const code = tag.trim().toLowerCase().split(/[-_]/)[0] ?? "";
  return loaded.has(code) || loaders.has(code) ? code : undefined;
}

/** A language, if it is loaded. @internal */
export function getLanguage(code: string): Language | undefined {
  return loaded.get(code);
}

/** Loads a language; after a failure the next call tries again. @internal */
export async function loadLanguage(code: string): Promise<void> {
  if (loaded.has(code)) return;
  const language = await loaders.get(code)?.();
  // Two forms may load it concurrently.
  if (language && !loaded.has(code)) addLanguage(language.default);
}

/** Adds or replaces a language; forms in that language are updated. */
export function addLanguage(language: Language): void {
  loaded.set(language.code, language);
  notify();
}

function notify(): void {
  for (const listener of listeners) listener();
}

let observer: MutationObserver | undefined;

/** The inherited `lang` of an element, across shadow roots. From then on its changes are observed. @internal */
export function inheritedLanguage(element: Element): string {
  const root = element.getRootNode();
  observer ??= new MutationObserver(notify);
  observer.observe(root, nullProto({ subtree: true, attributeFilter: ["lang"] }));
  return (
    element.closest<HTMLElement>("[lang]")?.lang ??
    (root instanceof ShadowRoot ? inheritedLanguage(root.host) : document.documentElement.lang)
  );
}

/** Calls `listener` with every language that is added and every change of `lang`. @internal */
export function addLanguageListener(listener: () => void): void {
  listeners.add(listener);
}

/** @internal */
export function removeLanguageListener(listener: () => void): void {
  listeners.delete(listener);
  if (!listeners.size) observer?.disconnect();
}
