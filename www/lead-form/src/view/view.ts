import { adoptPlainForm } from "./adopt-plain-form.js";
import { listCountries } from "../fields/countries.js";
import type { Control } from "./native-control.js";
import type { Field, FieldValue } from "../fields/field.js";
import type { FieldError } from "../fields/missing.js";
import { FieldView } from "./field-view.js";
import type { Language, Message } from "../languages/index.js";
import type { Answer } from "../fields/lead.js";
import { createElement, setText } from "../base/create-element.js";
import { adoptStyles } from "./styles.js";
import { Summary } from "./summary.js";
import type { State, StatusMessage } from "./state.js";

/** The keys that always reach the page, as do all keys with Ctrl or Meta. */
const PAGE_KEYS = /^(Esc|Tab|F\d|Shift|Control|Alt|Meta)/;

/** Selects the country of a number's calling code and returns it. Provided by the deferred script. */
let countryOfNumber: (view: FieldView) => string | undefined = () => undefined;

/** The content of a status message: its texts, and an icon with the deferred script. */
let statusContent = (_state: State, ...texts: HTMLElement[]): Node[] => texts;

/** Adds the functions of the deferred script. */
export function extendView(follow: typeof countryOfNumber, content: typeof statusContent): void {
  countryOfNumber = follow;
  statusContent = content;
}

/** The form's view, without logic. */
export class View {
  readonly form = createElement("form", { part: "form", novalidate: true });
  /** Retries a stored lead immediately. */
  readonly retryButton = createElement("button", { part: "retry", type: "button" });
  /** Starts a new request after a lead was sent or stored. */
  readonly againButton = createElement("button", { part: "again", type: "button" });
  readonly shadow: ShadowRoot;
  readonly #notice = createElement("p", { part: "notice", role: "status" });
  readonly #summary = new Summary();
  readonly #legend = createElement("p", { part: "legend" });
  readonly #fieldList = createElement("div", { part: "fields" });
  readonly #honeypot = createElement("input", { name: "website", tabindex: "-1", autocomplete: "off" });
  readonly #submit = createElement("button", { part: "submit", type: "submit" });
  readonly #status = createElement("div", { part: "status", role: "status", tabindex: "-1" });
  readonly #actions = createElement("div", { part: "actions" }, this.retryButton, this.againButton);
  readonly #challenge = createElement("slot", { name: "challenge" });
  readonly #note = createElement("slot", { name: "note" });
  readonly root = createElement("div", { part: "root" });
  readonly headingSlot = createElement("slot", { name: "heading" });
  #texts: Partial<Language> = {};
  /** Shown if a script fails to load and the page has no plain form. */
  readonly #loadFailure = createElement("div", { role: "status", dir: "auto" });
  /** Shows the page's plain form until the language is loaded. */
  readonly fallback = createElement(
    "div",
    { id: "fallback" },
    this.headingSlot,
    createElement("slot"),
    this.#challenge,
    this.#note,
    this.#loadFailure,
  );
  /** Both; one of them is in the shadow root. */
  readonly containers = [this.root, this.fallback];
  #resolveReady = (): void => {};
  /** Resolves once the form can be used; `undefined` if it already can. */
  ready: Promise<void> | undefined = new Promise((resolve) => (this.#resolveReady = resolve));
  /** All fields, visible or not. */
  fieldViews: FieldView[] = [];
  /** Values by field name, including those of fields that are not in the form. */
  readonly #values = new Map<string, { value: FieldValue | undefined; isVisitors: boolean }>();
  #language: Language | undefined;
  #state: State = "editing";
  #message: StatusMessage | undefined;
  /** The country that the page sets, and the one that the visitor chose, which takes precedence. */
  #defaultCountry = "";
  #chosenCountry: string | undefined;

  constructor(shadow: ShadowRoot) {
    this.shadow = shadow;
    adoptStyles(shadow);
    // A honeypot: invisible to people and to assistive technology.
    const trap = createElement("div", { part: "trap", "aria-hidden": "true" }, this.#honeypot);
    // Live regions exist from the start: one that is inserted with its text is not announced.
    this.form.append(
      this.#notice,
      this.#summary.node,
      this.#legend,
      this.#fieldList,
      trap,
      this.#status,
      this.#submit,
      this.#actions,
    );
    this.root.append(this.form);
    shadow.replaceChildren(this.fallback);
    this.form.addEventListener("input", ({ target }) => this.#onInput(target));
    // Typing must not trigger the page's shortcuts, nor Enter the button of an enclosing form.
    this.root.onkeydown =
      this.root.onkeypress =
      this.root.onkeyup =
        (event) => {
          if (!(event.ctrlKey || event.metaKey || PAGE_KEYS.test(event.key))) event.stopPropagation();
        };
  }

  /** The values of the visible fields. */
  get answers(): Answer[] {
    return this.fieldViews
      .filter(({ isVisible }) => isVisible)
      .map(({ definition: field, label, value }) => ({ definition: field, label, value }));
  }

  /** The text that a bot entered in the honeypot. */
  get honeypot(): string {
    return this.#honeypot.value;
  }

  get country(): string {
    return this.#phoneField?.country ?? "";
  }

  set country(country: string) {
    this.#defaultCountry = country;
    this.updateCountries();
  }

  /** Whether a message replaces the fields. */
  get isDone(): boolean {
    return !["sending", "editing", "challenge", "rejected"].includes(this.#state);
  }

  get state(): State {
    return this.#state;
  }

  /** Shows a state, with its default message or the given one. */
  setState(state: State, message?: StatusMessage): void {
    const hadFocus = state !== this.#state && this.#hasFocus();
    this.#state = state;
    this.#message = message;
    this.#render();
    // The submit button loses the focus when it is disabled or hidden.
    if (!hadFocus || state === "sending" || state === "editing") return;
    if (state === "challenge") this.#submit.focus();
    else this.#status.focus();
  }

  /** A message about an earlier request; empty text removes it. */
  set notice(text: string) {
    setText(this.#notice, text);
  }

  /** Shows these fields. Unchanged ones keep their nodes, and all keep their values. */
  setFields(fields: readonly Field[], controlOf?: (field: Field) => Control | undefined): void {
    const before = this.fieldViews;
    const { activeElement } = this.shadow;
    this.fieldViews = fields.map((field) => {
      const old = before.find((view) => view.definition.name === field.name);
      if (old && JSON.stringify(old.definition) === JSON.stringify(field)) return old;
      const view = new FieldView(field, controlOf?.(field));
      const written = this.#values.get(field.name);
      if (written) view.value = written.value;
      view.fieldError = old?.fieldError;
      return view;
    });
    for (const view of before) if (!this.fieldViews.includes(view)) view.node.remove();
    this.fieldViews.forEach(({ node }, index) => {
      const next = this.#fieldList.children[index] ?? null;
      // Moving a node loses its focus and caret.
      if (node !== next) this.#fieldList.insertBefore(node, next);
    });
    this.updateCountries();
    this.#render();
    if (!this.ready) this.#adopt(this.fieldViews.filter((view) => !before.includes(view)));
    if (activeElement && !this.shadow.activeElement) this.#fieldNamed(activeElement.id)?.focus();
  }

  /** The visitor's input by field name. */
  get visitorValues(): Record<string, FieldValue | undefined> {
    const typed = [...this.#values].filter(([, { isVisitors }]) => isVisitors);
    return Object.fromEntries(typed.map(([name, { value }]) => [name, value]));
  }

  /**
   * Sets values, also of fields that are added later; with `keepsInput`, only of fields that the visitor has not filled
   * in.
   */
  setValues(values: Readonly<Record<string, FieldValue | undefined>>, keepsInput: boolean, isVisitors = false): void {
    for (const [name, value] of Object.entries(values)) {
      if (keepsInput && this.#values.get(name)?.isVisitors) continue;
      this.#values.set(name, { value, isVisitors });
      const view = this.#fieldNamed(name);
      if (view) view.value = value;
    }
    this.#render();
  }

  setLanguage(language: Language): void {
    const { root } = this;
    this.#language = language;
    // Not in `#render()`: either attribute restyles all elements of the form, even if its value is the same.
    root.dir = language.direction;
    root.lang = language.code;
    this.updateCountries();
    this.#render();
  }

  /** Sets custom texts that replace those of the language. */
  setTexts(texts: Partial<Language>): void {
    this.#texts = texts;
    this.#render();
  }

  /** A message that the form failed to load, shown if the page has no plain form. */
  set loadFailure(text: string) {
    if (!this.shadow.host.querySelector("input")) setText(this.#loadFailure, text);
  }

  /** Shows errors and focuses the first. */
  showErrors(errors: ReadonlyMap<string, FieldError>, isFocused = true): void {
    for (const view of this.fieldViews) view.fieldError = errors.get(view.definition.name);
    this.#state = "editing";
    this.#message = undefined;
    this.#render();
    if (isFocused) this.fieldViews.find(({ fieldError }) => fieldError)?.focus();
  }

  /** Empties the form. */
  reset(): void {
    this.#honeypot.value = "";
    for (const view of this.fieldViews) view.value = view.definition.value;
    this.#values.clear();
    this.#chosenCountry = undefined;
    this.updateCountries();
    this.showErrors(new Map(), false);
    // Deletes the draft.
    this.shadow.dispatchEvent(new Event("reset"));
  }

  focus(): void {
    this.fieldViews.find(({ isVisible, definition }) => isVisible && definition.type !== "hidden")?.focus();
  }

  get #phoneField(): FieldView | undefined {
    return this.fieldViews.find(({ definition }) => definition.path === "leadInformation.phone");
  }

  #onInput(target: EventTarget | null): void {
    const edited = this.fieldViews.find((view) => view.contains(target));
    if (!edited) return;
    const { country } = edited;
    if ((target as Element).localName === "select" && edited === this.#phoneField) this.#chosenCountry = country;
    else {
      this.#recordInput(edited);
      // A number belongs to the country of its calling code, else to the one shown next to it.
      this.#chosenCountry = countryOfNumber(edited) ?? this.#chosenCountry ?? (country || undefined);
    }
    edited.fieldError = undefined;
    this.#render();
  }

  /** Records the visitor's input. */
  #recordInput({ definition: field, rawValue: written }: FieldView): void {
    this.#values.set(field.name, { value: written, isVisitors: true });
  }

  #fieldNamed(name: string): FieldView | undefined {
    return this.fieldViews.find(({ definition }) => definition.name === name);
  }

  /** Fills the country lists. */
  updateCountries(): void {
    if (!this.#language) return;
    const country = this.#chosenCountry ?? this.#defaultCountry;
    const countries = listCountries(this.#language.code, country);
    for (const view of this.fieldViews) view.setCountries(countries);
    if (this.#phoneField) this.#phoneField.country = country;
  }

  /** Whether the focus is in the form, or was on the button before it was disabled. */
  #hasFocus(): boolean {
    const { activeElement } = document;
    return (
      this.shadow.activeElement !== null ||
      (this.#state === "sending" && (!activeElement || activeElement === document.body))
    );
  }

  #render(): void {
    // A field is visible only while the one it depends on has one of the required values.
    for (const view of this.fieldViews)
      view.isVisible = view.definition.isVisible?.((name) => this.#fieldNamed(name)) ?? true;
    if (!this.#language) return;
    const language = { ...this.#language, ...this.#texts };
    const state = this.#state;
    const isSending = state === "sending";
    const { isDone } = this;
    // The message replaces the fields at the same height, so that the content below does not move.
    if (isDone === this.#actions.hidden) this.root.style.minBlockSize = isDone ? `${this.root.offsetHeight}px` : "";
    this.root.dataset["state"] = state;
    for (const field of this.fieldViews) {
      field.setLanguage(language);
      field.isLocked = isSending;
    }
    const invalid = this.fieldViews.filter(({ fieldError, isVisible }) => fieldError && isVisible);
    const hasOnlyWarnings = invalid.length > 0 && invalid.every(({ fieldError }) => fieldError?.isWarning);
    setText(this.#legend, language.marked);
    setText(this.#submit, isSending ? language.sending : hasOnlyWarnings ? language.sendAnyway : language.submit);
    setText(this.retryButton, language.retry);
    setText(this.againButton, language.again);
    this.#submit.disabled = isSending;
    this.#fieldList.setAttribute("aria-busy", String(isSending));
    for (const part of [this.headingSlot, this.#legend, this.#fieldList, this.#submit, this.#challenge, this.#note])
      part.hidden = isDone;
    this.#actions.hidden = !isDone;
    this.retryButton.hidden = state === "accepted";
    this.#summary.show(isDone ? [] : invalid, language);
    const shown: Message | undefined = isSending
      ? [language.sending, ""]
      : (this.#message?.(language) ?? language[state as "queued"]);
    const [title = "", more = ""] = shown ?? [];
    // New elements: a layout shift counts only for elements that existed before.
    if (this.#status.textContent !== title + more) {
      this.#status.replaceChildren(
        ...statusContent(
          state,
          createElement("p", { part: "status-title" }, title),
          createElement("p", { part: "status-text" }, more),
        ),
      );
    }
    if (this.fieldViews.length && this.ready) this.#replacePlainForm();
  }

  /** Replaces the page's plain form and adopts its input and focus. */
  #replacePlainForm(): void {
    this.ready = undefined;
    this.#resolveReady();
    this.root.prepend(this.headingSlot);
    this.#status.after(this.#challenge);
    this.#submit.after(this.#note);
    this.fallback.replaceWith(this.root);
    this.#adopt(this.fieldViews);
  }

  /** Moves the visitor's input in the plain form to these fields. */
  #adopt(fields: readonly FieldView[]): void {
    const focused = adoptPlainForm(this.shadow.host, fields, (view) => this.#recordInput(view));
    this.#render();
    focused?.focus();
  }
}
