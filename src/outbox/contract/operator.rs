//! The commands of operators, and their audit log.

use super::LeadState;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The commands for leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CommandName {
    /// Sends a dead or held lead again.
    Replay,
    /// Sends a lead that is held for its challenge.
    Release,
    /// Gives up an undelivered lead.
    Drop,
    /// Deletes a lead's body.
    Erase,
}

impl CommandName {
    /// Its name, as it is stored.
    pub(in crate::outbox) const fn name(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Release => "release",
            Self::Drop => "drop",
            Self::Erase => "erase",
        }
    }
}

/// A command for one lead.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    /// The command.
    pub command: CommandName,
    /// The lead's id.
    pub submission_id: String,
    /// The label of the token.
    pub token: String,
}

/// A command for all leads that are dead or held for a reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkCommand {
    /// The command.
    pub command: CommandName,
    /// The label of the token.
    pub token: String,
    /// The reason of the leads.
    pub reason: String,
    /// Only leads that became so at this time or later.
    pub from: Option<f64>,
    /// Only leads that became so at this time or earlier.
    pub to: Option<f64>,
    /// The number that the operator expects; if it differs, nothing is changed.
    pub count: Option<f64>,
}

/// The result of a [`BulkCommand`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BulkResult {
    /// How many leads match.
    pub count: u32,
    /// Whether the command was executed.
    pub done: bool,
}

/// A record for the audit log.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// The label of the token.
    pub token: String,
    /// The action.
    pub action: String,
    /// The lead that it affected.
    pub submission_id: Option<String>,
    /// The number of leads that it affected.
    pub count: Option<u32>,
}

/// A query of the audit log.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AuditQuery {
    /// The cursor: `next` of the previous page.
    pub after: Option<String>,
    /// How many at most.
    pub limit: Option<f64>,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// When.
    pub at: f64,
    /// The label of the token.
    pub token: String,
    /// The action.
    pub action: String,
    /// The lead that it affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_id: Option<String>,
    /// The number of leads that it affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// A page of the audit log, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// The value of `after` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An attempt to send a lead or to look it up, for the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptEvent {
    /// `send`, `lookup`, `scan` or `date`.
    pub kind: &'static str,
    /// The lead's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_id: Option<String>,
    /// The number of attempts to send the lead.
    pub attempt: u32,
    /// The lead's new state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<LeadState>,
    /// Why, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why the attempt failed, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// How long it took.
    pub duration_ms: f64,
}
