import type { Language } from "../languages/index.js";
import type { LeadOutcome, Submission } from "../submission/submission.js";
import type { View } from "../view/view.js";
import { earlierMessage } from "./messages.js";

/**
 * Shows the outcome of a lead of an earlier visit, and restores the values of a rejected one for correction. Returns
 * whether the form now has them.
 */
export function showEarlier(
  view: View,
  language: Language | undefined,
  { at, values }: Submission,
  outcome: LeadOutcome | undefined,
): boolean {
  if (language) view.notice = earlierMessage(language, outcome, at);
  if (outcome?.kind !== "wrong" && outcome?.kind !== "check") return false;
  if (Object.keys(view.visitorValues).length > 0) return false;
  try {
    view.setValues(JSON.parse(values), true);
    return true;
  } catch {
    // The stored values are not valid JSON.
    return false;
  }
}
