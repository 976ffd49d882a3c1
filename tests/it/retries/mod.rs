//! One call on its way: answers, retries, waits, clocks, limits.

mod answers;
mod attempts;
mod clocks;
mod closing;
mod limits;
mod pauses;
mod queue;
mod tokens;
mod waits;
