import type { FieldView } from "./field-view.js";

/**
 * Moves the values that a visitor entered in the page's plain form to these fields, and calls `note` for each of them.
 * Returns the field whose input has the focus. Values without a field remain in their inputs, for fields that are added
 * later. The inputs are then detached from any form: if the whole page is one form, the parser drops the plain form,
 * and the page's form would validate and submit them.
 */
export function adoptPlainForm(
  host: Element,
  fields: readonly FieldView[],
  note: (view: FieldView) => void,
): FieldView | undefined {
  let focused: FieldView | undefined;
  // Slotted content is not adopted.
  const inputs = [...host.querySelectorAll<HTMLInputElement>("input,select,textarea,button")].filter(
    (input) => input.closest("[slot],icloud-ready-lead-form") === host,
  );
  for (const view of fields) {
    const { definition: field } = view;
    const own = inputs.filter(({ name }) => field.isPlainName?.(name, inputs) ?? name === field.path);
    const value = field.enteredIn
      ? field.enteredIn(own)
      : own.find(({ value, defaultValue }) => value && value !== defaultValue)?.value;
    if (value !== undefined) {
      view.value = value;
      note(view);
    }
    for (const input of own) {
      if (input.matches(":focus")) focused = view;
      // The input is no longer shown, and a browser would restore its value on the next visit.
      input.value = input.defaultValue ?? "";
      input.checked = input.type === "checkbox" && input.defaultChecked;
    }
  }
  for (const input of inputs) input.setAttribute("form", "");
  return focused;
}
