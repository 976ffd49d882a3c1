import { define, ICloudReadyLeadForm } from "./element.js";
import type { LeadFormEvents } from "./element.js";

declare global {
  interface HTMLElementTagNameMap {
    "icloud-ready-lead-form": ICloudReadyLeadForm;
  }

  interface HTMLElementEventMap extends LeadFormEvents {}
}

define(ICloudReadyLeadForm);

export * from "./element.js";
