import { endpointOf } from "./form/endpoint.js";
import { loadDeferred } from "./form/load-deferred.js";
import { Attributes } from "./form/attributes.js";
import { captureAfter, captureAttribution, loadBackground } from "./form/load-background.js";
import { nullProto } from "./base/null-proto.js";
import { parseCountry } from "./fields/countries.js";
import type { LeadClient, SubmitResult } from "./base/public.js";
import { findMissing } from "./fields/missing.js";
import { DEFAULT_FIELDS, fieldsByName } from "./fields/person-fields.js";
import type { FieldValue, FormSchema } from "./fields/field.js";
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
import { joinQueue } from "./form/deliver-lead.js";
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
  LeadDialogEvent,
  LeadErrorEvent,
  LeadFormEvents,
  LeadQueuedEvent,
  LeadStepEvent,
  LeadSubmitEvent,
} from "./submission/events.js";
export type {
  FieldOption,
  FieldOptions,
  FieldType,
  FieldValue,
  FormSchema,
  FormStep,
  FormTexts,
  FormUnit,
} from "./fields/field.js";
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
 * @fires lead-step - When a form with steps shows another one.
 * @fires lead-open - When the dialog of a popup or slide-in opens.
 * @fires lead-close - When the dialog closes.
 * @slot - A plain form for visitors without scripts.
 * @slot heading - Above the fields, until a lead is sent.
 * @slot thanks - Replaces the message after a lead is accepted.
 * @slot challenge - A Turnstile widget.
 * @slot note - A note below the button, such as a privacy notice.
 */
export class ICloudReadyLeadForm extends Attributes {
  /** @internal */
  static readonly observedAttributes = ["endpoint", "locale", "country", "fields", "schema", "draft", "mode"];

  readonly #view: View;
  #client: LeadClient | undefined;
  #schema: FormSchema | undefined;
  /** Identifies the latest update of the fields. */
  #fieldsRequest = {};
  /** Whether the dialog of the mode was opened before. */
  #isOpened = false;
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
    // Properties set before the element was defined.
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
    // Hidden fields are managed by the page.
    const shown = this.#view.answers.filter(({ definition }) => definition.type !== "hidden");
    const empty = Object.fromEntries(shown.map(({ definition }) => [definition.name, undefined]));
    this.#view.setValues({ ...empty, ...values }, false);
  }

  /** Whether a lead is being sent. */
  get busy(): boolean {
    return this.#submitter.isBusy;
  }

  /** Sets the values of fields that the visitor has not filled in. */
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

  /** Call it after the visitor's consent: with `attribution="persistent"`, the attribution is stored permanently. */
  grantConsent(): void {
    if (this.attribution === "persistent")
      void loadBackground().then((background) => background?.persist(location.href));
  }

  /** Opens the dialog of a popup or slide-in; an inline form takes the focus. */
  async show(): Promise<void> {
    if (!this.#isOverlay) return this.#view.focus();
    const modes = await this.prepare();
    // Without the script of the mode, the form is shown inline.
    if (!modes) this.mode = null;
    this.#isOpened = true;
    void this.#start();
    modes?.openDialog(this, this.#view);
  }

  /** Closes the dialog; the input is kept. */
  hide(): void {
    this.#view.shadow.querySelector("dialog")?.close();
  }

  /** Loads the script of the mode. @internal */
  async prepare(): Promise<typeof import("./modes/index.js") | undefined> {
    const modes = await import("./modes/index.js").catch(() => undefined);
    if (modes) addStyles(modes.styles);
    return modes;
  }

  get #isOverlay(): boolean {
    return (this.mode ?? "inline") !== "inline";
  }

  /** Whether the form is in a dialog that was never opened, so that nothing is loaded or shown. */
  get #isDormant(): boolean {
    return this.#isOverlay && !this.#isOpened;
  }

  /** @internal */
  connectedCallback(): void {
    addLanguageListener(this.#updateLanguage);
    void captureAfter(this.attribution, this.#isDormant || this.#view.ready);
    keepHeight(this, this.#view.containers);
    this.#start();
    void this.#joinQueue();
  }

  /** @internal */
  disconnectedCallback(): void {
    removeLanguageListener(this.#updateLanguage);
    this.hide();
  }

  /** Shows the form, or waits for a trigger. */
  #start(): void {
    const { shadow, root, fallback, ready } = this.#view;
    if (!this.#isOverlay) shadow.replaceChildren(ready ? fallback : root);
    else if (!this.#isOpened) {
      shadow.replaceChildren();
      void loadBackground().then((background) => background?.watchTriggers(this));
    }
    void this.#updateFields();
    this.#updateLanguage();
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
    else if (name === "mode") this.#start();
    else this.#updateLanguage();
  }

  /** The code of the form's language, loaded or not. @internal */
  get code(): string {
    return languageCodeOf(this.locale ?? inheritedLanguage(this)) ?? FALLBACK;
  }

  readonly #updateLanguage = (): void => {
    if (this.#isDormant) return;
    const { locale } = this;
    if (locale !== null && !languageCodeOf(locale)) warn(`unknown locale "${locale}": ${FALLBACK} is used`);
    const code = this.code;
    const language = getLanguage(code);
    this.#view.country = parseCountry(this.country) || parseCountry(locale?.split(/[-_]/)[1]);
    if (language) this.#view.setLanguage(language);
    else loadLanguage(code).catch(() => this.#retryLoad(`the language ${code}`, this.#updateLanguage));
  };

  async #updateFields(): Promise<void> {
    if (this.#isDormant) return;
    const names = (this.fields ?? DEFAULT_FIELDS).split(/[\s,]+/).filter(Boolean);
    const hasOptions =
      this.#schema || this.matches("[schema],[heading],[thanks],[submit-text],[thank-you-url],[whatsapp]");
    const fields = hasOptions ? undefined : fieldsByName(names);
    const request = (this.#fieldsRequest = {});
    if (fields) return this.#view.setFields(fields);
    // The default fields are not shown while others are being loaded.
    if (this.#view.ready) this.#view.setFields([]);
    const further = await import("./extra-fields/index.js").catch(() =>
      this.#retryLoad("the fields", () => this.#updateFields()),
    );
    // Other fields may have been set meanwhile.
    await further?.showFields(this, this.#view, this.#schema, names, {
      addStyles,
      warn,
      isCurrent: () => request === this.#fieldsRequest,
    });
  }

  async #keepDraft(): Promise<void> {
    await this.#view.ready;
    const script = await import("./form/draft.js").catch(() => undefined);
    script?.keepDraft(this, this.#view);
  }

  /** Retries after a script failed to load. The plain form is shown until then. */
  #retryLoad(what: string, again: () => unknown): void {
    warn(`${what} failed to load`);
    this.#view.loadFailure = loadFailureIn(this.code);
    setTimeout(() => this.isConnected && again(), LOAD_RETRY_MS);
  }

  /** Loads the scripts for sending at the visitor's first interaction. */
  async #onFirstInteraction(): Promise<void> {
    const later = await loadDeferred();
    // Some frames after the script's styles are shown: both in one frame are a long task.
    setTimeout(() => this.#view.updateCountries(), 100);
    if (this.isConnected) later?.queueOf(this.key).addSender(this.#submitter);
    void later?.preloadChecks();
  }

  /** The queue's key: the endpoint, or that of a client. @internal */
  get key(): string {
    return this.#client ? CLIENT_KEY : endpointOf(this);
  }

  /** Sends the leads that are stored for this form's endpoint. */
  async #joinQueue(): Promise<void> {
    await (this.#isDormant || this.#view.ready);
    // Deferred, because pages set the client after creating the form.
    setTimeout(() => this.isConnected && joinQueue(this.key, this.#submitter));
  }
}
