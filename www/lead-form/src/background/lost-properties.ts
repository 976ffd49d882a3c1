import { warn } from "../base/warn.js";

/** An object that a framework serialized to an attribute. */
const OBJECT = "[object Object]";

/** Warns about properties that a framework set as attributes because the element was not defined yet. */
export function reportLostProperties(form: Element): void {
  for (const { name, value } of form.attributes) {
    if (value === OBJECT)
      warn(
        `the attribute ${name} is ${OBJECT}: load the form's script before the page is rendered, or set the property`,
      );
  }
}
