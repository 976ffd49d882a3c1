//! The faults that can affect requests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Error;

/// Whether the API commits before the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Moment {
    /// Nothing was committed.
    Before,
    /// The API has committed, and the caller gets no confirmation.
    After,
}

/// The effect of a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[serde(deny_unknown_fields)]
pub enum Action {
    /// This status instead of the response. Without `commit` the API does not commit.
    Status {
        status: u16,
        /// A string is sent unchanged, any other JSON as JSON; `None`: the body of an error.
        #[serde(default)]
        body: Option<Value>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        commit: bool,
    },
    /// The normal response, late; the API commits after the delay.
    Delay { ms: u64 },
    /// No response, the connection stays open.
    Hang { when: Moment },
    /// The connection is closed without a response.
    Cut { when: Moment },
    /// The head and the first bytes of the body, then the connection is closed.
    Truncate { bytes: usize },
    /// 200 with the content type of JSON, neither JSON nor UTF-8; the API has committed.
    Garbage,
    /// An HTML page; the API has committed.
    Html {
        #[serde(default = "ok")]
        status: u16,
    },
    /// An empty body; the API has committed.
    EmptyBody {
        #[serde(default = "ok")]
        status: u16,
    },
    /// A redirect; the API has not committed.
    Redirect {
        #[serde(default = "temporary_redirect")]
        status: u16,
        location: String,
    },
    /// Bytes that are not HTTP; the API has committed.
    MalformedHttp,
}

fn ok() -> u16 {
    200
}

fn temporary_redirect() -> u16 {
    307
}

impl Action {
    /// A status with the usual body; the API has not committed.
    pub fn status(status: u16) -> Self {
        Self::Status { status, body: None, headers: BTreeMap::new(), commit: false }
    }

    /// The response is lost: the API has committed, the connection is closed.
    pub fn cut_after_commit() -> Self {
        Self::Cut { when: Moment::After }
    }

    /// The fault's name in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Delay { .. } => "delay",
            Self::Hang { .. } => "hang",
            Self::Cut { .. } => "cut",
            Self::Truncate { .. } => "truncate",
            Self::Garbage => "garbage",
            Self::Html { .. } => "html",
            Self::EmptyBody { .. } => "emptyBody",
            Self::Redirect { .. } => "redirect",
            Self::MalformedHttp => "malformedHttp",
        }
    }

    /// Rejects an invalid fault.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Status { status, .. }
            | Self::Html { status }
            | Self::EmptyBody { status }
            | Self::Redirect { status, .. }
                if !(200..=999).contains(status) =>
            {
                Err(Error::Invalid("a fault's status is 200 to 999".to_owned()))
            }
            _ => Ok(()),
        }
    }
}
