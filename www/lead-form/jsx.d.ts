// Typings of the element for JSX: `import type {} from "icloud-ready/lead-form/jsx"`, or, for React
// 19, `icloud-ready/lead-form/react`.

import type { AttributionMode, FormSchema, ICloudReadyLeadForm, LeadClient } from "./types/element.js";

/** The element's attributes and properties, as JSX takes them. */
export interface LeadFormAttributes {
  /** The forwarder's address. */
  endpoint?: string;
  /** `ar`, `en`, `fr` or a language of the page's own. */
  locale?: string;
  /** Whose numbers may be typed without a country code, as in `EG`. */
  country?: string;
  /** What is asked for, by name. */
  fields?: string;
  /** The same with options. */
  schema?: FormSchema | string;
  /** The lead's `campaignName`. */
  "campaign-name"?: string;
  /** Where what brought the visitor is kept. */
  attribution?: AttributionMode;
  /** Keeps what is typed in the tab until it is sent, for 30 minutes. */
  draft?: boolean | "";
  /** Whether events without personal data are pushed to `dataLayer`. */
  "data-layer"?: boolean | "";
  /** Sends the leads in place of an endpoint. */
  client?: LeadClient;
  /** As any element's. */
  id?: string;
  /** As any element's. */
  class?: string;
  /** As any element's, in React. */
  className?: string;
  /** As any element's. */
  slot?: string;
  /** As any element's. */
  hidden?: boolean;
  /** As any element's. */
  lang?: string;
  /** As any element's. */
  dir?: string;
  /** As any element's. */
  title?: string;
  /** As any element's: text, or what a framework takes. */
  style?: string | object;
  /** As any element's, in React and its kin. */
  key?: string | number;
  /** As any element's, in React and its kin. */
  ref?: unknown;
  /** What is in the slots. */
  children?: unknown;
}

declare global {
  namespace JSX {
    interface IntrinsicElements {
      "icloud-ready-lead-form": LeadFormAttributes;
    }
  }
}

export type { ICloudReadyLeadForm };
