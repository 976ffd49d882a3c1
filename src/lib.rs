//! The SDK of the iCloud-Ready real-estate CRM.
//!
//! Two tables hold every fact about the API: `api` (the operations) and [`model`] (the records). The typed [`client`], the
//! validation of input ([`validate`]), the WebAssembly module of the npm package, and its TypeScript are made from them.
//!
//! The core runs anywhere: it gets exchanges, clocks and random numbers from a [`transport`]. For wasm32 one is included.

// The npm package's wasm is linked without the standard library, whose panic formatting would make it larger
// (CONTRIBUTING, "Size").
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod api;
pub mod call;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub mod client;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod list;
pub mod model;
#[cfg(feature = "forwarder")]
pub mod outbox;
pub mod phone;
pub mod request;
mod text;

#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use call::{auth, limiter, transport};
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use client::Client;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use client::error::{self, Error};
pub use json::value;
pub use request::settings::Settings;
pub use request::validate;
#[doc(hidden)]
pub use request::{endpoint, path, submission};
