import { ICloudReadyLeadForm } from "./element.js";

declare global {
  interface HTMLElementTagNameMap {
    "icloud-ready-lead-form": ICloudReadyLeadForm;
  }
}

const NAME = "icloud-ready-lead-form";

// A page may load this twice: by two tags, or in two versions. The first one stays.
if (!customElements.get(NAME)) customElements.define(NAME, ICloudReadyLeadForm);

export { ICloudReadyLeadForm };
