//! The inputs and results of the outbox's requests, as JSON: the same types as in the package's
//! `forwarder/outbox/contract.ts`. Times are milliseconds since 1970.

mod enqueue;
mod lead;
mod refusal;

pub use enqueue::{
    Enqueue, EnqueueResult, FormPost, Precheck, PrecheckResult, RateLimit, SignedPage,
};
pub(super) use lead::parse_marks;
pub use lead::{LeadDetail, LeadEntry, LeadPage, LeadQuery, LeadRevision, LeadState, ReplayQuery};

pub use refusal::{RecordRefusal, RecordRefusalResult, RefusalKind, RefusalSummary};

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// The health of the outbox.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The number of leads that are not delivered yet, without those that wait for an operator.
    pub backlog: u32,
    /// The age of the oldest of them.
    pub oldest_age_ms: Option<f64>,
    /// The number of dead letters whose body is not deleted.
    pub dead: u32,
    /// The number of leads that wait for an operator.
    pub held: u32,
    /// The number of leads in the backlog that fail while the CRM accepts others.
    pub poison: u32,
    /// Whether nothing is sent, or leads are sent slowly.
    pub paused: bool,
    /// Why, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_reason: Option<String>,
    /// Why the last request to the CRM failed; absent once one succeeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<LastFailure>,
    /// How far the wall clock is ahead of the CRM's, if that is over a day: nothing is deleted then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_offset_ms: Option<f64>,
    /// Whether the credential may read leads: `available`, `unavailable`, `unknown`.
    pub reconcile: &'static str,
    /// The origins of pages that were refused within the last week because they are not listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused_origins: Vec<RefusalSummary>,
    /// The paths that pages posted to within the last week although they do not exist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_paths: Vec<RefusalSummary>,
}

/// A request to the CRM that failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LastFailure {
    /// Why there was no response, as a code such as `ECONNREFUSED`; absent if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The response's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<f64>,
    /// When.
    pub at: f64,
}

/// What an operator should know. It contains no personal data.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Alert {
    /// Nothing is sent except one trial at a time.
    Paused {
        /// Why, as a code.
        reason: String,
        /// The status of the response.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// Why the CRM cannot be reached, as a code such as `ECONNREFUSED`.
        #[serde(skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    },
    /// Leads are sent again.
    Resumed {
        /// The reason of the pause.
        reason: String,
    },
    /// A condition that was alerted has ended. What stops sending ends with [`Resumed`](Self::Resumed)
    /// instead.
    Resolved {
        /// The kind of the alert.
        condition: String,
        /// The origin or the path of the alert.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// The oldest lead that is not delivered has reached an age of 15 minutes, an hour or a day. Poison leads
    /// do not count.
    BacklogAge {
        /// Its age.
        oldest_age_ms: f64,
        /// How many wait.
        backlog: u32,
    },
    /// The CRM refused a lead.
    LeadDead {
        /// The lead's id.
        submission_id: String,
        /// The answer's status; absent if the lead was invalid and not sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// The number of dead letters; each is alerted by itself first.
    DeadLetters {
        /// How many.
        count: u32,
        /// How long the first of them has been dead.
        oldest_age_ms: f64,
    },
    /// The number of held leads that wait for an operator.
    HeldLeads {
        /// How many.
        count: u32,
        /// How long the first of them has been held.
        oldest_age_ms: f64,
    },
    /// Leads failed five times each while the CRM accepted others.
    PoisonLeads {
        /// How many.
        count: u32,
        /// How long ago the first of them arrived.
        oldest_age_ms: f64,
    },
    /// Requests to `/admin` or `/health` came with a wrong token: 5 within an hour.
    AdminAuthFailed {
        /// How many since counting began.
        count: u32,
    },
    /// Many sends in a row had a 2xx response that confirms no lead.
    Unconfirmable {
        /// How many.
        sends: u32,
    },
    /// A lead is held because it is unknown whether the CRM has it.
    LeadHeld {
        /// The lead's id.
        submission_id: String,
        /// Why: `unconfirmed_response` after five 2xx responses that did not confirm it, `absence_unproven` after 24
        /// scans of the CRM's list that did not prove it absent.
        reason: &'static str,
    },
    /// The credential may not read leads: those whose response is lost are held.
    ReconcileUnavailable {
        /// The status of the response.
        status: u16,
    },
    /// Pages of an origin that is not listed were refused: 5 times, from 3 addresses, within an
    /// hour.
    OriginRefused {
        /// The origin, as the browser sent it.
        origin: String,
        /// How often since it was first stored.
        count: u32,
    },
    /// Pages posted to a path that does not exist: 5 times, from 3 addresses, within an hour.
    PathNotFound {
        /// The path.
        path: String,
        /// How often since it was first stored.
        count: u32,
    },
    /// The wall clock and the CRM's differ by over a day, or the CRM's responses have no date: nothing is
    /// deleted until that ends.
    ClockSkew {
        /// How far the wall clock is ahead; absent if the CRM's is unknown.
        #[serde(skip_serializing_if = "Option::is_none")]
        offset_ms: Option<f64>,
    },
    /// The body of a dead or held lead will be deleted in seven days.
    LeadExpiring {
        /// The lead's id.
        submission_id: String,
    },
}
