// Typings of the element for React 19, which keeps its JSX namespace to itself.

import type { LeadFormAttributes } from "./jsx.js";
import "react";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "icloud-ready-lead-form": LeadFormAttributes;
    }
  }
}
