import type { AttributionMode } from "../background/attribution.js";
import { warn } from "../base/warn.js";

/** Servers have no elements: there the class can only be imported. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** The form's attributes, reflected by properties. */
export class Attributes extends Base {
  /** The forwarder's URL. Default: the action of a form inside, else `/leads`. */
  get endpoint(): string | null {
    return this.getAttribute("endpoint");
  }

  set endpoint(endpoint: string | null) {
    this.#reflect("endpoint", endpoint);
  }

  /** `ar`, `en`, `fr` or a language that the page added. Default: the inherited `lang`. */
  get locale(): string | null {
    return this.getAttribute("locale");
  }

  set locale(locale: string | null) {
    this.#reflect("locale", locale);
  }

  /** The country of numbers without a calling code, as in `EG`. */
  get country(): string | null {
    return this.getAttribute("country");
  }

  set country(country: string | null) {
    this.#reflect("country", country);
  }

  /** The fields, by name. Default `firstName lastName phone email`. */
  get fields(): string | null {
    return this.getAttribute("fields");
  }

  set fields(fields: string | null) {
    this.#reflect("fields", fields);
  }

  /** The lead's `campaignName`. */
  get campaignName(): string | null {
    // Some frameworks write a property's name as an attribute, which HTML lowercases.
    return this.getAttribute("campaign-name") ?? this.getAttribute("campaignname");
  }

  set campaignName(campaignName: string | null) {
    this.#reflect("campaign-name", campaignName);
  }

  /** Where attribution is stored. Default `session`. */
  get attribution(): AttributionMode {
    const mode = this.getAttribute("attribution") ?? "session";
    if (mode === "none" || mode === "session" || mode === "persistent") return mode;
    warn(`unknown attribution "${mode}": session is used`);
    return "session";
  }

  set attribution(mode: AttributionMode | null) {
    this.#reflect("attribution", mode);
  }

  /** Whether events without personal data are pushed to `dataLayer`. */
  get dataLayer(): boolean {
    return this.hasAttribute("data-layer") || this.hasAttribute("datalayer");
  }

  set dataLayer(isPushed: boolean) {
    this.toggleAttribute("data-layer", isPushed);
  }

  /** Whether input is stored in the tab until it is sent, for 30 minutes at most. */
  get draft(): boolean {
    return this.hasAttribute("draft");
  }

  set draft(isKept: boolean) {
    this.toggleAttribute("draft", isKept);
  }

  #reflect(attribute: string, value: string | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else this.setAttribute(attribute, value);
  }
}
