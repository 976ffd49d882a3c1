import { type Language } from "../languages/index.js";
import type { Settled } from "../submission.js";

/** What is said of a request that was made on an earlier visit, `at` being when. */
export function tellEarlier({ code, earlier }: Language, outcome: Settled | undefined, at: number): string {
  switch (outcome?.kind) {
    case "accepted":
      return earlier.accepted;
    case "wrong":
    case "check":
      return earlier.check;
    case "expired":
      return earlier.expired(new Intl.DateTimeFormat(code).format(at));
    default:
      return earlier.queued;
  }
}
