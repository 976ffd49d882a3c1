//! Requests that are refused because of a wrong configuration.

use super::RateLimit;
use alloc::string::String;
use serde::{Deserialize, Serialize};

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefusalKind {
    /// Its origin is not listed.
    Origin,
    /// It posts to a path that does not exist.
    Path,
    /// Its token is wrong.
    Token,
    /// It is a delivery of a source that fails verification.
    Source,
}

impl RefusalKind {
    /// Its name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Path => "path",
            Self::Token => "token",
            Self::Source => "source",
        }
    }
}

/// A request that is refused.
#[derive(Clone, Debug, Deserialize)]
pub struct RecordRefusal {
    /// The rate limit to count against.
    pub rate: RateLimit,
    /// Why.
    pub kind: RefusalKind,
    /// The origin, the path or the source; empty for a token.
    #[serde(default)]
    pub value: String,
}

/// The result of a [`RecordRefusal`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum RecordRefusalResult {
    /// Too many requests from this client; nothing is stored.
    Limited {
        /// When to retry.
        retry_after_ms: f64,
    },
    /// It is stored.
    Recorded {
        /// Whether to log it: it is new, and the limit of log lines is not reached.
        should_log: bool,
        /// The origin or the path in a form that is safe to log.
        value: String,
    },
}

/// A refused origin or path.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusalSummary {
    /// The origin, or the path.
    pub value: String,
    /// How often.
    pub count: u32,
    /// When it first occurred.
    pub first_at: f64,
    /// When it last occurred.
    pub last_at: f64,
}
