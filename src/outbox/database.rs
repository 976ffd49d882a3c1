//! The outbox over its store: what all of its parts read and write through.

use super::clock::{Clock, Reading};
use super::contract::Alert;
use super::intake::rate_limit::ClientBuckets;
use super::intake::refusals::LogBudget;
use super::retention::Deletion;
use super::settings::OutboxSettings;
use super::state::OutboxState;
use super::store::{Row, Store, StoreUnavailable, Value, params};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use hmac::Hmac;
use sha2::Sha256;

/// Why an outbox could not do what it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxError {
    /// The store is unavailable, with SQLite's code where the host gave one.
    Unavailable(Option<&'static str>),
    /// What was handed in is not what it should be.
    Malformed,
    /// The store was written by a later version of this code.
    Newer,
    /// The store belongs to another program.
    Foreign,
}

impl From<StoreUnavailable> for OutboxError {
    fn from(StoreUnavailable(code): StoreUnavailable) -> Self {
        Self::Unavailable(code)
    }
}

/// An outbox over its store.
#[allow(missing_debug_implementations, reason = "its store need not have one")]
pub struct Outbox<S> {
    pub(super) store: S,
    pub(super) settings: OutboxSettings,
    /// What the ids of form posts and the digests of bodies and clients are made with.
    pub(super) key: Hmac<Sha256>,
    pub(super) clients: RefCell<ClientBuckets>,
    pub(super) alerts: RefCell<Vec<Alert>>,
    pub(super) refusal_lines: Cell<LogBudget>,
    /// The `Date` of the CRM's last answer in this process.
    pub(super) crm_date: Cell<Option<f64>>,
    pub(super) clock: Cell<Clock>,
    /// When the conditions are to be looked at next.
    pub(super) review_at: Cell<f64>,
    /// Whether a pause is to be announced though it was before: a Durable Object restarts unasked.
    pub(super) announces: Cell<bool>,
    /// What was deleted since the store was last rewritten.
    pub(super) deletion: Cell<Option<Deletion>>,
}

impl<S: Store> Outbox<S> {
    /// Opens an outbox, in a store that may be empty, at this reading of the host's clocks; those that
    /// follow are of the same monotonic clock. What an earlier process had claimed when it
    /// died is unconfirmed from now on. `entropy` is made the store's secret if it has none yet: at
    /// least 32 random bytes as text.
    ///
    /// # Errors
    ///
    /// If the store is unavailable, is not an outbox's, or is of a later version; of those two
    /// nothing is changed.
    pub fn open(
        store: S,
        settings: OutboxSettings,
        reading: impl Into<Reading>,
        entropy: &str,
    ) -> Result<Self, OutboxError> {
        super::schema::migrate(&store)?;
        store.exec(
            "INSERT INTO facts (name, value) VALUES ('secret', ?) ON CONFLICT (name) DO NOTHING",
            params![entropy],
        )?;
        let secret = store.exec("SELECT value FROM facts WHERE name = 'secret'", &[])?;
        let secret = secret.first().and_then(|row| row.text(0));
        let key =
            secret.and_then(super::identity::mac_key).ok_or(OutboxError::Unavailable(None))?;
        let (clients, alerts) = (RefCell::default(), RefCell::default());
        let (refusal_lines, crm_date) = (Cell::default(), Cell::default());
        let reading = reading.into();
        let facts = store.exec("SELECT name, value FROM facts", &[])?;
        let clock = Cell::new(Clock::open(&facts, reading));
        let deletion = facts.iter().find(|row| row.text(0) == Some("deletion"));
        let outbox = Self {
            announces: Cell::new(!settings.one_clock),
            store,
            settings,
            key,
            clients,
            alerts,
            refusal_lines,
            crm_date,
            clock,
            review_at: Cell::new(f64::NEG_INFINITY),
            deletion: Cell::new(deletion.and_then(Deletion::of)),
        };
        let now = outbox.time(reading);
        outbox.limit_waits(now)?;
        outbox.expire_claims(now, f64::INFINITY)?;
        outbox.resume_walk(now)?;
        outbox.limit_permits(now)?;
        Ok(outbox)
    }

    /// The alerts since the last call.
    pub fn alerts(&self) -> Vec<Alert> {
        self.alerts.take()
    }

    /// The settings.
    pub const fn settings(&self) -> &OutboxSettings {
        &self.settings
    }

    pub(super) fn alert(&self, alert: Alert) {
        self.alerts.borrow_mut().push(alert);
    }

    pub(super) fn exec(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreUnavailable> {
        self.store.exec(sql, params)
    }

    /// The first row of an answer.
    pub(super) fn row(&self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreUnavailable> {
        Ok(self.exec(sql, params)?.into_iter().next())
    }

    pub(super) fn load_state(&self) -> Result<OutboxState, StoreUnavailable> {
        Ok(OutboxState::of(&self.exec("SELECT name, value FROM facts", &[])?))
    }

    /// Writes facts down, all or none.
    pub(super) fn set(&self, facts: &[(&str, Value)]) -> Result<(), StoreUnavailable> {
        let places: Vec<&str> = facts.iter().map(|_| "(?, ?)").collect();
        let sql = ["INSERT OR REPLACE INTO facts (name, value) VALUES ", &places.join(", ")];
        let params: Vec<Value> =
            facts.iter().flat_map(|(name, value)| [Value::from(*name), value.clone()]).collect();
        self.exec(&sql.concat(), &params).map(drop)
    }

    /// Counts something that happened.
    pub(super) fn count(&self, name: &str) -> Result<(), StoreUnavailable> {
        self.exec(
            "INSERT INTO facts (name, value) VALUES (?, 1) \
             ON CONFLICT (name) DO UPDATE SET value = value + 1",
            params![name],
        )
        .map(drop)
    }
}
