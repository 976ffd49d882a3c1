import type { ICloudReady } from "icloud-ready";

/** The part of an `ICloudReady` that a form needs. */
export type LeadClient = Pick<ICloudReady, "leads">;

/** One thing wrong with a lead, as the forwarder and the package tell it. */
export interface Fault {
  /** Where: members of the lead joined by dots. */
  readonly path: string;
  /** What is wrong: an issue's code. */
  readonly code: string;
  /** `error` or `warning`. */
  readonly severity?: string;
}

/** What came of `submit()`. `doubtful`: sent as it is when it is submitted once more. */
export type SubmitResult = "accepted" | "queued" | "invalid" | "doubtful" | "challenge" | "canceled";
