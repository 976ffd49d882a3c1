// Typings of the element for React 18 and 19, whose JSX namespace is their own.

import type { ClassAttributes, HTMLAttributes } from "react";
import type { LeadFormProperties } from "./attributes.js";
import type { ICloudReadyLeadForm } from "./types/element.js";

/** The element's attributes and properties in React, and the attributes of any element. */
export interface ReactLeadFormAttributes
  extends LeadFormProperties, HTMLAttributes<ICloudReadyLeadForm>, ClassAttributes<ICloudReadyLeadForm> {
  /** The classes; `className` in React 19. */
  class?: string | undefined;
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "icloud-ready-lead-form": ReactLeadFormAttributes;
    }
  }
}
