//! The outbox and its access to the store.

use super::clock::{Clock, Reading};
use super::contract::{Alert, AttemptEvent};
use super::intake::capacity::UsageCache;
use super::intake::rate_limit::ClientBuckets;
use super::intake::refusals::LogBudget;
use super::retention::Deletion;
use super::settings::OutboxSettings;
use super::sources::FetchBuckets;
use super::state::OutboxState;
use super::store::{Row, SqlValue, Store, StoreUnavailable, params};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use hmac::Hmac;
use sha2::Sha256;

/// The error of an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxError {
    /// The store is unavailable, with SQLite's code if the host knows one.
    Unavailable(Option<&'static str>),
    /// The input is malformed.
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

/// An outbox with its store.
#[allow(missing_debug_implementations, reason = "its store need not have one")]
pub struct Outbox<S> {
    pub(super) store: S,
    pub(super) settings: OutboxSettings,
    /// The key of the digests: ids of form posts, bodies and clients.
    pub(super) key: Hmac<Sha256>,
    pub(super) clients: RefCell<ClientBuckets>,
    pub(super) usage: RefCell<UsageCache>,
    pub(super) alerts: RefCell<Vec<Alert>>,
    /// The attempts since they were last read, if the host logs them.
    pub(super) attempts: RefCell<Vec<AttemptEvent>>,
    pub(super) refusal_lines: Cell<LogBudget>,
    /// The `Date` of the CRM's last response in this process.
    pub(super) crm_date: Cell<Option<f64>>,
    pub(super) clock: Cell<Clock>,
    /// When the conditions are reviewed next.
    pub(super) review_at: Cell<f64>,
    /// Whether the next review repeats alerts that were raised before a restart. Not in a Durable
    /// Object, which restarts on its own.
    pub(super) repeats_alerts: Cell<bool>,
    /// The most urgent deletion since the store was last rewritten.
    pub(super) deletion: Cell<Option<Deletion>>,
    /// The limits of the sources' requests.
    pub(super) fetch_buckets: RefCell<FetchBuckets>,
}

impl<S: Store> Outbox<S> {
    /// Opens an outbox in a store, which may be empty. Later readings must be of the same monotonic clock.
    /// Leads that a dead process had claimed become unconfirmed. `entropy` becomes the store's secret if
    /// it has none: at least 32 random bytes as text.
    ///
    /// # Errors
    ///
    /// If the store is unavailable, belongs to another program, or was written by a later version. In
    /// the last two cases nothing is changed.
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
        let (clients, usage) = (RefCell::default(), RefCell::default());
        let (alerts, attempts) = (RefCell::default(), RefCell::default());
        let (refusal_lines, crm_date) = (Cell::default(), Cell::default());
        let reading = reading.into();
        let rows = store.exec("SELECT name, value FROM facts", &[])?;
        let clock = Cell::new(Clock::open(&rows, reading));
        let deletion = rows.iter().find(|row| row.text(0) == Some("deletion"));
        let outbox = Self {
            repeats_alerts: Cell::new(!settings.one_clock),
            store,
            settings,
            key,
            clients,
            usage,
            alerts,
            attempts,
            refusal_lines,
            crm_date,
            clock,
            review_at: Cell::new(f64::NEG_INFINITY),
            deletion: Cell::new(deletion.and_then(Deletion::from_row)),
            fetch_buckets: RefCell::default(),
        };
        let now = outbox.time(reading);
        outbox.limit_waits(now)?;
        outbox.expire_claims(now, f64::INFINITY)?;
        if outbox.settings.restored {
            outbox.distrust_backup(now)?;
        }
        outbox.resume_scan(now)?;
        outbox.limit_permits(now)?;
        outbox.limit_source_waits(now)?;
        outbox.adopt_events(now)?;
        Ok(outbox)
    }

    /// The alerts since the last call.
    pub fn alerts(&self) -> Vec<Alert> {
        self.alerts.take()
    }

    /// The attempts since the last call, if they are logged.
    pub fn attempts(&self) -> Vec<AttemptEvent> {
        self.attempts.take()
    }

    /// The settings.
    pub const fn settings(&self) -> &OutboxSettings {
        &self.settings
    }

    pub(super) fn alert(&self, alert: Alert) {
        self.alerts.borrow_mut().push(alert);
    }

    pub(super) fn execute(
        &self,
        sql: &str,
        params: &[SqlValue],
    ) -> Result<Vec<Row>, StoreUnavailable> {
        self.store.exec(sql, params)
    }

    /// The first row of a result.
    pub(super) fn query_row(
        &self,
        sql: &str,
        params: &[SqlValue],
    ) -> Result<Option<Row>, StoreUnavailable> {
        Ok(self.execute(sql, params)?.into_iter().next())
    }

    pub(super) fn load_state(&self) -> Result<OutboxState, StoreUnavailable> {
        Ok(OutboxState::from_rows(&self.execute("SELECT name, value FROM facts", &[])?))
    }

    /// Stores parts of the state in one statement.
    pub(super) fn set(&self, values: &[(&str, SqlValue)]) -> Result<(), StoreUnavailable> {
        let placeholders: Vec<&str> = values.iter().map(|_| "(?, ?)").collect();
        let sql = ["INSERT OR REPLACE INTO facts (name, value) VALUES ", &placeholders.join(", ")];
        let params: Vec<SqlValue> = values
            .iter()
            .flat_map(|(name, value)| [SqlValue::from(*name), value.clone()])
            .collect();
        self.execute(&sql.concat(), &params).map(drop)
    }

    /// Increments a counter.
    pub(super) fn count(&self, name: &str) -> Result<(), StoreUnavailable> {
        self.execute(
            "INSERT INTO facts (name, value) VALUES (?, 1) \
             ON CONFLICT (name) DO UPDATE SET value = value + 1",
            params![name],
        )
        .map(drop)
    }
}
