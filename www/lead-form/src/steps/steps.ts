import { createIcon } from "../base/create-icon.js";
import { createElement, setText } from "../base/create-element.js";
import { findMissing } from "../fields/missing.js";
import type { FormStep } from "../fields/field.js";
import { dispatchLeadEvent } from "../submission/events.js";
import type { View } from "../view/view.js";

const TEXTS = {
  en: { step: (step: number, count: number) => `Step ${step} of ${count}`, next: "Next", back: "Back" },
  ar: { step: (step: number, count: number) => `الخطوة ${step} من ${count}`, next: "التالي", back: "السابق" },
  fr: { step: (step: number, count: number) => `Étape ${step} sur ${count}`, next: "Suivant", back: "Retour" },
};

/** Shows one step of the fields at a time. The values of all steps are sent in one request. */
export class Steps {
  readonly #form: HTMLElement;
  readonly #view: View;
  readonly #steps: readonly FormStep[];
  /** The step of each field, by name; a field that the form adds is in the last step. */
  readonly #stepOf: ReadonlyMap<string, number>;
  #current = 0;
  /** Shows the next step. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #progress = createElement("p", { part: "step" });
  readonly #title = createElement("h2", { part: "step-title", tabindex: "-1" });
  readonly #bar = createElement("div", { part: "step-bar", "aria-hidden": "true" });
  readonly #backText = createElement("span");
  readonly #back = createElement(
    "button",
    { part: "back", type: "button" },
    createIcon("m15 5-7 7 7 7"),
    this.#backText,
  );
  readonly #head = createElement(
    "div",
    { part: "step-head" },
    createElement("div", { part: "step-row" }, this.#back, this.#progress),
    this.#title,
    this.#bar,
  );
  readonly #next = createElement("button", { part: "next", type: "button" });
  readonly #removed = new AbortController();
  readonly #observer = new MutationObserver(() => this.#render());

  constructor(form: HTMLElement, view: View, steps: readonly FormStep[]) {
    this.#form = form;
    this.#view = view;
    this.#steps = steps;
    const names = (step: FormStep) => step.fields.map((field) => (typeof field === "string" ? field : field.name));
    this.#stepOf = new Map(steps.flatMap((step, index) => names(step).map((name) => [name, index] as const)));
    const { signal } = this.#removed;
    const fieldList = view.form.querySelector("[part=fields]") as HTMLElement;
    this.#bar.append(...steps.map(() => createElement("span")));
    fieldList.before(this.#head);
    view.form.querySelector("[part=submit]")?.before(this.#next);
    this.#next.addEventListener("click", () => this.#goForward(), { signal });
    this.#back.addEventListener("click", () => this.#show(this.#current - 1), { signal });
    // Enter in a field activates the visible button.
    view.shadow.addEventListener(
      "submit",
      (event) => {
        if (this.#isLast) return;
        event.preventDefault();
        event.stopPropagation();
        this.#goForward();
      },
      { signal, capture: true },
    );
    view.shadow.addEventListener("reset", () => this.#show(0, false), { signal });
    this.#observer.observe(view.root, { attributeFilter: ["lang", "data-state"] });
    this.#observer.observe(fieldList, { subtree: true, childList: true, attributeFilter: ["data-error"] });
    this.#render();
  }

  /** Shows all fields again. */
  remove(): void {
    this.#observer.disconnect();
    this.#removed.abort();
    clearTimeout(this.#timer);
    for (const node of [this.#head, this.#next]) node.remove();
    delete this.#view.root.dataset["step"];
    for (const { node } of this.#view.fieldViews) delete node.dataset["otherStep"];
  }

  get #isLast(): boolean {
    return this.#current === this.#steps.length - 1;
  }

  #indexOf(name: string): number {
    return this.#stepOf.get(name) ?? this.#steps.length - 1;
  }

  #goForward(): void {
    const { answers } = this.#view;
    const missing = findMissing(answers.filter(({ definition }) => this.#indexOf(definition.name) <= this.#current));
    this.#view.showErrors(missing);
    if (missing.size) return;
    clearTimeout(this.#timer);
    // In a task of its own, because the focus needs the layout: both together are long.
    this.#timer = setTimeout(() => this.#show(this.#current + 1));
  }

  #show(step: number, isFocused = true): void {
    clearTimeout(this.#timer);
    if (step === this.#current) return;
    this.#current = step;
    this.#render(isFocused);
    dispatchLeadEvent(this.#form, "lead-step", { step: step + 1, count: this.#steps.length });
  }

  #render(isFocused = false): void {
    const { root, fieldViews: fields } = this.#view;
    const invalid = fields.filter(({ fieldError, isVisible }) => fieldError && isVisible);
    const steps = invalid.map(({ definition }) => this.#indexOf(definition.name));
    // An error is shown with its field.
    const isHidden = steps.length > 0 && !steps.includes(this.#current);
    if (isHidden) this.#current = Math.min(...steps);
    const texts = TEXTS[root.lang as "en"] ?? TEXTS.en;
    const step = this.#current + 1;
    setText(this.#progress, texts.step(step, this.#steps.length));
    setText(this.#title, this.#steps[this.#current]?.title ?? texts.step(step, this.#steps.length));
    this.#progress.hidden = !this.#steps[this.#current]?.title;
    setText(this.#next, texts.next);
    setText(this.#backText, texts.back);
    [...this.#bar.children].forEach((segment, index) => segment.toggleAttribute("data-done", index < step));
    const isEditing = !this.#view.isDone;
    this.#head.hidden = !isEditing;
    root.dataset["step"] = this.#isLast ? "last" : "more";
    for (const { node, definition } of fields)
      node.toggleAttribute("data-other-step", this.#indexOf(definition.name) !== this.#current);
    // Before the buttons: to hide the focused one forces another layout.
    if (isFocused) this.#title.focus();
    this.#back.hidden = this.#current === 0;
    this.#next.hidden = this.#isLast || !isEditing;
    if (isHidden) invalid.find(({ definition }) => this.#indexOf(definition.name) === this.#current)?.focus();
  }
}
