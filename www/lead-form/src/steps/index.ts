// Forms with steps: a separate script, which shares no module state with the main script.

import type { FormStep } from "../fields/field.js";
import type { View } from "../view/view.js";
import { Steps } from "./steps.js";

export { default as styles } from "./styles.css";

const shown = new WeakMap<View, Steps>();

/** Shows the fields of a form in steps. */
export function showSteps(form: HTMLElement, view: View, steps: readonly FormStep[]): void {
  shown.get(view)?.remove();
  shown.set(view, new Steps(form, view, steps));
}
