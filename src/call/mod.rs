//! Calls: attempts, retries, limits, lookups and failures. The platform sends the requests and waits.

pub mod auth;
pub mod failure;
pub mod limiter;
pub mod machine;
pub mod retry;
pub mod transport;
