import { countriesIn } from "./countries.js";
import type { Control } from "./controls.js";
import type { Field, FieldValue } from "./fields.js";
import { type Fault, FieldView } from "./field-view.js";
import type { Language, Said } from "./languages/index.js";
import type { Answer } from "./lead.js";
import { make, write } from "./make.js";
import { carryOver } from "./plain.js";
import { adoptStyles } from "./styles.js";

/** What the form is doing. */
export type State = "editing" | "sending" | "accepted" | "queued" | "held" | "refused" | "challenge";

/** Everything the form shows. It is told what to show and decides nothing. */
export class View {
  readonly form = make("form", { part: "form", novalidate: true });
  /** Tries a lead that is kept at once. */
  readonly retry = make("button", { part: "retry", type: "button" });
  /** Begins anew after a lead was sent or kept. */
  readonly again = make("button", { part: "again", type: "button" });
  readonly #shadow: ShadowRoot;
  /** Stands for the form until its language is there: what the page has for visitors without scripts. */
  readonly #fallback = make("slot");
  readonly #notice = make("p", { part: "notice", role: "status" });
  readonly #summaryTitle = make("p", { part: "summary-title", role: "alert" });
  readonly #wrong = make("ul", { part: "summary-list" });
  readonly #summary = make("div", { part: "summary" }, this.#summaryTitle, this.#wrong);
  readonly #marked = make("p", { part: "legend" });
  readonly #inputs = make("div", { part: "fields" });
  readonly #trap = make("input", { name: "website", tabindex: "-1", autocomplete: "off" });
  readonly #submit = make("button", { part: "submit", type: "submit" });
  readonly #title = make("p", { part: "status-title" });
  readonly #more = make("p", { part: "status-text" });
  readonly #status = make("div", { part: "status", role: "status", tabindex: "-1" }, this.#title, this.#more);
  readonly #challenge = make("slot", { name: "challenge" });
  readonly #note = make("slot", { name: "note" });
  readonly root = make("div", { part: "root" });
  #fields: FieldView[] = [];
  #language: Language | undefined;
  #state: State = "editing";
  #countries = "";

  constructor(shadow: ShadowRoot) {
    this.#shadow = shadow;
    adoptStyles(shadow);
    // Out of sight and out of everyone's way but a robot's.
    const trap = make("div", { part: "trap", "aria-hidden": "true" }, this.#trap);
    // The live regions are there from the start: one that comes with its text is not read out.
    this.form.append(this.#summary, this.#marked, this.#inputs, trap, this.#challenge, this.#status, this.#submit, this.#note);
    this.root.append(this.#notice, this.form, make("div", { part: "actions" }, this.retry, this.again));
    shadow.replaceChildren(this.#fallback);
    this.form.addEventListener("input", ({ target }) => this.#edited(target));
  }

  /** What the form holds, of the fields that are asked for. */
  get answers(): Answer[] {
    return this.#fields.filter(({ isAsked }) => isAsked).map(({ field, label, value }) => ({ field, label, value }));
  }

  /** What a robot wrote where nobody should. */
  get trap(): string {
    return this.#trap.value;
  }

  get country(): string {
    return this.#phone?.country ?? "";
  }

  set country(country: string) {
    this.#countries = country;
    this.offer();
    if (this.#phone) this.#phone.country = country;
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
    if (!hadFocus || state === "sending" || state === "editing") return;
    if (state === "challenge") this.#submit.focus();
    else this.#status.focus();
  }

  /** Says something about an earlier request; nothing with an empty text. */
  set notice(text: string) {
    write(this.#notice, text);
  }

  /** Asks for these fields; what the visitor wrote in those that stay is kept. */
  ask(fields: readonly Field[], controlOf?: (field: Field) => Control | undefined): void {
    const values = new Map(this.#fields.filter(({ isTouched }) => isTouched).map(({ field, value }) => [field.name, value]));
    this.#fields = fields.map((field) => new FieldView(field, controlOf?.(field)));
    for (const view of this.#fields) {
      if (!values.has(view.field.name)) continue;
      view.value = values.get(view.field.name);
      view.isTouched = true;
    }
    this.#inputs.replaceChildren(...this.#fields.map(({ node }) => node));
    this.country = this.#countries;
    this.#ask();
    this.#show();
  }

  /** Writes into fields; with `gently` only where the visitor wrote nothing. */
  write(values: Readonly<Record<string, FieldValue | undefined>>, gently: boolean): void {
    for (const view of this.#fields) {
      const { name } = view.field;
      if (!Object.hasOwn(values, name) || (gently && view.isTouched)) continue;
      view.value = values[name];
    }
    this.#ask();
    this.#show();
  }

  speak(language: Language): void {
    this.#language = language;
    this.offer();
    this.#show();
  }

  /** Shows what is wrong, the first of it focused. */
  blame(faults: ReadonlyMap<string, Fault>, isFocused = true): void {
    for (const view of this.#fields) view.fault = faults.get(view.field.name);
    this.#state = "editing";
    this.#show();
    if (isFocused) this.#fields.find(({ fault }) => fault)?.focus();
  }

  /** Empties the form. */
  reset(): void {
    this.form.reset();
    for (const view of this.#fields) {
      view.value = view.field.value;
      view.isTouched = false;
    }
    this.country = this.#countries;
    this.#ask();
    this.blame(new Map(), false);
  }

  focus(): void {
    this.#fields.find(({ isAsked, field }) => isAsked && field.type !== "hidden")?.focus();
  }

  get #phone(): FieldView | undefined {
    return this.#fields.find(({ field }) => field.path === "leadInformation.phone");
  }

  #edited(target: EventTarget | null): void {
    const edited = this.#fields.find((view) => view.owns(target));
    if (!edited) return;
    edited.isTouched = true;
    edited.fault = undefined;
    this.#ask();
    this.#show();
  }

  /** Asks for a field only while the one it depends on holds what it should. */
  #ask(): void {
    for (const view of this.#fields) {
      const { when } = view.field;
      if (!when) continue;
      const value = this.#fields.find(({ field }) => field.name === when.field)?.value;
      const held = Array.isArray(value) ? value : [value ?? false];
      const wanted = when.is === undefined || Array.isArray(when.is) ? when.is : [when.is];
      view.isAsked = wanted ? held.some((one) => wanted.includes(one)) : value !== undefined && value !== false;
    }
  }

  /** Fills the lists of countries with all there are. */
  offer(): void {
    if (!this.#language) return;
    const countries = countriesIn(this.#language.code, this.country || this.#countries);
    for (const view of this.#fields) view.offer(countries);
    if (this.#phone && !this.country) this.#phone.country = this.#countries;
  }

  /** Whether the focus is in the form, or was on the button until that was disabled. */
  #hasFocus(): boolean {
    const { activeElement } = document;
    return this.#shadow.activeElement !== null || (this.#state === "sending" && (!activeElement || activeElement === document.body));
  }

  #show(): void {
    const language = this.#language;
    if (!language) return;
    const state = this.#state;
    const isSending = state === "sending";
    const isDone = !isSending && state !== "editing" && state !== "challenge";
    this.root.lang = language.code;
    this.root.dir = language.direction;
    this.root.dataset["state"] = state;
    for (const field of this.#fields) {
      field.speak(language);
      field.isLocked = isSending;
    }
    const faulty = this.#fields.filter(({ fault }) => fault);
    const isDoubtful = faulty.length > 0 && faulty.every(({ fault }) => fault?.isDoubt);
    write(this.#marked, language.marked);
    write(this.#submit, isSending ? language.sending : isDoubtful ? language.sendAnyway : language.submit);
    write(this.retry, language.retry);
    write(this.again, language.again);
    this.#submit.disabled = isSending;
    this.form.setAttribute("aria-busy", String(isSending));
    for (const part of [this.#marked, this.#inputs, this.#submit, this.#challenge, this.#note]) part.hidden = isDone;
    this.again.hidden = !isDone;
    this.retry.hidden = !isDone || state === "accepted";
    this.#summarize(isDone ? [] : faulty, language);
    const [title, more]: Said = isSending ? [language.sending, ""] : state === "editing" ? ["", ""] : language[state];
    write(this.#title, title);
    write(this.#more, more);
    if (this.#fields.length && this.#fallback.parentNode) this.#begin();
  }

  /** Takes the place of the page's plain form, with what was written there before the script came, and where. */
  #begin(): void {
    this.#fallback.replaceWith(this.root);
    const focused = carryOver(this.#shadow.host.querySelector("form"), this.#fields);
    this.#ask();
    focused?.focus();
  }

  #summarize(faulty: readonly FieldView[], { summary }: Language): void {
    write(this.#summaryTitle, faulty.length ? summary(faulty.length) : "");
    const links = faulty.map((view) => {
      const link = make("a", { href: `#${view.field.name}` }, view.label);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        view.focus();
      });
      return make("li", {}, link);
    });
    this.#wrong.replaceChildren(...links);
    this.#summary.toggleAttribute("data-empty", !faulty.length);
  }
}
