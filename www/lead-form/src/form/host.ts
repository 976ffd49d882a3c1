import type { AttributionMode } from "../background/attribution.js";
import type { FieldValue } from "../fields/fields.js";
import type { SenderElement } from "../submission/submission.js";

/** The parts of the element that submitting needs. */
export interface FormHost extends SenderElement {
  readonly attribution: AttributionMode;
  /** The code of its language. */
  readonly code: string;
  /** Where its leads go. */
  readonly key: string;
  readonly value: Readonly<Record<string, FieldValue>>;
}
