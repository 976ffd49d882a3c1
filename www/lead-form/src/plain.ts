import type { FieldView } from "./field-view.js";

/** Takes what a visitor wrote into the page's plain form over into these fields; gives the one that is written in. */
export function carryOver(plain: HTMLFormElement | null, fields: readonly FieldView[]): FieldView | undefined {
  let focused: FieldView | undefined;
  for (const view of fields) {
    const written = plain?.elements.namedItem(view.field.path) as HTMLInputElement | null | undefined;
    if (!written) continue;
    const { type, value, defaultValue, checked, defaultChecked } = written;
    // What a box to tick would send stands there whether it is ticked or not.
    const isBox = type === "checkbox";
    if (isBox ? checked !== defaultChecked : value && value !== defaultValue) {
      view.value = isBox ? checked : value;
      view.isTouched = true;
    }
    // Of several buttons to choose from there is only their value.
    if (written.matches?.(":focus")) focused = view;
  }
  // It is not shown again, and a browser would bring it back on the next visit.
  plain?.reset();
  return focused;
}
