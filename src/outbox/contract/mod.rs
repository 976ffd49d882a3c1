//! What crosses into the outbox and out of it, as plain JSON: the same shapes as in the package's
//! `forwarder/inbox.ts`. Times are milliseconds since 1970.

mod arrival;
mod entry;

pub use arrival::{Accepted, Arrival, Form, Knock, Knocked, Rate};
pub(super) use entry::marks;
pub use entry::{Detail, Entry, Listed, Query, Revision, State};

use alloc::string::String;
use serde::Serialize;
use serde_json::Value;

/// How the outbox is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The leads that are not with the CRM yet, without those that wait for somebody to decide.
    pub backlog: u32,
    /// The age of the oldest of them.
    pub oldest_age_ms: Option<f64>,
    /// `false`, or why nothing is sent.
    pub parked: Value,
    /// Whether the key may look: `available`, `unavailable`, `unknown`.
    pub reconcile: &'static str,
}

/// What somebody should know. It names no person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Alert {
    /// Nothing is sent any more, but for one lead at a time to try.
    Parked {
        /// Why, as a code.
        reason: String,
        /// The answer's status.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// Leads are sent again.
    Resumed {
        /// Why they were not.
        reason: String,
    },
    /// The oldest lead that is not with the CRM has passed 15 minutes, an hour or a day.
    Age {
        /// Its age.
        oldest_age_ms: f64,
        /// How many wait.
        backlog: u32,
    },
    /// The CRM refused a lead.
    Dead {
        /// The lead's id.
        submission_id: String,
        /// The answer's status; absent where our own check refused it.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// The key may not look for leads: those whose answer is lost are held.
    ReconcileUnavailable {
        /// The answer's status.
        status: u16,
    },
    /// What a dead or held lead says will be deleted in seven days.
    Expiring {
        /// The lead's id.
        submission_id: String,
    },
}
