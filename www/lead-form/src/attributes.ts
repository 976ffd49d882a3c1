import type { AttributionMode } from "./attribution.js";

/** A server has no elements; there the class can be imported and nothing more. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** The form's attributes, which mirror properties. */
export class Attributes extends Base {
  /** The forwarder's address; by default the action of a form inside, else `/leads`. */
  get endpoint(): string | null {
    return this.getAttribute("endpoint");
  }

  set endpoint(endpoint: string | null) {
    this.#reflect("endpoint", endpoint);
  }

  /** `ar`, `en`, `fr` or a language of the page's own; by default the language around the form. */
  get locale(): string | null {
    return this.getAttribute("locale");
  }

  set locale(locale: string | null) {
    this.#reflect("locale", locale);
  }

  /** Whose numbers may be typed without a country code, as in `EG`. */
  get country(): string | null {
    return this.getAttribute("country");
  }

  set country(country: string | null) {
    this.#reflect("country", country);
  }

  /** What is asked for, by name; by default `firstName lastName phone email`. */
  get fields(): string | null {
    return this.getAttribute("fields");
  }

  set fields(fields: string | null) {
    this.#reflect("fields", fields);
  }

  /** The lead's `campaignName`. */
  get campaignName(): string | null {
    return this.getAttribute("campaign-name");
  }

  set campaignName(campaignName: string | null) {
    this.#reflect("campaign-name", campaignName);
  }

  /** Where what brought the visitor is kept; by default `session`. */
  get attribution(): AttributionMode {
    const mode = this.getAttribute("attribution");
    return mode === "none" || mode === "persistent" ? mode : "session";
  }

  set attribution(mode: AttributionMode | null) {
    this.#reflect("attribution", mode);
  }

  /** Whether events without personal data are pushed to `dataLayer`. */
  get dataLayer(): boolean {
    return this.hasAttribute("data-layer");
  }

  set dataLayer(isPushed: boolean) {
    this.toggleAttribute("data-layer", isPushed);
  }

  #reflect(attribute: string, value: string | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else this.setAttribute(attribute, value);
  }
}
