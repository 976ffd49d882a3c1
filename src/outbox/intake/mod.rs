//! Requests of pages: stores leads, limits clients, and counts requests that indicate a
//! configuration mistake.

pub(super) mod capacity;
pub(super) mod enqueue;
pub(super) mod rate_limit;
pub(super) mod refusals;
