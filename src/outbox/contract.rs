//! What crosses into the outbox and out of it, as plain JSON: the same shapes as in the package's
//! `forwarder/inbox.ts`. Times are milliseconds since 1970.

use super::store::{Row, Unavailable};
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

/// What a request is counted against.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rate {
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
pub struct Knock {
    /// Counted, where it is given.
    pub rate: Option<Rate>,
    /// The id, where the page gave one.
    pub submission_id: Option<String>,
    /// Where it did not: what the id is made from, with the canonical text.
    pub form: Option<Form>,
    /// The canonical JSON text of what the page sent as lead.
    pub canonical: String,
}

/// A form post.
#[derive(Clone, Debug, Deserialize)]
pub struct Form {
    /// The page's origin.
    pub origin: String,
}

/// The answer to a [`Knock`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Knocked {
    /// Too many from this client.
    Limited {
        /// When to come again.
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
    Same {
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
pub struct Arrival {
    /// Counted, where it is given and was not at a [`Knock`].
    pub rate: Option<Rate>,
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
    /// The canonical JSON text of what the page sent as lead: what a repeat is compared by.
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

/// The answer to an [`Arrival`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Accepted {
    /// Too many from this client; nothing is stored.
    Limited {
        /// When to come again.
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
    pub(super) const COLUMNS: &str = "id, state, reason, status, attempts, created_at, \
                                      updated_at, next_at, marks, crm_id, erased";

    /// The entry in the first columns of a row.
    pub(super) fn read(row: &Row) -> Result<Self, Unavailable> {
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
pub(super) fn marks(text: Option<&str>) -> Vec<String> {
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

/// How the outbox is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The leads that are not with the CRM yet, without those that wait for somebody to decide.
    pub backlog: u32,
    /// The age of the oldest of them.
    pub oldest_age_ms: Option<f64>,
    /// `false`, or why nothing is sent.
    pub parked: Value,
    /// Whether the key may look: `available`, `unavailable`, `unknown`.
    pub reconcile: &'static str,
}

/// What somebody should know. It names no person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Alert {
    /// Nothing is sent any more, but for one lead at a time to try.
    Parked {
        /// Why, as a code.
        reason: String,
        /// The answer's status.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// Leads are sent again.
    Resumed {
        /// Why they were not.
        reason: String,
    },
    /// The oldest lead that is not with the CRM has passed 15 minutes, an hour or a day.
    Age {
        /// Its age.
        oldest_age_ms: f64,
        /// How many wait.
        backlog: u32,
    },
    /// The CRM refused a lead.
    Dead {
        /// The lead's id.
        submission_id: String,
        /// The answer's status; absent where our own check refused it.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// The key may not look for leads: those whose answer is lost are held.
    ReconcileUnavailable {
        /// The answer's status.
        status: u16,
    },
    /// What a dead or held lead says will be deleted in seven days.
    Expiring {
        /// The lead's id.
        submission_id: String,
    },
}
