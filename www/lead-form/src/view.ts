import type { Failure } from "./failure.js";
import { FieldView } from "./field-view.js";
import { FIELDS, type Faults, type FieldName } from "./fields.js";
import { fallback, type Language } from "./languages/index.js";
import { make, write } from "./make.js";
import { adoptStyles } from "./styles.js";

/** What the form is doing. */
export type State = "editing" | "sending" | "accepted" | Failure;

/** Everything the form shows. It is told what to show and decides nothing. */
export class View {
  readonly form = make("form", { part: "form", novalidate: "" });
  /** Begins anew after a lead was accepted. */
  readonly again = make("button", { part: "again", type: "button" });
  readonly #fields = FIELDS.map((field) => new FieldView(field));
  readonly #marked = make("p", { part: "legend" });
  readonly #inputs = make("div", { part: "fields" }, ...this.#fields.map(({ node }) => node));
  readonly #note = make("slot", { name: "note" });
  readonly #submit = make("button", { part: "submit", type: "submit" });
  readonly #title = make("p", { part: "status-title" });
  readonly #more = make("p", { part: "status-text" });
  readonly #status = make("div", { part: "status", role: "status", tabindex: "-1" }, this.#title, this.#more);
  readonly #root = make("div", { part: "root" });
  #language: Language = fallback;
  #country: string | undefined;
  #state: State = "editing";

  constructor(shadow: ShadowRoot) {
    adoptStyles(shadow);
    // The live region is there from the start: one that comes with its text is not read out.
    this.form.append(this.#marked, this.#inputs, this.#status, this.#submit, this.#note, this.again);
    this.#root.append(this.form);
    shadow.append(this.#root);
    this.form.addEventListener("input", (event) => this.#edited(event.target));
    this.#show();
  }

  /** The values, trimmed; of an empty field none. */
  get values(): Partial<Record<FieldName, string>> {
    const filled = this.#fields.filter(({ value }) => value);
    return Object.fromEntries(filled.map(({ field, value }) => [field.name, value]));
  }

  get state(): State {
    return this.#state;
  }

  /** Shows what the form is doing. */
  set state(state: State) {
    const hadFocus = this.#hasFocus();
    this.#state = state;
    this.#show();
    // The submit button loses the focus by being disabled or hidden.
    if (!hadFocus || state === "sending") return;
    if (state === "accepted") this.#status.focus();
    else this.#submit.focus();
  }

  speak(language: Language, country: string | undefined): void {
    this.#language = language;
    this.#country = country && nameOf(country, language.code);
    this.#show();
  }

  /** Shows what is wrong, the first of it focused. */
  blame(faults: Faults): void {
    for (const view of this.#fields) view.fault = faults.get(view.field.name);
    this.#state = "editing";
    this.#show();
    this.#fields.find(({ fault }) => fault)?.input.focus();
  }

  /** Empties the form. */
  reset(): void {
    this.form.reset();
    this.blame(new Map());
  }

  focus(): void {
    this.#fields[0]?.input.focus();
  }

  #edited(target: EventTarget | null): void {
    const edited = this.#fields.find(({ input }) => input === target);
    if (!edited?.fault) return;
    edited.fault = undefined;
    this.#show();
  }

  /** Whether the focus is in the form, or was on the button until that was disabled. */
  #hasFocus(): boolean {
    const { activeElement } = document;
    const root = this.#root.getRootNode() as ShadowRoot;
    return root.activeElement !== null || (this.#state === "sending" && (!activeElement || activeElement === document.body));
  }

  #show(): void {
    const { direction, code, ...text } = this.#language;
    const state = this.#state;
    const isSending = state === "sending";
    const hasFailed = state in text.failures;
    this.#root.lang = code;
    this.#root.dir = direction;
    this.#root.dataset["state"] = hasFailed ? "failed" : state;
    for (const field of this.#fields) {
      field.speak(this.#language, this.#country);
      field.input.readOnly = isSending;
    }
    write(this.#marked, text.marked);
    write(this.#submit, isSending ? text.sending : hasFailed ? text.retry : text.submit);
    write(this.again, text.again);
    this.#submit.disabled = isSending;
    for (const part of [this.#marked, this.#inputs, this.#submit, this.#note]) part.hidden = state === "accepted";
    this.again.hidden = state !== "accepted";
    this.form.setAttribute("aria-busy", String(isSending));
    const [title, more] =
      state === "accepted"
        ? [text.accepted, text.acceptedMore]
        : hasFailed
          ? [text.failed, text.failures[state as Failure]]
          : [isSending ? text.sending : "", ""];
    write(this.#title, title);
    write(this.#more, more);
  }
}

/** A country's name, if the code is one. */
function nameOf(country: string, language: string): string | undefined {
  try {
    const names = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    return names.of(country.toUpperCase());
  } catch {
    return undefined;
  }
}
