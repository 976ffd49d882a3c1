//! A typed client of the iCloud-Ready real-estate CRM: leads with their notes and activities, opportunities, batches and
//! customers. It validates what it sends, retries, keeps within the CRM's rate limit, reads lists page by page, and creates a
//! lead with a submission id exactly once.
//!
//! # Transports
//!
//! A [`Client`] sends through a [`Transport`](transport::Transport):
//!
//! - `ReqwestTransport` natively, with the feature `reqwest`, on a Tokio runtime. The client is `Send` and `Sync`, and its
//!   futures are `Send`.
//! - `FetchTransport` on wasm32, with the feature `fetch`, which is on by default.
//! - One of your own: the client gets responses, clocks and random numbers from it alone.
//!
//! The other features are for the modules of the npm package. They export JavaScript functions and set the allocator.
//!
//! # Records
//!
//! All fields of a record in [`model`] are optional: [`validate`] checks what a create requires before anything is sent.
//! Undocumented fields are kept in `extra` and sent back unchanged. A method whose output is an [`Option`] returns `None` if
//! the response is empty. Errors are of one type, [`Error`], and contain no secrets.
#![cfg_attr(
    all(not(target_arch = "wasm32"), feature = "reqwest"),
    doc = r#"
# Example

```no_run
use icloud_ready::auth::Credential;
use icloud_ready::limiter::Rates;
use icloud_ready::model::ListQuery;
use icloud_ready::{Client, ReqwestTransport, Settings};

# async fn list(access_token: String) -> Result<(), Box<dyn std::error::Error>> {
let credential = Credential::AccessToken(access_token);
let transport = ReqwestTransport::new("https://api.icloud-ready.com/api/v2", credential)?;
let client = Client::new(transport, Settings::default(), Some(Rates::default()));
let query = ListQuery { limit: Some(100), ..ListQuery::default() };
let mut pages = client.leads().pages(&query);
while let Some(page) = pages.next().await? {
    for lead in page.data {
        println!("{:?}", lead.id);
    }
}
# Ok(())
# }
```
"#
)]
// The npm package's wasm is linked without the standard library, whose panic formatting would make it larger
// (CONTRIBUTING, "Size").
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod api;
#[doc(hidden)]
pub mod call;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub mod client;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod list;
pub mod model;
#[cfg(all(not(target_arch = "wasm32"), feature = "reqwest"))]
mod native;
#[cfg(feature = "forwarder")]
#[doc(hidden)]
pub mod outbox;
pub mod phone;
#[doc(hidden)]
pub mod request;
#[doc(hidden)]
pub mod sync;
mod text;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod wasm;

pub use call::transport;

/// The credentials of a client.
pub mod auth {
    pub use crate::call::auth::{Credential, CredentialKind};
}

/// The client's rate limit.
pub mod limiter {
    pub use crate::call::limiter::Rates;
}

#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use client::error::{self, Error};
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use client::{Client, Settings};
#[doc(hidden)]
pub use json::value;
pub use list::page::Page;
#[cfg(all(not(target_arch = "wasm32"), feature = "reqwest"))]
pub use native::{ConfigurationError, ReqwestTransport};
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use request::settings::Reconcile;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use request::submission::SubmissionField;
pub use request::validate;
#[doc(hidden)]
pub use request::{endpoint, path, submission};
#[cfg(all(target_arch = "wasm32", feature = "fetch"))]
pub use wasm::fetch::FetchTransport;
