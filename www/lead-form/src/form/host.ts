import type { AttributionMode } from "../background/attribution.js";
import type { FieldValue } from "../fields/field.js";
import type { SenderElement } from "../submission/submission.js";

/** The parts of the element that submitting needs. */
export interface FormHost extends SenderElement {
  readonly attribution: AttributionMode | null;
  /** The code of its language. */
  readonly code: string;
  /** The key of its queue. */
  readonly key: string;
  readonly value: Readonly<Record<string, FieldValue>>;
}
