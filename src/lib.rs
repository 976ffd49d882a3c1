//! The SDK of the iCloud-Ready real-estate CRM.
//!
//! Two tables hold every fact about the API: `api` (the operations) and [`model`] (the records).
//! What reads them makes the typed [`client`], the check of what is sent ([`validate`]), the
//! WebAssembly module behind the npm package, and that package's TypeScript.
//!
//! The core runs anywhere: it asks a [`transport`] for exchanges, clocks and chance. For wasm32
//! one ships with the crate.

// The npm package's wasm is linked without the standard library, which would bring along what it
// prints panics with (CONTRIBUTING, "Size").
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod api;
pub mod auth;
pub mod call;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub mod client;
pub mod config;
pub mod endpoint;
mod envelope;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub mod error;
pub mod failure;
mod format;
pub mod json;
pub mod limiter;
pub mod model;
#[cfg(feature = "forwarder")]
pub mod outbox;
pub mod page;
pub mod pager;
pub mod path;
pub mod phone;
pub mod retry;
pub mod run;
pub mod submission;
mod text;
pub mod transport;
pub mod validate;
pub mod value;

#[cfg(target_arch = "wasm32")]
pub mod wasm;

#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use client::Client;
pub use config::Settings;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use error::Error;
