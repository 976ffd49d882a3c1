//! The inputs and results of the outbox's requests, as JSON: the same types as in the package's
//! `forwarder/outbox/contract.ts`. Times are milliseconds since 1970.

mod enqueue;
mod lead;
mod operator;
mod refusal;
mod source;

pub use enqueue::{
    CapacityLimit, Enqueue, EnqueueResult, FormPost, Precheck, PrecheckResult, RateLimit,
    SignedPage,
};
pub use lead::{LeadDetail, LeadEntry, LeadPage, LeadQuery, LeadRevision, LeadState};
pub(super) use lead::{json, parse_marks};
pub use operator::{
    AttemptEvent, AuditEntry, AuditPage, AuditQuery, AuditRecord, BulkCommand, BulkResult, Command,
    CommandName,
};

pub use source::{
    BackfillPage, ClaimedEvent, Delivery, DeliveryResult, EventMapping, FetchResponse, FetchedLead,
    HoldReason, Mapping, SkipReason, SourceEvent, SourceHealth, SourceJob, SourceStep,
};

pub use refusal::{RecordRefusal, RecordRefusalResult, RefusalKind, RefusalSummary};

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// The health of the outbox.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The number of undelivered leads, except those that wait for an operator.
    pub backlog: u32,
    /// The age of the oldest of them.
    pub oldest_age_ms: Option<f64>,
    /// The number of dead letters whose body is not deleted.
    pub dead: u32,
    /// The number of leads that wait for an operator.
    pub held: u32,
    /// The number of leads in the backlog that fail while the CRM accepts others.
    pub poison: u32,
    /// Whether sending is paused or slowed down.
    pub paused: bool,
    /// Why, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_reason: Option<String>,
    /// Why the last request to the CRM failed; absent once one succeeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<LastFailure>,
    /// How far the wall clock is ahead of the CRM's, if by over a day: until then nothing is
    /// deleted.
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
    /// The lead sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceHealth>,
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

/// A condition that needs an operator's attention. It contains no personal data.
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
        /// The origin, the path or the source of the alert.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// The oldest lead that is not delivered has reached an age of 15 minutes, an hour or a day. Poison leads
    /// do not count.
    BacklogAge {
        /// Its age.
        oldest_age_ms: f64,
        /// The number of waiting ones.
        backlog: u32,
    },
    /// The CRM refused a lead.
    LeadDead {
        /// The lead's id.
        submission_id: String,
        /// The response's status; absent if the lead was invalid and not sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// The number of dead letters; each raises its own alert first.
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
    /// Requests to `/admin` or `/health` had a wrong token: 5 within an hour.
    AdminAuthFailed {
        /// How many since counting began.
        count: u32,
    },
    /// Many consecutive sends had a 2xx response that confirms no lead.
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
    /// The undelivered leads nearly reach the capacity, or reach it, so that more are refused.
    CapacityReached {
        /// The limit: `leads` or `bytes`; of one client `address_leads` or `address_bytes`.
        limit: &'static str,
        /// Whether leads are refused.
        refused: bool,
        /// The number of undelivered leads.
        leads: f64,
        /// Their bytes.
        bytes: f64,
    },
    /// Deliveries of a source failed verification: the first one if earlier ones passed, else five
    /// within an hour.
    SourceAuthFailed {
        /// The source.
        source: String,
        /// How many since counting began.
        count: u32,
    },
    /// The platform does not let a source fetch leads. Events are still stored.
    SourcePaused {
        /// The source.
        source: String,
        /// The account, if each has its own token.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// Why, as a code.
        reason: String,
        /// The platform's code of the error.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
    },
    /// The oldest event that is not fetched has reached an age of 7 or 60 days.
    SourceFetchAge {
        /// The source.
        source: String,
        /// Its age.
        oldest_age_ms: f64,
        /// The number of waiting ones.
        count: u32,
    },
    /// Leads of a source wait for an operator.
    SourceLeadsHeld {
        /// The source.
        source: String,
        /// Why, as a code.
        reason: String,
        /// How many.
        count: u32,
    },
    /// Reading the leads of a form failed three times in a row.
    SourceBackfillFailed {
        /// The source.
        source: String,
        /// The form.
        form: String,
    },
    /// The body of a dead or held lead will be deleted in seven days.
    LeadExpiring {
        /// The lead's id.
        submission_id: String,
    },
}
