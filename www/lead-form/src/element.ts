import type { ICloudReady, Lead, LeadInformation, NewLead } from "icloud-ready";
import { Attempts } from "./attempts.js";
import { failureOf, faultsOf } from "./failure.js";
import { FIELDS, type Fault, type FieldName } from "./fields.js";
import { fallback, languageOf } from "./languages/index.js";
import { international } from "./phone.js";
import { View } from "./view.js";

/** What is sent; what a listener adds to `lead` is sent too. Cancelling sends nothing. */
export type LeadSubmitEvent = CustomEvent<{ lead: NewLead }>;

/** The CRM has the lead. */
export type LeadAcceptedEvent = CustomEvent<{ lead: Lead; submissionId: string }>;

/** The lead was not taken: any error of the client, its validation included. */
export type LeadErrorEvent = CustomEvent<{ error: unknown; submissionId?: string }>;

/** The locales that were asked for in vain: each is told of once. */
const unknown = new Set<string>();

/**
 * A form for a visitor to leave a name and a number.
 *
 * @attribute locale - `en` or `ar`; by default the language of the page around the form.
 * @attribute country - Whose numbers may be typed without a country code, as in `EG`.
 * @attribute campaign-name - The lead's `campaignName`.
 * @fires lead-submit - Before a lead is sent; cancelable.
 * @fires lead-accepted - When the CRM has it.
 * @fires lead-error - When it was not taken.
 * @slot note - Below the button: a line about privacy, for one.
 */
export class ICloudReadyLeadForm extends HTMLElement {
  static readonly observedAttributes = ["locale", "country"];

  readonly #view: View;
  readonly #attempts = new Attempts();
  #client: Pick<ICloudReady, "leads"> | undefined;

  constructor() {
    super();
    // A page may have set the property before this class was there to have it.
    if (Object.hasOwn(this, "client")) {
      const { client } = this;
      delete (this as Partial<this>).client;
      this.client = client;
    }
    this.#view = new View(this.attachShadow({ mode: "open" }));
    this.#view.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.#view.again.addEventListener("click", () => {
      this.#view.reset();
      this.#view.focus();
    });
  }

  /** Sends the leads. Made with an `accessToken` function: text would be every visitor's to read. */
  get client(): Pick<ICloudReady, "leads"> | undefined {
    return this.#client;
  }

  set client(client: Pick<ICloudReady, "leads"> | undefined) {
    this.#client = client;
  }

  /** The attribute `locale`. */
  get locale(): string | null {
    return this.getAttribute("locale");
  }

  set locale(locale: string | null) {
    this.#reflect("locale", locale);
  }

  /** The attribute `country`. */
  get country(): string | null {
    return this.getAttribute("country");
  }

  set country(country: string | null) {
    this.#reflect("country", country);
  }

  /** The attribute `campaign-name`. */
  get campaignName(): string | null {
    return this.getAttribute("campaign-name");
  }

  set campaignName(campaignName: string | null) {
    this.#reflect("campaign-name", campaignName);
  }

  connectedCallback(): void {
    this.#speak();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#speak();
  }

  #reflect(attribute: string, value: string | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else this.setAttribute(attribute, value);
  }

  #speak(): void {
    const around = this.closest<HTMLElement>("[lang]")?.lang ?? document.documentElement.lang;
    const { locale } = this;
    const language = languageOf(locale ?? around);
    if (!language && locale !== null && !unknown.has(locale)) {
      unknown.add(locale);
      console.warn(`<icloud-ready-lead-form>: no locale ${locale}: ${fallback.code} is used`);
    }
    this.#view.speak(language ?? fallback, this.country ?? undefined);
  }

  async #submit(): Promise<void> {
    const view = this.#view;
    if (view.state === "sending") return;
    const { values } = view;
    const missing = FIELDS.filter(({ name, isRequired }) => isRequired && !values[name]);
    view.blame(new Map(missing.map(({ name }): [FieldName, Fault] => [name, "missing"])));
    if (missing.length) return;

    const lead = this.#lead(values);
    if (!this.#dispatch("lead-submit", { lead }, true)) return;
    if (!this.#client) {
      console.warn("<icloud-ready-lead-form>: the property client is not set");
      return this.#failed(new Error("the property client is not set"));
    }
    let submissionId: string | undefined;
    try {
      const attempt = this.#attempts.next(JSON.stringify(lead));
      submissionId = attempt.submissionId;
      view.state = "sending";
      const created = await this.#client.leads.create(lead, attempt);
      this.#attempts.clear();
      view.state = "accepted";
      this.#dispatch("lead-accepted", { lead: created, submissionId });
    } catch (error) {
      this.#failed(error, submissionId);
    }
  }

  #lead(values: Partial<Record<FieldName, string>>): NewLead {
    const { phone = "" } = values;
    const leadInformation = { ...values, phone: international(phone, this.country ?? undefined) } as LeadInformation;
    const { campaignName } = this;
    return { leadInformation, ...(campaignName && { campaignName }) };
  }

  #failed(error: unknown, submissionId?: string): void {
    const faults = faultsOf(error);
    if (faults.size) this.#view.blame(faults);
    else this.#view.state = failureOf(error);
    this.#dispatch("lead-error", { error, ...(submissionId && { submissionId }) });
  }

  #dispatch(name: string, detail: object, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
  }
}
