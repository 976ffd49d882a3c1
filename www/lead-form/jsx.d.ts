// Typings of the element for JSX: `import type {} from "icloud-ready/lead-form/jsx"`, or, for React 18 and 19,
// `icloud-ready/lead-form/react`.

import type { LeadFormProperties } from "./attributes.js";
import type { ICloudReadyLeadForm } from "./types/element.js";

/** The HTML attributes of any element, in HTML's spelling and in React's. */
type GlobalAttributeName =
  | "accesskey"
  | "accessKey"
  | "autocapitalize"
  | "autoCapitalize"
  | "autofocus"
  | "autoFocus"
  | "contenteditable"
  | "contentEditable"
  | "dir"
  | "draggable"
  | "enterkeyhint"
  | "enterKeyHint"
  | "exportparts"
  | "hidden"
  | "id"
  | "inert"
  | "inputmode"
  | "inputMode"
  | "is"
  | "itemid"
  | "itemID"
  | "itemprop"
  | "itemProp"
  | "itemref"
  | "itemRef"
  | "itemscope"
  | "itemScope"
  | "itemtype"
  | "itemType"
  | "lang"
  | "nonce"
  | "part"
  | "popover"
  | "role"
  | "slot"
  | "spellcheck"
  | "spellCheck"
  | "suppressHydrationWarning"
  | "tabindex"
  | "tabIndex"
  | "title"
  | "translate"
  | "writingsuggestions";

/** The element's attributes and properties in JSX, and the attributes of any element. */
export interface LeadFormAttributes
  extends LeadFormProperties, Partial<Record<GlobalAttributeName, string | number | boolean | undefined>> {
  /** Text, or what a framework accepts. */
  class?: unknown;
  /** As in React. */
  className?: string | undefined;
  /** Text, or what a framework accepts. */
  style?: string | object | undefined;
  /** As in React and similar frameworks. */
  key?: string | number | bigint | null | undefined;
  /** As in React and similar frameworks. */
  ref?: unknown;
  /** The content of the slots. */
  children?: unknown;
  /** Event handlers, in a framework's spelling. */
  [handler: `on${string}`]: unknown;
}

declare global {
  namespace JSX {
    interface IntrinsicElements {
      "icloud-ready-lead-form": LeadFormAttributes;
    }
  }
}

export type { ICloudReadyLeadForm, LeadFormProperties };
