//! What comes in from pages, and what they are told.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a request is counted against.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// The address or site key.
    pub client: String,
    /// How many requests a minute.
    pub per_minute: f64,
    /// How many at once.
    pub burst: f64,
    /// A form post is let in up to ten times that, and marked.
    #[serde(default)]
    pub form: bool,
}

/// What is asked before the challenge.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Precheck {
    /// Counted, where it is given.
    pub rate: Option<RateLimit>,
    /// The id, where the page gave one.
    pub submission_id: Option<String>,
    /// Where it did not: what the id is made from, with the canonical text.
    pub form: Option<FormPost>,
    /// The canonical JSON text of what the page sent as lead and consents.
    pub canonical: String,
}

/// A form post.
#[derive(Clone, Debug, Deserialize)]
pub struct FormPost {
    /// The page's origin.
    pub origin: String,
}

/// A page of the forwarder's own, which shows a visitor's form again.
#[derive(Clone, Debug, Deserialize)]
pub struct SignedPage {
    /// The origin of the page that the visitor came from at first.
    pub origin: String,
    /// What the page was signed with.
    pub signature: String,
}

/// The answer to a [`Precheck`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum PrecheckResult {
    /// Too many from this client.
    Limited {
        /// When to retry.
        retry_after_ms: f64,
    },
    /// Not known yet.
    New {
        /// The id, made where none was given.
        submission_id: String,
        /// Whether the mark `rate` is due.
        marked: bool,
    },
    /// Known, with the same body.
    Duplicate {
        /// The id.
        submission_id: String,
        /// Whether the mark `rate` is due.
        marked: bool,
    },
    /// Known, with another body.
    Conflict {
        /// The id.
        submission_id: String,
        /// Whether the mark `rate` is due.
        marked: bool,
    },
}

/// A lead that a page sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Enqueue {
    /// Counted, where it is given and was not at a [`Precheck`].
    pub rate: Option<RateLimit>,
    /// The address or site key it came from, where it is not counted here. A digest of it is stored.
    pub client: Option<String>,
    /// 8 to 64 of `[A-Za-z0-9_-]`; without one it is made from origin and canonical text.
    pub submission_id: Option<String>,
    /// When it was taken, where it comes later than that and perhaps twice, as by a queue: what an
    /// id is made by.
    pub at: Option<f64>,
    /// The page's origin.
    pub origin: String,
    /// Whether a form posted it.
    #[serde(default)]
    pub form: bool,
    /// The canonical JSON text of what the page sent as lead and consents: what a repeat is compared
    /// by.
    pub canonical: String,
    /// The JSON text of the lead as it goes out, without `customField`.
    pub lead: String,
    /// The JSON text of what goes into `customField`, an object.
    pub custom: String,
    /// The JSON text of what is kept and never sent.
    pub dropped: Option<String>,
    /// The JSON text of the validation's warnings.
    pub warnings: Option<String>,
    /// What scores the lead.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Not sent until released.
    #[serde(default)]
    pub hold: bool,
}

/// The answer to an [`Enqueue`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum EnqueueResult {
    /// Too many from this client; nothing is stored.
    Limited {
        /// When to retry.
        retry_after_ms: f64,
    },
    /// It is on disk, now or since an earlier time.
    Accepted {
        /// The id.
        submission_id: String,
    },
    /// Its id is known with another body, which is kept as a revision.
    Conflict {
        /// The id.
        submission_id: String,
    },
}
