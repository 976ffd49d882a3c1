//! Requests that are refused for a mistake in a configuration.

use super::RateLimit;
use alloc::string::String;
use serde::{Deserialize, Serialize};

/// What a request was refused for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefusalKind {
    /// Its origin is not listed.
    Origin,
    /// It posts to a path that does not exist.
    Path,
    /// Its token is wrong; nothing is remembered but that.
    Token,
}

impl RefusalKind {
    /// Its name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Path => "path",
            Self::Token => "token",
        }
    }
}

/// A request that is refused.
#[derive(Clone, Debug, Deserialize)]
pub struct RecordRefusal {
    /// Counted.
    pub rate: RateLimit,
    /// What for.
    pub kind: RefusalKind,
    /// The origin or the path; empty for a token.
    #[serde(default)]
    pub value: String,
}

/// The answer to a [`RecordRefusal`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum RecordRefusalResult {
    /// Too many from this client; nothing is remembered.
    Limited {
        /// When to retry.
        retry_after_ms: f64,
    },
    /// It is remembered.
    Recorded {
        /// Whether to log it: it is new, and there are few such lines.
        should_log: bool,
        /// The origin, or the path, as it can be logged.
        value: String,
    },
}

/// An origin or a path that was refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusalSummary {
    /// The origin, or the path.
    pub value: String,
    /// How often.
    pub count: u32,
    /// When it was first.
    pub first_at: f64,
    /// When it was last.
    pub last_at: f64,
}
