//! Requests of pages: leads are stored, clients are limited, and what points to a mistake is counted.

pub(super) mod enqueue;
pub(super) mod rate_limit;
pub(super) mod refusals;
