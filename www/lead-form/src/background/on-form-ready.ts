import { fitCountry } from "./fit-country.js";
import { reportLostProperties } from "./lost-properties.js";

/** Called when a form can be used, and again when its endpoint changes. */
export function onFormReady(form: Element): void {
  reportLostProperties(form);
  fitCountry(form);
}
