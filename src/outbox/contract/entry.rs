//! The leads that are kept, as whoever runs the outbox sees them.

use crate::outbox::store::{Row, Unavailable};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where a lead stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// To be sent.
    Ready,
    /// On its way.
    Inflight,
    /// The CRM may have it or not: it is to be asked.
    Unsure,
    /// The CRM is being asked.
    Looking,
    /// The CRM has it.
    Done,
    /// The CRM refused it, or it was dropped or erased.
    Dead,
    /// It waits for somebody to decide.
    Held,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Ready,
        Self::Inflight,
        Self::Unsure,
        Self::Looking,
        Self::Done,
        Self::Dead,
        Self::Held,
    ];

    /// The state's name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Inflight => "inflight",
            Self::Unsure => "unsure",
            Self::Looking => "looking",
            Self::Done => "done",
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

/// A lead in the outbox, without what it says.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its id.
    pub submission_id: String,
    /// Where it stands.
    pub state: State,
    /// Why, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<f64>,
    /// How often it was sent.
    pub attempts: u32,
    /// When it arrived.
    pub created_at: f64,
    /// When it last changed.
    pub updated_at: f64,
    /// When something is due for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<f64>,
    /// What scores it.
    pub marks: Vec<String>,
    /// The CRM's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crm_id: Option<String>,
    /// Whether its body was erased.
    pub erased: bool,
}

impl Entry {
    /// The columns an entry is read from.
    pub(in crate::outbox) const COLUMNS: &str = "id, state, reason, status, attempts, created_at, \
                                      updated_at, next_at, marks, crm_id, erased";

    /// The entry in the first columns of a row.
    pub(in crate::outbox) fn read(row: &Row) -> Result<Self, Unavailable> {
        let text = |column| row.text(column).map(String::from);
        let number = |column| row.number(column).unwrap_or(0.0);
        Ok(Self {
            submission_id: text(0).ok_or(Unavailable)?,
            state: row.text(1).and_then(State::named).ok_or(Unavailable)?,
            reason: text(2),
            status: row.number(3),
            attempts: row.count(4),
            created_at: number(5),
            updated_at: number(6),
            next_at: row.number(7),
            marks: marks(row.text(8)),
            crm_id: text(9),
            erased: number(10) > 0.0,
        })
    }
}

/// The marks in their column.
pub(in crate::outbox) fn marks(text: Option<&str>) -> Vec<String> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// A lead with what it says.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// What is known of it.
    #[serde(flatten)]
    pub entry: Entry,
    /// As it goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<Value>,
    /// What goes into `customField`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<Value>,
    /// What is kept and never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Value>,
    /// The validation's warnings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Value>,
    /// Later bodies under the same id, oldest first.
    pub revisions: Vec<Revision>,
}

/// A later body under a known id.
#[derive(Clone, Debug, Serialize)]
pub struct Revision {
    /// When it came.
    pub at: f64,
    /// The lead as it would have gone out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<Value>,
}

/// Which leads to list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Query {
    /// Those in this state.
    pub state: Option<State>,
    /// Those after the ones already listed: `next` of the list before.
    pub after: Option<String>,
    /// How many at most; 100 if nothing is said, and never more than 1,000.
    pub limit: Option<f64>,
}

/// A part of a list, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// The leads.
    pub entries: Vec<Entry>,
    /// What to ask with for those after; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
