//! What crosses into the outbox and out of it, as plain JSON: the same shapes as in the package's
//! `forwarder/outbox/contract.ts`. Times are milliseconds since 1970.

mod enqueue;
mod lead;
mod refusal;

pub use enqueue::{
    Enqueue, EnqueueResult, FormPost, Precheck, PrecheckResult, RateLimit, SignedPage,
};
pub(super) use lead::marks;
pub use lead::{LeadDetail, LeadEntry, LeadPage, LeadQuery, LeadRevision, LeadState, ReplayQuery};

pub use refusal::{RecordRefusal, RecordRefusalResult, RefusalKind, RefusalSummary};

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// How the outbox is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The leads that are not with the CRM yet, without those that wait for an operator.
    pub backlog: u32,
    /// The age of the oldest of them.
    pub oldest_age_ms: Option<f64>,
    /// The dead letters whose text is still there.
    pub dead: u32,
    /// The leads that wait for an operator.
    pub held: u32,
    /// The leads of the backlog that fail by themselves while the CRM takes others.
    pub poison: u32,
    /// Whether nothing is sent, or leads are sent slowly.
    pub paused: bool,
    /// Why, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_reason: Option<String>,
    /// Why the last request to the CRM failed; absent once one succeeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<LastFailure>,
    /// How far the machine's clock is ahead of the CRM's, where that is over a day: nothing is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_offset_ms: Option<f64>,
    /// Whether the key may read leads: `available`, `unavailable`, `unknown`.
    pub reconcile: &'static str,
    /// The origins of pages that were refused within the last week because they are not listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused_origins: Vec<RefusalSummary>,
    /// The paths that pages posted to within the last week though they do not exist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_paths: Vec<RefusalSummary>,
}

/// A request to the CRM that failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LastFailure {
    /// Why there was no response, as a code such as `ECONNREFUSED`; absent where there was one.
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
    /// Nothing is sent any more, but for one lead at a time to try.
    Paused {
        /// Why, as a code.
        reason: String,
        /// The answer's status.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// Where the CRM cannot be reached: why, as a code such as `ECONNREFUSED`.
        #[serde(skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    },
    /// Leads are sent again.
    Resumed {
        /// Why they were not.
        reason: String,
    },
    /// A condition that was alerted is over: the alert's kind. What stops sending ends with
    /// [`Resumed`](Self::Resumed) instead.
    Resolved {
        /// The kind of the alert.
        condition: String,
        /// The origin or the path that it was about.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// The oldest lead that is not with the CRM has passed 15 minutes, an hour or a day. Leads that
    /// fail by themselves do not count.
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
        /// The answer's status; absent where our own check refused it.
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
    /// So many leads failed five times each while the CRM took others.
    PoisonLeads {
        /// How many.
        count: u32,
        /// How long ago the first of them arrived.
        oldest_age_ms: f64,
    },
    /// Requests to `/admin` or `/health` came with a wrong token: 5 within an hour.
    AdminAuthFailed {
        /// How many since they are counted.
        count: u32,
    },
    /// The CRM answered so many sends in a row with a 2xx that confirms no lead.
    Unconfirmable {
        /// How many.
        sends: u32,
    },
    /// A lead is held because it is unknown whether the CRM has it.
    LeadHeld {
        /// The lead's id.
        submission_id: String,
        /// Why: `unconfirmed_response` after five 2xx responses that did not confirm it, `absence_unproven` after 24
        /// walks through the CRM's list that did not prove that it is absent.
        reason: &'static str,
    },
    /// The key may not read leads: those whose answer is lost are held.
    ReconcileUnavailable {
        /// The answer's status.
        status: u16,
    },
    /// Pages of an origin that is not listed were refused: 5 times, from 3 addresses, within an
    /// hour.
    OriginRefused {
        /// The origin, as the browser sent it.
        origin: String,
        /// How often since it is remembered.
        count: u32,
    },
    /// Pages posted to a path that does not exist: 5 times, from 3 addresses, within an hour.
    PathNotFound {
        /// The path.
        path: String,
        /// How often since it is remembered.
        count: u32,
    },
    /// The machine's clock and the CRM's are over a day apart, or the CRM's answers have no date:
    /// nothing is deleted until that is over.
    ClockSkew {
        /// How far the machine's is ahead; absent where the CRM's is not known.
        #[serde(skip_serializing_if = "Option::is_none")]
        offset_ms: Option<f64>,
    },
    /// The text of a dead or held lead will be deleted in seven days.
    LeadExpiring {
        /// The lead's id.
        submission_id: String,
    },
}
