//! The stored leads, as operators see them.

use crate::outbox::store::{Row, StoreUnavailable};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The state of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeadState {
    /// To be sent.
    Pending,
    /// Being sent.
    Sending,
    /// The CRM may have it: it is to be looked up.
    Unconfirmed,
    /// Being looked up.
    Reconciling,
    /// The CRM has it.
    Delivered,
    /// The CRM refused it, or it was dropped or erased.
    Dead,
    /// It waits for an operator.
    Held,
}

impl LeadState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Sending,
        Self::Unconfirmed,
        Self::Reconciling,
        Self::Delivered,
        Self::Dead,
        Self::Held,
    ];

    /// The state's name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Unconfirmed => "unconfirmed",
            Self::Reconciling => "reconciling",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Held => "held",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A lead in the outbox, without its body.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeadEntry {
    /// Its id.
    pub submission_id: String,
    /// Its state.
    pub state: LeadState,
    /// Why, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The status of the last response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<f64>,
    /// Why the last request had no response, as a code such as `ECONNREFUSED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// When it arrived.
    pub created_at: f64,
    /// When it last changed.
    pub updated_at: f64,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<f64>,
    /// Its marks.
    pub marks: Vec<String>,
    /// The CRM's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crm_id: Option<String>,
    /// Whether its body was erased.
    pub erased: bool,
}

impl LeadEntry {
    /// The columns an entry is read from.
    pub(in crate::outbox) const COLUMNS: &str = "id, state, reason, status, attempts, created_at, \
                                      updated_at, next_at, marks, crm_id, erased, cause";

    /// The entry in the first columns of a row. The numbers are the offsets that turn a time and a proven
    /// time into a date.
    pub(in crate::outbox) fn read(
        row: &Row,
        [due, proven]: [f64; 2],
    ) -> Result<Self, StoreUnavailable> {
        let text = |column| row.text(column).map(String::from);
        let number = |column| row.number(column).unwrap_or(0.0);
        let state = row.text(1).and_then(LeadState::named).ok_or(StoreUnavailable(None))?;
        // A lead that has ended is due for its deletion, which is in proven time.
        let has_ended = matches!(state, LeadState::Delivered | LeadState::Dead | LeadState::Held);
        let next = if has_ended { proven } else { due };
        Ok(Self {
            submission_id: text(0).ok_or(StoreUnavailable(None))?,
            state,
            reason: text(2),
            status: row.number(3),
            cause: text(11),
            attempts: row.count(4),
            created_at: number(5) + proven,
            updated_at: number(6) + proven,
            next_at: row.number(7).map(|at| at + next),
            marks: parse_marks(row.text(8)),
            crm_id: text(9),
            erased: number(10) > 0.0,
        })
    }
}

/// Reads the column `marks`.
pub(in crate::outbox) fn parse_marks(text: Option<&str>) -> Vec<String> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// A lead with its body.
#[derive(Clone, Debug, Serialize)]
pub struct LeadDetail {
    /// The lead.
    #[serde(flatten)]
    pub entry: LeadEntry,
    /// The lead as it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<Value>,
    /// The content of `customField`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<Value>,
    /// Fields that are stored and never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Value>,
    /// The validation's warnings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Value>,
    /// What the CRM last responded if it did not accept the lead; 4 kB at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// Later bodies under the same id, oldest first.
    pub revisions: Vec<LeadRevision>,
}

/// A later body under a known id.
#[derive(Clone, Debug, Serialize)]
pub struct LeadRevision {
    /// When it arrived.
    pub at: f64,
    /// The lead as it would have been sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<Value>,
}

/// Which leads to list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct LeadQuery {
    /// Those in this state.
    pub state: Option<LeadState>,
    /// Those after the ones already listed: `next` of the list before.
    pub after: Option<String>,
    /// How many at most. Default: 100; maximum: 1,000.
    pub limit: Option<f64>,
}

/// Which leads to replay.
#[derive(Clone, Debug, Deserialize)]
pub struct ReplayQuery {
    /// Those that are dead or held for this reason.
    pub reason: String,
    /// Those that became so at this time or later.
    pub from: Option<f64>,
    /// Those that became so at this time or earlier.
    pub to: Option<f64>,
}

/// A part of a list, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct LeadPage {
    /// The leads.
    pub entries: Vec<LeadEntry>,
    /// The value of `after` for the next part; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
