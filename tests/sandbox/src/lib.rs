//! A real HTTP server with a real SQLite file that implements the documented behavior of the
//! iCloud-Ready CRM's API; undocumented behavior can be configured.
//!
//! It shares no code with the SDK: an emulator built from the SDK's own tables would agree with the
//! SDK's bugs.
//!
//! ```no_run
//! use icloud_ready_sandbox::{Action, Fault, Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::default());
//! sandbox.control().set_faults(vec![Fault::new(Action::cut_after_commit()).times(1)]);
//! // … point a client at `sandbox.url()`, then look at `sandbox.control().leads()`.
//! ```

mod api;
mod control;
mod data;
mod error;
mod inbox;
mod platforms;
mod sandbox;
mod server;
mod state;
mod sync;

pub use api::actions::{Action, Moment};
pub use api::credentials::{
    ACCESS_TOKEN, API_KEY, CREATE_ONLY_API_KEY, EMAIL, ORGANIZATION_ID, PASSWORD,
};
pub use api::credentials::{Role, Token, TokenKind};
pub use api::faults::{Fault, FaultStatus};
pub use api::request_log::{AuthenticationMode, LoggedRequest};
pub use api::shapes::{
    Cors, EmptyResponses, Envelope, ErrorShape, Limits, RequestIdHeader, RetryAfter, SigninShape,
};
pub use api::switches::Switches;
pub use control::Control;
pub use data::record::Record;
pub use data::resource::Resource;
pub use error::Error;
pub use sandbox::{Options, Sandbox};
