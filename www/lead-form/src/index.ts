import { define, ICloudReadyLeadForm } from "./element.js";
import type { LeadFormEvents } from "./element.js";

declare global {
  interface HTMLElementTagNameMap {
    "icloud-ready-lead-form": ICloudReadyLeadForm;
  }

  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merges the form's events into the DOM's types
  interface HTMLElementEventMap extends LeadFormEvents {}
}

define(ICloudReadyLeadForm);

export * from "./element.js";
