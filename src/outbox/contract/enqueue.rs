//! Submissions from pages, and their results.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The rate limit of a request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// The address or site key.
    pub client: String,
    /// Requests per minute.
    pub per_minute: f64,
    /// Requests at once.
    pub burst: f64,
    /// Whether it is a form post, which is accepted but marked up to ten times the limit.
    #[serde(default)]
    pub form: bool,
}

/// The check before the challenge.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Precheck {
    /// The rate limit to count against, if any.
    pub rate: Option<RateLimit>,
    /// The submission id, if the page sent one.
    pub submission_id: Option<String>,
    /// Otherwise the form post: the id is derived from it and the canonical text.
    pub form: Option<FormPost>,
    /// The canonical JSON text of the lead and the consents.
    pub canonical: String,
}

/// A form post.
#[derive(Clone, Debug, Deserialize)]
pub struct FormPost {
    /// The page's origin.
    pub origin: String,
}

/// The signed origin in the forwarder's own page, which shows a visitor's form again.
#[derive(Clone, Debug, Deserialize)]
pub struct SignedPage {
    /// The origin of the page that the visitor came from.
    pub origin: String,
    /// The signature of that origin.
    pub signature: String,
}

/// The result of a [`Precheck`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum PrecheckResult {
    /// Too many requests from this client.
    Limited {
        /// When to retry.
        retry_after_ms: f64,
    },
    /// A new lead.
    New {
        /// The id, derived if none was sent.
        submission_id: String,
        /// Whether the lead gets the mark `rate`.
        marked: bool,
    },
    /// A known lead with the same body.
    Duplicate {
        /// The id.
        submission_id: String,
        /// Whether the lead gets the mark `rate`.
        marked: bool,
    },
    /// A known lead with another body.
    Conflict {
        /// The id.
        submission_id: String,
        /// Whether the lead gets the mark `rate`.
        marked: bool,
    },
}

/// A lead that a page sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Enqueue {
    /// The rate limit to count against, unless a [`Precheck`] already did.
    pub rate: Option<RateLimit>,
    /// The address or site key of the sender, if it is not in `rate`. Only its digest is stored.
    pub client: Option<String>,
    /// The id: 8 to 64 of `[A-Za-z0-9_-]`. Default: derived from the origin and the canonical text.
    pub submission_id: Option<String>,
    /// When it was received, if it arrives later, possibly twice, as from a queue. An id is derived from it.
    pub at: Option<f64>,
    /// The page's origin.
    pub origin: String,
    /// Whether it is a form post.
    #[serde(default)]
    pub form: bool,
    /// The canonical JSON text of the lead and the consents, to recognize repeats.
    pub canonical: String,
    /// The JSON text of the lead as it is sent, without `customField`.
    pub lead: String,
    /// The JSON text of the content of `customField`, an object.
    pub custom: String,
    /// The JSON text of fields that are stored and never sent.
    pub dropped: Option<String>,
    /// The JSON text of the validation's warnings.
    pub warnings: Option<String>,
    /// The lead's marks.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Whether it is held until an operator releases it.
    #[serde(default)]
    pub hold: bool,
    /// The `traceparent` of the page's request, sent to the CRM as well.
    pub traceparent: Option<String>,
}

/// The result of an [`Enqueue`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum EnqueueResult {
    /// Too many requests from this client; nothing is stored.
    Limited {
        /// When to retry.
        retry_after_ms: f64,
    },
    /// The lead is stored, now or since an earlier request.
    Accepted {
        /// The id.
        submission_id: String,
        /// Whether it was stored now.
        is_new: bool,
    },
    /// The id is known with another body; this one is stored as a revision.
    Conflict {
        /// The id.
        submission_id: String,
    },
    /// Too many leads wait; nothing is stored.
    Full {
        /// The limit that is reached.
        limit: CapacityLimit,
        /// When to retry.
        retry_after_ms: f64,
    },
}

/// A limit of the capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CapacityLimit {
    /// Leads in total.
    Leads,
    /// Bytes in total.
    Bytes,
    /// Leads of one client.
    AddressLeads,
    /// Bytes of one client.
    AddressBytes,
}

impl CapacityLimit {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::Bytes => "bytes",
            Self::AddressLeads => "address_leads",
            Self::AddressBytes => "address_bytes",
        }
    }
}
