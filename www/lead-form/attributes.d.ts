// The attributes of the element that `jsx.d.ts` and `react.d.ts` share.

import type { AttributionMode, FormSchema, LeadClient } from "./types/element.js";

/** The element's own attributes and properties in JSX. */
export interface LeadFormProperties {
  /** The forwarder's URL. */
  endpoint?: string | undefined;
  /** `ar`, `en`, `fr` or a language that the page added. */
  locale?: string | undefined;
  /** The country whose numbers may be typed without a calling code, such as `EG`. */
  country?: string | undefined;
  /** The fields, by name. */
  fields?: string | undefined;
  /** The fields with options. */
  schema?: FormSchema | string | undefined;
  /** The lead's `campaignName`. */
  "campaign-name"?: string | undefined;
  /** Where attribution is stored. */
  attribution?: AttributionMode | undefined;
  /** Stores the visitor's input in the tab until it is sent, for 30 minutes. */
  draft?: boolean | "" | undefined;
  /** Whether events without personal data are pushed to `dataLayer`. */
  "data-layer"?: boolean | "" | undefined;
  /** Where the form is shown. Default `inline`. */
  mode?: "inline" | "popup" | "slide-in" | undefined;
  /** A theme of `themes.css`. */
  theme?: "plain" | "card" | "floating" | "quiet-luxury" | "bold" | "compact" | undefined;
  /** The heading above the fields. */
  heading?: string | undefined;
  /** The text of the submit button. */
  "submit-text"?: string | undefined;
  /** The title of the message after a lead is accepted. */
  thanks?: string | undefined;
  /** The URL, on the page's own origin, that the page opens once a lead is accepted. */
  "thank-you-url"?: string | undefined;
  /** A telephone number: adds a link to WhatsApp. */
  whatsapp?: string | undefined;
  /** The text of the pill that opens a slide-in. */
  teaser?: string | undefined;
  /** The URL of the picture in the pill. */
  "teaser-image"?: string | undefined;
  /** Opens a popup or slide-in after this many seconds. */
  "open-after"?: number | string | undefined;
  /** Opens it once this percentage of the page has been scrolled. */
  "open-at-scroll"?: number | string | undefined;
  /** Opens it when the pointer leaves the page at the top. */
  "open-on-exit"?: boolean | "" | undefined;
  /** Opens it automatically once in this many days. Default 7. */
  "open-every"?: number | string | undefined;
  /** Sends the leads instead of an endpoint. */
  client?: LeadClient | undefined;
}
