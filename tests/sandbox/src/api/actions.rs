//! What can go wrong on the way, on purpose.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Error;

/// Whether the API acts before things go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Moment {
    /// Nothing has happened.
    Before,
    /// The API has acted, the caller does not learn of it.
    After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[serde(deny_unknown_fields)]
pub enum Action {
    /// A status in the answer's place. Without `commit` the API does not act.
    Status {
        status: u16,
        /// A string is sent as it is, any other JSON as JSON; `None`: a refusal's body.
        #[serde(default)]
        body: Option<Value>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        commit: bool,
    },
    /// The right answer, late; the API acts after the delay.
    Delay { ms: u64 },
    /// No answer ever, the connection stays open.
    Hang { when: Moment },
    /// The connection is closed without an answer.
    Cut { when: Moment },
    /// The right answer's head and the first bytes of its body, then the connection is closed.
    Truncate { bytes: usize },
    /// 200, said to be JSON, neither JSON nor UTF-8; the API has acted.
    Garbage,
    /// A page of HTML; the API has acted.
    Html {
        #[serde(default = "ok")]
        status: u16,
    },
    /// An empty body; the API has acted.
    EmptyBody {
        #[serde(default = "ok")]
        status: u16,
    },
    /// A redirect; the API has not acted.
    Redirect {
        #[serde(default = "temporary_redirect")]
        status: u16,
        location: String,
    },
    /// Bytes that are not HTTP; the API has acted.
    MalformedHttp,
}

fn ok() -> u16 {
    200
}

fn temporary_redirect() -> u16 {
    307
}

impl Action {
    /// A status with the usual body; the API has not acted.
    pub fn status(status: u16) -> Self {
        Self::Status { status, body: None, headers: BTreeMap::new(), commit: false }
    }

    /// The answer lost: the API has acted, the connection is closed.
    pub fn cut_after_commit() -> Self {
        Self::Cut { when: Moment::After }
    }

    /// Its name in JSON.
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

    /// Refuses what could not be sent.
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
