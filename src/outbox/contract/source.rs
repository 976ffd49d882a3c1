//! Lead sources: the deliveries of platforms, and the host's fetches and mappings.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The events that a source delivered with one request.
#[derive(Clone, Debug, Deserialize)]
pub struct Delivery {
    /// The source's configured name.
    pub source: String,
    /// Its kind, the prefix of all submission ids.
    pub kind: String,
    /// The events.
    pub events: Vec<SourceEvent>,
}

/// One event of a source: a lead, or the id of a lead that must be fetched.
#[derive(Clone, Debug, Deserialize)]
pub struct SourceEvent {
    /// The platform's id. Without one it is derived from `data` and is the same for ten minutes.
    pub id: Option<String>,
    /// The account that the lead belongs to, if each account has its own token.
    #[serde(default)]
    pub account: String,
    /// The event as JSON text, without secrets.
    pub data: String,
    /// Whether the lead itself must be fetched.
    #[serde(default)]
    pub thin: bool,
    /// Its marks.
    #[serde(default)]
    pub marks: Vec<String>,
}

/// The result of a [`Delivery`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryResult {
    /// How many events were stored.
    pub stored: u32,
    /// How many were known.
    pub known: u32,
    /// If too many leads wait: when to retry. Nothing was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<f64>,
}

/// A job of the host for a source.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "step", rename_all = "lowercase")]
pub enum SourceJob {
    /// Maps events to leads. The result is an [`EventMapping`] for each.
    Map {
        /// The events.
        events: Vec<ClaimedEvent>,
    },
    /// Fetches the lead of a thin event. The result is a [`FetchedLead`].
    Fetch {
        /// The event.
        event: ClaimedEvent,
    },
    /// Reads a page of a form's leads. The result is a [`BackfillPage`].
    Backfill {
        /// The source.
        source: String,
        /// The form.
        form: String,
        /// The account of the form.
        account: String,
        /// The earliest creation time, in seconds since 1970.
        since: f64,
        /// The cursor of the page; absent for the first one.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
}

/// The next step for the sources.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceStep {
    /// Do this job.
    Job(SourceJob),
    /// Call again at this time of the host's monotonic clock, infinite if nothing is due.
    Wait(f64),
}

/// A claimed event.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimedEvent {
    /// The submission id.
    pub id: String,
    /// The number of the claim.
    pub claim: f64,
    /// The source.
    pub source: String,
    /// The account.
    pub account: String,
    /// The event as JSON text.
    pub data: String,
    /// Its marks.
    pub marks: Vec<String>,
    /// When it arrived.
    pub received_at: f64,
}

/// A response of a platform, or why there was none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FetchResponse {
    /// The status; absent if there was no response.
    pub status: Option<u16>,
    /// The body.
    pub body: Option<String>,
    /// The wait that it requested.
    pub retry_after_ms: Option<f64>,
}

/// The response to a [`SourceJob::Fetch`].
#[derive(Clone, Debug, Deserialize)]
pub struct FetchedLead {
    /// The submission id.
    pub id: String,
    /// The number of the claim.
    pub claim: f64,
    /// The source and the account.
    pub source: String,
    /// The account.
    #[serde(default)]
    pub account: String,
    /// The response.
    pub response: FetchResponse,
}

/// The response to a [`SourceJob::Backfill`].
#[derive(Clone, Debug, Deserialize)]
pub struct BackfillPage {
    /// The source.
    pub source: String,
    /// The kind of the source.
    pub kind: String,
    /// The form.
    pub form: String,
    /// The account of the form.
    #[serde(default)]
    pub account: String,
    /// The response.
    pub response: FetchResponse,
}

/// The result of mapping an event.
#[derive(Clone, Debug, Deserialize)]
pub struct EventMapping {
    /// The submission id.
    pub id: String,
    /// The number of the claim.
    pub claim: f64,
    /// The result.
    #[serde(flatten)]
    pub result: Mapping,
}

/// The result of mapping an event.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Mapping {
    /// It is sent.
    Send {
        /// The JSON text of the lead, without `customField`.
        lead: String,
        /// The JSON text of the content of `customField`, an object.
        custom: String,
        /// The JSON text of the validation's warnings.
        warnings: Option<String>,
        /// The lead's marks.
        #[serde(default)]
        marks: Vec<String>,
    },
    /// It is not sent.
    Skip {
        /// Why.
        reason: SkipReason,
    },
    /// It waits for an operator.
    Hold {
        /// Why.
        reason: HoldReason,
    },
}

/// Why an event is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// It is a test event of the platform.
    TestLead,
    /// The option `map` returned `null`.
    MapNull,
}

impl SkipReason {
    pub(in crate::outbox) const fn name(self) -> &'static str {
        match self {
            Self::TestLead => "test_lead",
            Self::MapNull => "map_null",
        }
    }
}

/// Why an event waits for an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The option `map` threw.
    MapFailed,
    /// The option `map` returned something other than a valid lead.
    MapInvalid,
    /// The lead has no telephone number or no first name.
    Incomplete,
    /// Mapping it ended the process three times.
    MapCrashed,
    /// The platform does not have the lead.
    LeadNotFound,
    /// No source of this name or kind is configured.
    SourceMissing,
}

impl HoldReason {
    pub(in crate::outbox) const fn name(self) -> &'static str {
        match self {
            Self::MapFailed => "map_failed",
            Self::MapInvalid => "map_invalid",
            Self::Incomplete => "incomplete",
            Self::MapCrashed => "map_crashed",
            Self::LeadNotFound => "lead_not_found",
            Self::SourceMissing => "source_missing",
        }
    }
}

/// The state of a source.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceHealth {
    /// Its name.
    pub name: String,
    /// How many of its events are not mapped to leads yet.
    pub fetching: u32,
    /// The age of the oldest of them.
    pub oldest_age_ms: Option<f64>,
    /// How many wait for an operator.
    pub held: u32,
    /// Why fetching is paused, as a code; of several accounts, the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_reason: Option<String>,
    /// When its last event arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_event_at: Option<f64>,
}
