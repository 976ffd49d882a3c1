import { endpointOf } from "./form/endpoint.js";
import { loadDeferred } from "./form/load-deferred.js";
import { Attributes } from "./form/attributes.js";
import { captureAfter, captureAttribution, loadBackground } from "./form/load-background.js";
import { nullProto } from "./base/null-proto.js";
import { parseCountry } from "./fields/countries.js";
import type { LeadClient, SubmitResult } from "./base/public.js";
import { findMissing } from "./fields/missing.js";
import { DEFAULT_FIELDS, fieldsByName, type FieldValue, type FormSchema } from "./fields/fields.js";
import {
  addLanguage,
  addLanguageListener,
  loadFailureIn,
  languageCodeOf,
  FALLBACK,
  inheritedLanguage,
  getLanguage,
  loadLanguage,
  removeLanguageListener,
} from "./languages/index.js";
import { joinQueue } from "./form/outbox.js";
import { keepHeight } from "./view/reserved-height.js";
import { Submitter } from "./form/submitter.js";
import { CLIENT_KEY } from "./submission/submission.js";
import { addStyles, adoptStyles } from "./view/styles.js";
import { View } from "./view/view.js";
import { warn } from "./base/warn.js";

export { addLanguage, captureAttribution };
export { define } from "./form/define.js";
export type { AttributionMode, Attribution, Touch } from "./background/attribution.js";
export type {
  LeadAcceptedEvent,
  LeadErrorEvent,
  LeadFormEvents,
  LeadQueuedEvent,
  LeadSubmitEvent,
} from "./submission/events.js";
export type { FieldOption, FieldOptions, FieldType, FieldValue, FormSchema } from "./fields/fields.js";
export type { LeadIssue, LeadClient, SubmitResult } from "./base/public.js";
export type { Language, NamedField, Message } from "./languages/index.js";

/** How long to wait before loading a script again. */
const LOAD_RETRY_MS = 15_000;

/**
 * A lead form. Each lead is stored in the browser until it is acknowledged.
 *
 * @fires lead-submit - Before a lead is stored and sent; cancelable.
 * @fires lead-accepted - When the lead is acknowledged.
 * @fires lead-queued - When the lead is stored, to be sent later.
 * @fires lead-error - When the lead was rejected.
 * @slot - A plain form for visitors without scripts.
 * @slot challenge - A Turnstile widget.
 * @slot note - A note below the button, as about privacy.
 */
export class ICloudReadyLeadForm extends Attributes {
  /** @internal */
  static readonly observedAttributes = ["endpoint", "locale", "country", "fields", "schema", "draft"];

  readonly #view: View;
  #client: LeadClient | undefined;
  #schema: FormSchema | undefined;
  /** Identifies the latest update of the fields. */
  #fieldsRequest = {};
  readonly #submitter: Submitter;

  constructor() {
    super();
    this.#view = new View(this.attachShadow(nullProto({ mode: "open" as const })));
    this.#submitter = new Submitter(this, this.#view);
    const { form, retryButton: retry, againButton: again } = this.#view;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    for (const event of ["focusin", "pointerover", "pointerdown"]) {
      form.addEventListener(event, () => void this.#onFirstInteraction(), nullProto({ once: true }));
    }
    retry.addEventListener("click", () => void this.#submitter.retry());
    again.addEventListener("click", () => {
      this.reset();
      this.#view.focus();
    });
    // Properties that the page set before the element was defined.
    const own = this as Record<string, unknown>;
    for (const [name, value] of Object.entries(own)) {
      if (!(name in ICloudReadyLeadForm.prototype)) continue;
      delete own[name];
      own[name] = value;
    }
    void this.#updateFields();
  }

  /** Sends the leads instead of an endpoint. Create it with an `accessToken` function: visitors can read a string. */
  get client(): LeadClient | undefined {
    return this.#client;
  }

  set client(client: LeadClient | undefined) {
    this.#client = client || undefined;
    if (this.isConnected) void this.#joinQueue();
  }

  /** The fields with their options; also the attribute `schema`, as JSON. */
  get schema(): FormSchema | undefined {
    return this.#schema;
  }

  set schema(schema: FormSchema | string | null | undefined) {
    // Frameworks pass the attribute's text to the property too.
    const isText = typeof schema === "string";
    this.#schema = isText ? undefined : (schema ?? undefined);
    if (isText) this.setAttribute("schema", schema);
    else void this.#updateFields();
  }

  /** The values by field name. Setting it clears visible fields that are not named. */
  get value(): Record<string, FieldValue> {
    const held = this.#view.answers.filter(({ value }) => value !== undefined);
    return Object.fromEntries(held.map(({ definition, value }) => [definition.name, value as FieldValue]));
  }

  set value(values: Readonly<Record<string, FieldValue | undefined>>) {
    // Hidden fields belong to the page.
    const shown = this.#view.answers.filter(({ definition }) => definition.type !== "hidden");
    const empty = Object.fromEntries(shown.map(({ definition }) => [definition.name, undefined]));
    this.#view.setValues({ ...empty, ...values }, false);
  }

  /** Whether a lead is being sent. */
  get busy(): boolean {
    return this.#submitter.isBusy;
  }

  /** Sets values where the visitor entered nothing. */
  prefill(values: Readonly<Record<string, FieldValue>>): void {
    this.#view.setValues(values, true);
  }

  /** Whether all required fields have a value. */
  checkValidity(): boolean {
    const { answers } = this.#view;
    return answers.length > 0 && !findMissing(answers).size;
  }

  /** Whether all required fields have a value; shows the errors. */
  reportValidity(): boolean {
    this.#view.showErrors(findMissing(this.#view.answers));
    return this.checkValidity();
  }

  /** Clears the form. A lead that was submitted is still sent. */
  reset(): void {
    this.#submitter.reset();
    this.#view.notice = "";
    this.#view.reset();
  }

  /** Validates, stores and sends the form, as the button does. Calls during a submission return its promise. */
  submit(): Promise<SubmitResult> {
    return this.#submitter.submit();
  }

  /** Call it when the visitor agreed: with `attribution="persistent"` the attribution is stored permanently. */
  grantConsent(): void {
    if (this.attribution === "persistent")
      void loadBackground().then((background) => background?.persist(location.href));
  }

  /** @internal */
  connectedCallback(): void {
    addLanguageListener(this.#updateLanguage);
    void captureAfter(this.attribution, this.#view.ready);
    keepHeight(this, this.#view.containers);
    void this.#updateFields();
    this.#updateLanguage();
    void this.#joinQueue();
  }

  /** @internal */
  disconnectedCallback(): void {
    removeLanguageListener(this.#updateLanguage);
  }

  /** @internal */
  adoptedCallback(): void {
    adoptStyles(this.#view.shadow);
  }

  /** @internal */
  attributeChangedCallback(name: string): void {
    if (name === "fields" || name === "schema") void this.#updateFields();
    else if (name === "draft") void this.#keepDraft();
    else if (!this.isConnected) return;
    else if (name === "endpoint") void this.#joinQueue();
    else this.#updateLanguage();
  }

  /** The code of the form's language, loaded or not. @internal */
  get code(): string {
    return languageCodeOf(this.locale ?? inheritedLanguage(this)) ?? FALLBACK;
  }

  readonly #updateLanguage = (): void => {
    const { locale } = this;
    if (locale !== null && !languageCodeOf(locale)) warn(`unknown locale "${locale}": ${FALLBACK} is used`);
    const code = this.code;
    const language = getLanguage(code);
    this.#view.country = parseCountry(this.country) || parseCountry(locale?.split(/[-_]/)[1]);
    if (language) this.#view.setLanguage(language);
    else loadLanguage(code).catch(() => this.#retryLoad(`the language ${code}`, this.#updateLanguage));
  };

  async #updateFields(): Promise<void> {
    const names = (this.fields ?? DEFAULT_FIELDS).split(/[\s,]+/).filter(Boolean);
    const text = this.getAttribute("schema");
    const fields = this.#schema || text ? undefined : fieldsByName(names);
    const request = (this.#fieldsRequest = {});
    if (fields) return this.#view.setFields(fields);
    // The default fields are not shown while others are being loaded.
    if (this.#view.ready) this.#view.setFields([]);
    const further = await import("./extra-fields/index.js").catch(() =>
      this.#retryLoad("the script of some fields", () => this.#updateFields()),
    );
    if (!further) return;
    const { createControl, parseFields, readSchema, styles } = further;
    addStyles(styles);
    // Other fields may have been set meanwhile.
    if (request !== this.#fieldsRequest) return;
    this.#view.setFields(parseFields(readSchema(this, this.#schema, warn) ?? names, warn), createControl);
  }

  async #keepDraft(): Promise<void> {
    await this.#view.ready;
    const script = await import("./form/draft.js").catch(() => undefined);
    script?.keepDraft(this, this.#view);
  }

  /** A script failed to load: the plain form stays until it is loaded. */
  #retryLoad(what: string, again: () => unknown): void {
    warn(`${what} failed to load`);
    this.#view.loadFailure = loadFailureIn(this.code);
    setTimeout(() => this.isConnected && again(), LOAD_RETRY_MS);
  }

  /** Loads what sending needs when the visitor first touches the form. */
  async #onFirstInteraction(): Promise<void> {
    const later = await loadDeferred();
    this.#view.updateCountries();
    if (this.isConnected) later?.queueOf(this.key).addSender(this.#submitter);
    void later?.preloadChecks();
  }

  /** The queue's key: the endpoint, or that of a client. @internal */
  get key(): string {
    return this.#client ? CLIENT_KEY : endpointOf(this);
  }

  /** Sends the leads that are stored for this form's endpoint. */
  async #joinQueue(): Promise<void> {
    await this.#view.ready;
    // A page sets the client after it created the form.
    setTimeout(() => this.isConnected && joinQueue(this.key, this.#submitter));
  }
}
