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
    /// For sources: to be fetched or mapped.
    Fetching,
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
    /// For sources: not to be sent.
    Skipped,
}

impl LeadState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Fetching,
        Self::Pending,
        Self::Sending,
        Self::Unconfirmed,
        Self::Reconciling,
        Self::Delivered,
        Self::Dead,
        Self::Held,
        Self::Skipped,
    ];

    /// The state's name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fetching => "fetching",
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Unconfirmed => "unconfirmed",
            Self::Reconciling => "reconciling",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Held => "held",
            Self::Skipped => "skipped",
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
    /// The reason as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The status of the last response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<f64>,
    /// Why the last request had no response, as a code such as `ECONNREFUSED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The number of attempts to send it.
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
    /// The lead's id in the CRM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crm_id: Option<String>,
    /// Whether its body was erased.
    pub erased: bool,
    /// The source that delivered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl LeadEntry {
    /// The columns an entry is read from.
    pub(in crate::outbox) const COLUMNS: &str = "id, state, reason, status, attempts, created_at, \
                                      updated_at, next_at, marks, crm_id, erased, cause, source";

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
        let has_ended = matches!(
            state,
            LeadState::Delivered | LeadState::Dead | LeadState::Held | LeadState::Skipped
        );
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
            source: text(12),
        })
    }
}

/// Reads the column `marks`.
pub(in crate::outbox) fn parse_marks(text: Option<&str>) -> Vec<String> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// A column of JSON text.
pub(in crate::outbox) fn json(row: &Row, column: usize) -> Option<Value> {
    row.text(column).and_then(|text| serde_json::from_str(text).ok())
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
    /// The event that its source delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Value>,
    /// The content of `customField`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<Value>,
    /// Fields that are stored and never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Value>,
    /// The validation's warnings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Value>,
    /// The page's origin.
    pub origin: String,
    /// The CRM's last response that did not accept the lead; at most 4 kB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// Later bodies under the same id, oldest first.
    pub revisions: Vec<LeadRevision>,
}

impl LeadDetail {
    /// The lead in a row: the columns of its entry, and from column `first` its texts, the response and the
    /// origin. Without its revisions.
    pub(in crate::outbox) fn read(
        row: &Row,
        offsets: [f64; 2],
        first: usize,
    ) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            entry: LeadEntry::read(row, offsets)?,
            lead: json(row, first),
            custom: json(row, first + 1),
            dropped: json(row, first + 2),
            warnings: json(row, first + 3),
            response: row.text(first + 4).map(String::from),
            origin: row.text(first + 5).unwrap_or_default().into(),
            event: json(row, first + 6),
            revisions: Vec::new(),
        })
    }
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

/// A filter for leads: all given conditions must match.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeadQuery {
    /// Matches the lead with this id.
    pub submission_id: Option<String>,
    /// Matches leads in this state.
    pub state: Option<LeadState>,
    /// Matches leads whose last change had this reason.
    pub reason: Option<String>,
    /// Matches leads that arrived at this time or later.
    pub from: Option<f64>,
    /// Matches leads that arrived at this time or earlier.
    pub to: Option<f64>,
    /// Matches leads with a telephone number that ends with these digits.
    pub phone: Option<String>,
    /// Matches leads with a value equal to this e-mail address, ignoring case.
    pub email: Option<String>,
    /// The cursor: `next` of the previous page.
    pub after: Option<String>,
    /// The maximum number. Default: 50; maximum: 200.
    pub limit: Option<f64>,
}

/// A page of a list, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct LeadPage<L> {
    /// The leads.
    pub entries: Vec<L>,
    /// The value of `after` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
