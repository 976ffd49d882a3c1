//! A call: attempts, retries, limits, lookups, and the failure it ends with. The platform performs the
//! exchanges and waits.

pub mod auth;
pub mod failure;
pub mod limiter;
pub mod machine;
pub mod retry;
pub mod transport;
