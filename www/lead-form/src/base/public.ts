import type { ICloudReady } from "icloud-ready";

/** The part of an `ICloudReady` that a form needs. */
export type LeadClient = Pick<ICloudReady, "leads">;

/** An issue of a lead, as the forwarder and the package report it. */
export interface LeadIssue {
  /** The path in the lead, names joined by dots. */
  readonly path: string;
  /** The issue's code. */
  readonly code: string;
  /** `error` or `warning`. */
  readonly severity?: string;
}

/** The result of `submit()`. `warning`: submitting the same content again, 600 ms later, sends it. */
export type SubmitResult = "accepted" | "queued" | "invalid" | "warning" | "challenge" | "canceled";
