// Drafts: a visitor's input is stored in the tab until it is sent. A separate script, which forms with the attribute
// `draft` load when they are ready.

import { nullProto } from "../base/null-proto.js";
import type { FieldValue } from "../fields/field.js";
import type { State } from "../view/state.js";
import type { View } from "../view/view.js";

const KEY = "icloud-ready-draft";

/** How long a draft is stored after the last change. */
const LIFETIME_MS = 1_800_000;

/** The states after a lead was accepted or stored: the draft is no longer needed. */
const SENT_STATES: readonly State[] = ["accepted", "queued", "refused"];

/** Field types that are never stored: consent must be given each time, and hidden fields are managed by the page. */
const EXCLUDED_TYPES = ["consent", "hidden"];

interface Draft {
  readonly at: number;
  readonly values: Readonly<Record<string, FieldValue | undefined>>;
  readonly country: string;
}

/** The functions that delete drafts, by form. */
const drafts = new WeakMap<View, () => void>();

/**
 * Stores the input and restores it after a reload while the form has the attribute; deletes it when the attribute is
 * removed.
 */
export function keepDraft(form: HTMLElement & { readonly draft: boolean }, view: View): void {
  const forget = drafts.get(view);
  if (!form.draft) forget?.();
  if (!form.draft || forget) return;
  // Identifies the form on this page: forms may have no id.
  const position = [...document.querySelectorAll(form.localName)].indexOf(form);
  const key = `${KEY} ${location.pathname} ${form.id || position}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clear = () => {
    clearTimeout(timer);
    store(key, undefined);
  };
  drafts.set(view, clear);
  restore(view, read(key));
  view.shadow.addEventListener("input", () => {
    if (!form.draft) return;
    store(key, { at: Date.now(), values: draftValues(view), country: view.country });
    clearTimeout(timer);
    timer = setTimeout(clear, LIFETIME_MS);
  });
  view.shadow.addEventListener("reset", clear);
  const observer = new MutationObserver(() => SENT_STATES.includes(view.state) && clear());
  observer.observe(view.root, nullProto({ attributeFilter: ["data-state"] }));
}

function draftValues(view: View): Draft["values"] {
  const names = view.answers
    .filter(({ definition }) => !EXCLUDED_TYPES.includes(definition.type))
    .map(({ definition }) => definition.name);
  return Object.fromEntries(Object.entries(view.visitorValues).filter(([name]) => names.includes(name)));
}

/** Restores a draft as if the visitor had entered it. */
function restore(view: View, draft: Draft | undefined): void {
  if (!draft) return;
  view.setValues(draft.values, true, true);
  const select = view.shadow.querySelector<HTMLSelectElement>("[name=callingCode]");
  if (!select || !draft.country) return;
  // Not all countries may be loaded yet.
  select.append(new Option("", draft.country));
  select.value = draft.country;
  select.dispatchEvent(new Event("input", nullProto({ bubbles: true })));
  view.updateCountries();
}

function read(key: string): Draft | undefined {
  try {
    const { at, values, country } = JSON.parse(sessionStorage.getItem(key) ?? "");
    if (Math.abs(Date.now() - at) < LIFETIME_MS) return { at, values, country: String(country) };
  } catch {
    // Nothing is stored, it is not valid, or storage is blocked.
  }
  store(key, undefined);
  return undefined;
}

function store(key: string, draft: Draft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(key, JSON.stringify(draft));
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is full or blocked: the draft is lost with the page.
  }
}
