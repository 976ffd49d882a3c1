import type { FieldView } from "./field-view.js";

/** Takes what a visitor wrote into the page's plain form over into these fields; gives the one that is written in. */
export function carryOver(plain: HTMLFormElement | null, fields: readonly FieldView[]): FieldView | undefined {
  let focused: FieldView | undefined;
  for (const view of fields) {
    const written = plain?.elements.namedItem(view.field.path) as HTMLInputElement | null | undefined;
    if (!written) continue;
    const { value, defaultValue, checked } = written;
    if (value && value !== defaultValue) {
      view.value = checked || value;
      view.isTouched = true;
    }
    // Of several buttons to choose from there is only their value.
    if (written.matches?.(":focus")) focused = view;
  }
  // It is not shown again, and a browser would bring it back on the next visit.
  plain?.reset();
  return focused;
}
