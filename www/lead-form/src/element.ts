import { arrive } from "./arrive.js";
import { Attributes } from "./attributes.js";
import { bare } from "./bare.js";
import { captureAttribution, grantConsent } from "./attribution.js";
import { countryOf } from "./countries.js";
import type { LeadClient, SubmitResult } from "./public.js";
import { missingIn } from "./faults.js";
import { DEFAULT_FIELDS, fieldsByName, type FieldValue, type FormSchema } from "./fields.js";
import { addLanguage, codeOf, FALLBACK, languageOf, listen, load } from "./languages/index.js";
import { join } from "./outbox.js";
import { keepRoom } from "./room.js";
import { Sending } from "./sending.js";
import { CLIENT, type Settled, type Submission } from "./submission.js";
import { addStyles } from "./styles.js";
import { View } from "./view.js";
import { warn } from "./warn.js";

export { addLanguage, captureAttribution };
export { define } from "./define.js";
export type { AttributionMode, Attribution, Touch } from "./attribution.js";
export type { LeadAcceptedEvent, LeadErrorEvent, LeadFormEvents, LeadQueuedEvent, LeadSubmitEvent } from "./events.js";
export type { FieldOption, FieldOptions, FieldType, FieldValue, FormSchema } from "./fields.js";
export type { Fault, LeadClient, SubmitResult } from "./public.js";
export type { Language, NamedField, Said } from "./languages/index.js";

/** The properties that a page may have set before the class was there to have them. */
const PROPERTIES = ["client", "schema", "value", "locale", "country", "endpoint", "fields", "campaignName", "attribution", "dataLayer"] as const;

/**
 * A form for a visitor to leave a name and a number. What is sent is kept until it is acknowledged.
 *
 * @attribute endpoint - The forwarder's address; by default the action of a form inside, else `/leads`.
 * @attribute locale - `ar`, `en`, `fr` or a language of the page's own; by default the language around the form.
 * @attribute country - Whose numbers may be typed without a country code, as in `EG`.
 * @attribute fields - What is asked for, by name; by default `firstName lastName phone email`.
 * @attribute schema - The same with options, as JSON.
 * @attribute campaign-name - The lead's `campaignName`.
 * @attribute attribution - `none`, `session` (the default) or `persistent`.
 * @attribute data-layer - Pushes events without personal data to `dataLayer`.
 * @fires lead-submit - Before a lead is kept and sent; cancelable.
 * @fires lead-accepted - When it is in safe hands.
 * @fires lead-queued - When it is kept, to be sent later.
 * @fires lead-error - When it was refused.
 * @slot - A plain form for visitors without scripts.
 * @slot challenge - A Turnstile widget.
 * @slot note - Below the button: a line about privacy, for one.
 */
export class ICloudReadyLeadForm extends Attributes {
  /** @internal */
  static readonly observedAttributes = ["endpoint", "locale", "country", "fields", "schema"];

  readonly #view: View;
  #client: LeadClient | undefined;
  #schema: FormSchema | undefined;
  /** Stands for what was last asked for. */
  #asked = {};
  #unlisten: (() => void) | undefined;
  readonly #sending: Sending;

  constructor() {
    super();
    this.#view = new View(this.attachShadow(bare({ mode: "open" as const })));
    this.#sending = new Sending(this, this.#view);
    const { form, retry, again } = this.#view;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    for (const event of ["focusin", "pointerover", "pointerdown"]) {
      form.addEventListener(event, () => void this.#welcome(), bare({ once: true, passive: true }));
    }
    retry.addEventListener("click", () => void this.#sending.retry());
    again.addEventListener("click", () => {
      this.reset();
      this.#view.focus();
    });
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete (this as Partial<this>)[name];
      Object.assign(this, Object.fromEntries([[name, value]]));
    }
  }

  /** Sends the leads in place of an endpoint. Made with an `accessToken` function: text would be every visitor's to read. */
  get client(): LeadClient | undefined {
    return this.#client;
  }

  set client(client: LeadClient | undefined) {
    this.#client = client;
    if (this.isConnected) this.#join();
  }

  /** The fields with their options; also the attribute `schema`, as JSON. */
  get schema(): FormSchema | undefined {
    return this.#schema;
  }

  set schema(schema: FormSchema | undefined) {
    this.#schema = schema;
    void this.#ask();
  }

  /** What the form holds, by the fields' names; setting it empties what is not named. */
  get value(): Record<string, FieldValue> {
    const held = this.#view.answers.filter(({ value }) => value !== undefined);
    return Object.fromEntries(held.map(({ field, value }) => [field.name, value as FieldValue]));
  }

  set value(values: Readonly<Record<string, FieldValue | undefined>>) {
    const empty = Object.fromEntries(this.#view.answers.map(({ field }) => [field.name, undefined]));
    this.#view.write({ ...empty, ...values }, false);
  }

  /** Whether a lead is being sent. */
  get busy(): boolean {
    return this.#sending.isBusy;
  }

  /** Fills in what the page knows, where the visitor wrote nothing. */
  prefill(values: Readonly<Record<string, FieldValue>>): void {
    this.#view.write(values, true);
  }

  /** Whether everything is there that is required, without showing it. */
  checkValidity(): boolean {
    return missingIn(this.#view.answers).size === 0;
  }

  /** Whether everything is there that is required; what is not is shown. */
  reportValidity(): boolean {
    const missing = missingIn(this.#view.answers);
    this.#view.blame(missing);
    return missing.size === 0;
  }

  /** Empties the form. What was sent is still on its way. */
  reset(): void {
    this.#sending.reset();
    this.#view.notice = "";
    this.#view.reset();
  }

  /** Checks, keeps and sends what the form holds, as the button does. A second call while one is under way is the same. */
  submit(): Promise<SubmitResult> {
    return this.#sending.submit();
  }

  /** The visitor agreed: with `attribution="persistent"` what brought them is kept for good. */
  grantConsent(): void {
    if (this.attribution === "persistent") grantConsent();
  }

  /** @internal */
  connectedCallback(): void {
    this.#unlisten ??= listen(() => this.#speak());
    captureAttribution(this.attribution);
    keepRoom(this, this.#view.root);
    void this.#ask();
    this.#speak();
    this.#join();
  }

  /** @internal */
  disconnectedCallback(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  /** @internal */
  attributeChangedCallback(name: string): void {
    if (!this.isConnected) return;
    if (name === "endpoint") this.#join();
    else if (name === "locale" || name === "country") this.#speak();
    else void this.#ask();
  }

  /** @internal */
  async token(isSpent: boolean): Promise<string | undefined> {
    const hasChallenge = [...this.children].some(({ slot }) => slot === "challenge");
    return hasChallenge ? (await arrive())?.tokenOf(this, isSpent) : undefined;
  }

  /** @internal */
  hurry(): void {
    this.#sending.hurry();
  }

  /** @internal */
  settled(submission: Submission, outcome: Settled | undefined): void {
    this.#sending.settled(submission, outcome);
  }

  /** The language that is spoken, or will be once it is there. @internal */
  get code(): string {
    const around = this.closest<HTMLElement>("[lang]")?.lang ?? document.documentElement.lang;
    return codeOf(this.locale ?? around) ?? FALLBACK;
  }

  #speak(): void {
    const { locale } = this;
    if (locale !== null && !codeOf(locale)) warn(`no locale ${locale}: ${FALLBACK} is used`);
    const code = this.code;
    const language = languageOf(code);
    this.#view.country = countryOf(this.country) || countryOf(locale?.split(/[-_]/)[1]);
    if (language) this.#view.speak(language);
    else load(code).catch(() => warn(`the language ${code} did not arrive`));
  }

  async #ask(): Promise<void> {
    const names = (this.fields ?? DEFAULT_FIELDS).split(/[\s,]+/).filter(Boolean);
    const text = this.getAttribute("schema");
    const fields = this.#schema || text ? undefined : fieldsByName(names);
    const asked = (this.#asked = {});
    if (fields) return this.#view.ask(fields);
    const { controlOf, fieldsOf, parse, styles } = await import("./further/index.js");
    addStyles(styles);
    // Meanwhile something else may have been asked for.
    if (asked !== this.#asked) return;
    const schema = this.#schema?.fields ?? parse(text, warn) ?? names;
    this.#view.ask(fieldsOf(schema, warn), controlOf);
  }

  /** A visitor is there: what sending may need is brought. */
  async #welcome(): Promise<void> {
    const later = await arrive();
    this.#view.offer();
    if (this.isConnected) later?.queueOf(this.key).join(this);
    void later?.warm();
  }

  /** Where the leads go. @internal */
  get key(): string {
    return this.#client ? CLIENT : this.#address();
  }

  /** What is kept from earlier goes out, where this form sends its leads. */
  #join(): void {
    // A page that gives the form its client does so after it made the form.
    setTimeout(() => this.isConnected && join(this.key, this));
  }

  #address(): string {
    const address = this.endpoint ?? this.querySelector("form")?.getAttribute("action");
    try {
      if (address) return new URL(address, document.baseURI).href;
    } catch {
      // Said below.
    }
    warn("without an endpoint /leads is used");
    return new URL("/leads", document.baseURI).href;
  }
}
