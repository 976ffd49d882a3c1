import type { AttributionMode } from "../background/attribution.js";
import { nullProto } from "../base/null-proto.js";

/** Servers have no DOM: there the class can only be imported. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** The form's attributes, reflected by properties. */
export class Attributes extends Base {
  /** The forwarder's URL. Default: the action of the form inside, else `/leads`. */
  declare endpoint: string | null;
  /** `ar`, `en`, `fr` or a language that the page added. Default: the inherited `lang`. */
  declare locale: string | null;
  /** The country of numbers without a calling code, such as `EG`. */
  declare country: string | null;
  /** The fields, by name. Default `firstName lastName phone email`. */
  declare fields: string | null;
  /** `inline` (default), `popup` or `slide-in`. */
  declare mode: string | null;
  /** The lead's `campaignName`. */
  declare campaignName: string | null;
  /** Where attribution is stored. Default `session`. */
  declare attribution: AttributionMode;
  /** Whether events without personal data are pushed to `dataLayer`. */
  declare dataLayer: boolean;
  /** Whether input is stored in the tab until it is sent, for at most 30 minutes. */
  declare draft: boolean;
}

for (const name of "endpoint locale country fields mode campaignName attribution dataLayer draft".split(" ")) {
  const attribute = name.replace(/[A-Z]/, "-$&");
  const isBoolean = /^d/.test(name);
  const descriptor = {
    configurable: true,
    get(this: Element) {
      // Some frameworks use a property's name as the attribute's name, which HTML lowercases.
      const value =
        this.getAttribute(attribute) ?? this.getAttribute(name) ?? (name === "attribution" ? "session" : null);
      return isBoolean ? value !== null : value;
    },
    set(this: Element, value: string | boolean | null | undefined) {
      if (value == null || value === false) this.removeAttribute(attribute);
      else this.setAttribute(attribute, isBoolean ? "" : (value as string));
    },
  };
  Object.defineProperty(Attributes.prototype, name, nullProto(descriptor));
}
