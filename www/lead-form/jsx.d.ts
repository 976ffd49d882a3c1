// Typings of the element for JSX: `import type {} from "icloud-ready/lead-form/jsx"`, or, for React
// 19, `icloud-ready/lead-form/react`.

import type { AttributionMode, FormSchema, ICloudReadyLeadForm, LeadClient } from "./types/element.js";

/** The element's attributes and properties, as JSX takes them. */
export interface LeadFormAttributes {
  endpoint?: string;
  locale?: string;
  country?: string;
  fields?: string;
  schema?: FormSchema | string;
  "campaign-name"?: string;
  attribution?: AttributionMode;
  "data-layer"?: boolean | "";
  client?: LeadClient;
  id?: string;
  class?: string;
  className?: string;
  slot?: string;
  hidden?: boolean;
  lang?: string;
  key?: string | number;
  ref?: unknown;
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
