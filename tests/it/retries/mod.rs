//! One call: responses, retries, waits, timeouts, limits.

mod attempts;
mod closed_limiter;
mod limiter;
mod lookup_delays;
mod queue;
mod responses;
mod timeouts;
mod tokens;
mod waits;
