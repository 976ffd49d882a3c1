// Written by `cargo xtask generate` from src/api.rs and src/model/: do not edit.


/** What can be wrong with what is sent, by the wasm's numbers. */
export const ISSUES = [
  "required",
  "type",
  "integer",
  "json",
  "conflict",
  "format",
  "phone",
  "email",
  "date",
  "spelling",
  "precision",
] as const;

/** What can go wrong with a call, by the wasm's numbers: the code, and the words for it. @internal */
export const FAILURES = [
  ["validation", "is invalid"],
  ["abort", "was aborted"],
  ["response", "gave an unexpected response"],
  ["inconclusive", "is inconclusive"],
  ["connection", "got no answer: network or CORS"],
  ["timeout", "timed out"],
  ["total_timeout", "timed out in all"],
  ["queue_timeout", "waited too long in the limiter"],
  ["bad_request", "is a bad request"],
  ["authentication", "is not authenticated"],
  ["permission_denied", "is not permitted"],
  ["not_found", "found nothing there"],
  ["conflict", "conflicts"],
  ["unprocessable_entity", "is unprocessable"],
  ["rate_limit", "met the rate limit"],
  ["server_error", "failed in the CRM"],
  ["redirect", "was redirected"],
  ["api", "is refused"],
] as const;
