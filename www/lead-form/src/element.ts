import { arrive } from "./arrive.js";
import { Attributes } from "./attributes.js";
import { bare } from "./bare.js";
import { captureAttribution, clean, grantConsent } from "./attribution.js";
import { countryOf } from "./countries.js";
import type { LeadClient } from "./later/client.js";
import { announce, type LeadFormEvents, push } from "./events.js";
import type { Fault } from "./field-view.js";
import { DEFAULT_FIELDS, fieldsByName, type FieldValue, type FormSchema } from "./fields.js";
import { addLanguage, codeOf, FALLBACK, languageOf, listen, load } from "./languages/index.js";
import { type Answer, consentsOf, leadOf } from "./lead.js";
import { deliver, join } from "./outbox.js";
import { type Checked, unchecked } from "./phone.js";
import { keepRoom } from "./room.js";
import { CLIENT, type Fault as Issue, type Outcome, randomId, type Sender, type Settled, type Submission } from "./submission.js";
import { addStyles } from "./styles.js";
import { View } from "./view.js";
import { warn } from "./warn.js";

export { addLanguage, captureAttribution };
export { define } from "./define.js";
export type { AttributionMode, Attribution, Touch } from "./attribution.js";
export type { LeadClient } from "./later/client.js";
export type { LeadAcceptedEvent, LeadErrorEvent, LeadFormEvents, LeadQueuedEvent, LeadSubmitEvent } from "./events.js";
export type { FieldOption, FieldOptions, FieldType, FieldValue, FormSchema } from "./fields.js";
export type { Language, NamedField, Said } from "./languages/index.js";

/** What came of `submit()`. `doubtful`: sent as it is when it is submitted once more. */
export type SubmitResult = "accepted" | "queued" | "invalid" | "doubtful" | "challenge" | "canceled";

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
export class ICloudReadyLeadForm extends Attributes implements Sender {
  static readonly observedAttributes = ["endpoint", "locale", "country", "fields", "schema"];

  readonly #view: View;
  #client: LeadClient | undefined;
  #schema: FormSchema | undefined;
  /** Stands for what was last asked for. */
  #asked = {};
  #unlisten: (() => void) | undefined;
  /** When the visitor could begin. */
  #since = 0;
  /** The lead that is on its way or kept, and what was sent under which id. */
  #current: Submission | undefined;
  readonly #sent = new Map<string, Submission>();
  /** What was doubtful when it was last submitted: the same again is sent. */
  #doubted = "";
  #submitting: Promise<SubmitResult> | undefined;

  constructor() {
    super();
    this.#view = new View(this.attachShadow(bare({ mode: "open" as const })));
    const { form, retry, again } = this.#view;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("input", () => (this.#since ||= Date.now()));
    for (const event of ["focusin", "pointerover", "pointerdown"]) {
      form.addEventListener(event, () => void this.#welcome(), bare({ once: true, passive: true }));
    }
    retry.addEventListener("click", () => void this.#retry());
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
    return this.#submitting !== undefined;
  }

  /** Fills in what the page knows, where the visitor wrote nothing. */
  prefill(values: Readonly<Record<string, FieldValue>>): void {
    this.#view.write(values, true);
  }

  /** Whether everything is there that is required, without showing it. */
  checkValidity(): boolean {
    return this.#missing().size === 0;
  }

  /** Whether everything is there that is required; what is not is shown. */
  reportValidity(): boolean {
    const missing = this.#missing();
    this.#view.blame(missing);
    return missing.size === 0;
  }

  /** Empties the form. What was sent is still on its way. */
  reset(): void {
    this.#current = undefined;
    this.#doubted = "";
    this.#since = 0;
    this.#view.notice = "";
    this.#view.reset();
  }

  /** Checks, keeps and sends what the form holds, as the button does. A second call while one is under way is the same. */
  submit(): Promise<SubmitResult> {
    this.#submitting ??= this.#submit().finally(() => (this.#submitting = undefined));
    return this.#submitting;
  }

  /** The visitor agreed: with `attribution="persistent"` what brought them is kept for good. */
  grantConsent(): void {
    if (this.attribution === "persistent") grantConsent();
  }

  connectedCallback(): void {
    this.#unlisten ??= listen(() => this.#speak());
    captureAttribution(this.attribution);
    keepRoom(this, this.#view.root);
    void this.#ask();
    this.#speak();
    this.#join();
  }

  disconnectedCallback(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

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
  settled(submission: Submission, outcome: Settled | undefined): void {
    if (submission.id === this.#current?.id) {
      if (outcome && outcome.kind !== "expired" && outcome.kind !== "check" && !this.busy) this.#show(submission, outcome, true);
      return;
    }
    const language = languageOf(this.#code);
    if (language) void arrive().then((later) => (this.#view.notice = later?.tellEarlier(language, outcome, submission.at) ?? ""));
    if (outcome?.kind === "wrong" || outcome?.kind === "check") this.#recall(submission);
    if (outcome && outcome.kind !== "check") this.#tell(submission, outcome);
  }

  /** The language that is spoken, or will be once it is there. */
  get #code(): string {
    const around = this.closest<HTMLElement>("[lang]")?.lang ?? document.documentElement.lang;
    return codeOf(this.locale ?? around) ?? FALLBACK;
  }

  #speak(): void {
    const { locale } = this;
    if (locale !== null && !codeOf(locale)) warn(`no locale ${locale}: ${FALLBACK} is used`);
    const code = this.#code;
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
    if (this.isConnected) later?.queueOf(this.#key).join(this);
    void later?.warm();
  }

  /** Where the leads go. */
  get #key(): string {
    return this.#client ? CLIENT : this.#address();
  }

  /** What is kept from earlier goes out, where this form sends its leads. */
  #join(): void {
    // A page that gives the form its client does so after it made the form.
    setTimeout(() => this.isConnected && join(this.#key, this));
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

  #missing(): Map<string, Fault> {
    const faults = new Map<string, Fault>();
    for (const { field, value } of this.#view.answers) {
      const isMissing = value === undefined || value === false || (typeof value === "string" && !value.trim());
      if (field.required && isMissing) faults.set(field.name, { kind: "missing", isDoubt: false });
      else if (value !== undefined && Number.isNaN(field.convert?.(String(value)))) {
        faults.set(field.name, { kind: "number", isDoubt: false });
      }
    }
    return faults;
  }

  async #submit(): Promise<SubmitResult> {
    const view = this.#view;
    const { answers, country } = view;
    const missing = this.#missing();
    if (missing.size) {
      view.blame(missing);
      return "invalid";
    }
    view.state = "sending";
    const raw = String(answers.find(({ field }) => field.path === PHONE)?.value ?? "");
    const make = (number: string) => leadOf(answers, number, this.campaignName);
    const { phone, faults } = await this.#check(raw, country, make);
    const content = JSON.stringify([make(phone.number), raw]);
    const isConfirmed = this.#doubted === content;
    const wrong = faultsOf(faults, answers, !isConfirmed);
    if (wrong.size) {
      this.#doubted = content;
      view.blame(wrong);
      return [...wrong.values()].every(({ isDoubt }) => isDoubt) ? "doubtful" : "invalid";
    }
    const lead = make(phone.number);
    if (!this.#announce("lead-submit", { lead })) {
      view.state = "editing";
      return "canceled";
    }
    return this.#send(this.#submission(lead, answers, { raw, country: phone.country, check: phone.check }));
  }

  /** Without checks, or while they are long on their way, the lead goes as it is. */
  async #check(raw: string, country: string, lead: (phone: string) => unknown): Promise<Checked> {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));
    const checking = arrive().then((later) => later?.check(raw, country, lead));
    return (await Promise.race([checking, late]).catch(() => undefined)) ?? unchecked(raw, country);
  }

  /** The same content again is the same lead: it goes under the same id. */
  #submission(lead: unknown, answers: readonly Answer[], phone: object): Submission {
    const content = JSON.stringify([lead, consentsOf(answers, "")]);
    const sent = this.#sent.get(content);
    if (sent) return sent;
    const now = Date.now();
    const known = captureAttribution(this.attribution);
    const consent = consentsOf(answers, new Date(now).toISOString());
    const context = bare({
      page: clean(location.href),
      referrer: known?.referrer ?? "",
      landingPage: known?.landingPage ?? "",
      locale: this.#code,
      formId: this.id,
      elapsedMs: this.#since ? now - this.#since : 0,
      trap: this.#view.trap,
      ...(known && { attribution: { first: known.first, last: known.last } }),
      ...(consent.length && { consent }),
      phone,
    });
    const submission: Submission = {
      key: this.#key,
      id: randomId(),
      at: now,
      body: JSON.stringify(bare({ lead, context })),
      values: JSON.stringify(this.value),
      attempts: 0,
      retryAt: 0,
      isAsked: false,
      isWrong: false,
    };
    this.#sent.set(content, submission);
    return submission;
  }

  async #send(submission: Submission): Promise<SubmitResult> {
    const before = this.#current;
    this.#current = submission;
    this.#view.state = "sending";
    // What was wrong is corrected now, under an id of its own.
    if (before?.isWrong && before.id !== submission.id) void arrive().then((later) => later?.queueOf(before.key).drop(before.id));
    const { outcome, isKept } = await deliver(submission, this);
    return this.#show(submission, outcome, isKept);
  }

  #show(submission: Submission, outcome: Outcome, isKept: boolean): SubmitResult {
    const view = this.#view;
    this.#tell(submission, outcome, isKept);
    switch (outcome.kind) {
      case "accepted":
        this.#sent.clear();
        view.state = "accepted";
        return "accepted";
      case "wrong": {
        submission.isWrong = true;
        const faults = faultsOf(outcome.issues, view.answers, true);
        if (faults.size) view.blame(faults);
        else view.state = "refused";
        return "invalid";
      }
      case "challenge":
        view.state = "challenge";
        return "challenge";
      case "refused":
        view.state = "refused";
        return "queued";
      case "later":
        view.state = isKept ? "queued" : "held";
        return "queued";
    }
  }

  #tell(submission: Submission, outcome: Exclude<Settled, { kind: "check" }>, isKept = true): void {
    const { id: submissionId } = submission;
    const isEarlier = submissionId !== this.#current?.id;
    const status = "status" in outcome && outcome.status !== undefined ? { status: outcome.status } : {};
    if (outcome.kind === "accepted") {
      this.#announce("lead-accepted", { submissionId, isEarlier, ...("lead" in outcome && { lead: outcome.lead }) });
    } else if (outcome.kind === "later") {
      if (!isEarlier) this.#announce("lead-queued", { submissionId, isKept, ...status });
    } else {
      const issues = outcome.kind === "wrong" ? outcome.issues : [];
      this.#announce("lead-error", { submissionId, code: outcome.kind, issues, isEarlier, ...status });
    }
  }

  #announce<Name extends keyof LeadFormEvents>(name: Name, detail: LeadFormEvents[Name]["detail"]): boolean {
    const isTaken = announce(this, name, detail);
    if (this.dataLayer && isTaken) push(this.id, name, this.campaignName);
    return isTaken;
  }

  /** An earlier request that was refused as wrong is shown again, to be corrected. */
  #recall(submission: Submission): void {
    if (Object.keys(this.value).length) return;
    try {
      this.#view.write(JSON.parse(submission.values), true);
      this.#current = submission;
    } catch {
      // It can be read no more, and is told of all the same.
    }
  }

  async #retry(): Promise<void> {
    const { busy } = this;
    if (busy || !this.#current) return;
    this.#submitting = this.#send(this.#current).finally(() => (this.#submitting = undefined));
  }
}

/** How long a visitor who has sent waits for checks that are still on their way, in milliseconds. */
const PATIENCE = 2_000;

const PHONE = "leadInformation.phone";

/** What is wrong, by the fields of the form; doubts as such, or left out. */
function faultsOf(issues: readonly Issue[], answers: readonly Answer[], areDoubts: boolean): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const { path, code, severity } of issues) {
    const isDoubt = severity === "warning";
    const field = answers.find(({ field }) => field.path && (path === field.path || String(path).startsWith(`${field.path}.`)))?.field;
    if (!field || (isDoubt && !areDoubts) || faults.get(field.name)?.isDoubt === false) continue;
    const kind = code === "required" ? "missing" : code === "phone" || code === "email" ? code : "other";
    faults.set(field.name, { kind, isDoubt });
  }
  return faults;
}
