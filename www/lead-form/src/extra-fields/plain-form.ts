import type { Field, FieldValue } from "../fields/field.js";

/**
 * Whether an input of the plain form belongs to this field: it has the name that the forwarder reads, or, for a
 * consent, the field's name.
 */
export function isPlainName(this: Field, name: string, inputs: readonly HTMLInputElement[]): boolean {
  const { type, path, isList } = this;
  if (type !== "consent") return name === path || (isList && name.startsWith(`${path}.`));
  const [, entry] = /^context\.consent\.([^.]+)\.given$/.exec(name) ?? [name, name];
  return (
    entry === this.name ||
    inputs.some((input) => input.name === `context.consent.${entry}.name` && input.value === this.name)
  );
}

/** The value that a visitor entered in inputs of the plain form; `undefined` if unchanged. */
export function enteredIn(this: Field, inputs: readonly HTMLInputElement[]): FieldValue | undefined {
  const entered: string[] = [];
  let isChanged = false;
  for (const input of inputs) {
    const { type, value, checked, defaultChecked, defaultValue } = input;
    const { options } = input as Element as HTMLSelectElement;
    if (type === "hidden") continue;
    if (options) {
      const selected = [...options].filter((option) => option.selected && option.value);
      entered.push(...selected.map((option) => option.value));
      isChanged ||= selected.length > 0 || [...options].some((option) => option.defaultSelected && option.value);
    } else if (type === "checkbox" || type === "radio") {
      if (checked) entered.push(value);
      // A selected answer counts even if the page preselected it: the visitor saw it.
      isChanged ||= type === "radio" ? checked : checked !== defaultChecked;
    } else if (value) {
      entered.push(value);
      isChanged ||= value !== defaultValue;
    }
  }
  if (!isChanged) return undefined;
  // A plain form may have two answers for a single checkbox.
  if (this.type === "checkbox" || this.type === "consent") return entered.some((value) => value !== "false");
  return this.isList || this.type === "checkboxes" ? entered : entered.join(", ");
}
