//! The SDK's core, natively: typed calls over real sockets, and every rule on a simulated clock.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may stop at the first thing that is not as expected"
)]

mod support {
    pub(crate) mod arbitrary;
    pub(crate) mod bodies;
    pub(crate) mod crm;
    pub(crate) mod fake;
    pub(crate) mod fetched;
    pub(crate) mod listing;
    pub(crate) mod property;
    pub(crate) mod recorder;
    pub(crate) mod records;
    pub(crate) mod rig;
    pub(crate) mod rng;
    pub(crate) mod script;
}

mod exactly_once;
mod examples;
mod facade;
mod lists;
mod outbox;
mod phone;
mod properties;
mod reqwest;
mod retries;
mod threads;
mod transport;
mod wire;
