//! The outbox of the lead forwarder: what was acknowledged is never lost, and is sent again only
//! after the CRM was asked for it and did not have it.
//!
//! One SQLite database is inbox, queue, limiter and circuit breaker at once. Whoever runs an outbox
//! hands in the store, the time and chance, and drives it in lanes: [`Outbox::next`] claims a lead
//! and gives a [`Job`]; an [`Exchange`] does the job over the SDK's transport;
//! [`Outbox::settle`] writes what came of it. The process may die between any two statements.
//!
//! A claimed lead is written down before its request leaves. What a dead process had claimed is
//! *unsure*, as is a lead whose answer was lost:
//!
//! ```text
//! ready → inflight → done | ready (429) | dead (400, 409, 413, 422) | unsure
//! unsure → looking → done | unsure | ready (the CRM does not have it) | held (the key may not look)
//! ```

mod admin;
mod claim;
mod contract;
mod custom;
mod exchange;
mod facts;
mod identity;
mod inbox;
mod keep;
mod metered;
mod park;
mod permits;
mod probe;
mod rate;
mod requests;
mod schema;
mod settings;
mod settle;
pub mod store;

pub use claim::{Job, Kind, Next};
pub use contract::{
    Accepted, Alert, Arrival, Detail, Entry, Form, Health, Knock, Knocked, Listed, Query, Rate,
    Revision, State,
};
pub use custom::{MOST_BYTES, compose};
pub use exchange::{Exchange, Verdict};
pub use metered::Ask;
pub use probe::{Probe, Report};
#[cfg(target_arch = "wasm32")]
pub(crate) use requests::print;
pub use settings::{Ambiguous, Limits, Retention, Settings};

use alloc::vec::Vec;
use core::cell::RefCell;
use facts::Facts;
use hmac::Hmac;
use rate::Clients;
use sha2::Sha256;
use store::{Row, Store, Unavailable, Value, params};

/// Why an outbox could not do what it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The store is out of reach.
    Unavailable,
    /// What was handed in is not what it should be.
    Malformed,
}

impl From<Unavailable> for Error {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

/// An outbox over its store.
#[allow(missing_debug_implementations, reason = "its store need not have one")]
pub struct Outbox<S> {
    store: S,
    settings: Settings,
    /// What the ids of form posts and the digests of bodies and clients are made with.
    key: Hmac<Sha256>,
    clients: RefCell<Clients>,
    alerts: RefCell<Vec<Alert>>,
}

impl<S: Store> Outbox<S> {
    /// Opens an outbox, in a store that may be empty. What an earlier process had claimed when it
    /// died is unsure from now on. `entropy` is made the store's secret if it has none yet: at
    /// least 32 random bytes as text.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn open(store: S, settings: Settings, now: f64, entropy: &str) -> Result<Self, Error> {
        for table in schema::TABLES {
            store.exec(table, &[])?;
        }
        store.exec(
            "INSERT INTO facts (name, value) VALUES ('secret', ?) ON CONFLICT (name) DO NOTHING",
            params![entropy],
        )?;
        let secret = store.exec("SELECT value FROM facts WHERE name = 'secret'", &[])?;
        let secret = secret.first().and_then(|row| row.text(0));
        let key = secret.and_then(identity::keyed_with).ok_or(Error::Unavailable)?;
        let (clients, alerts) = (RefCell::default(), RefCell::default());
        let outbox = Self { store, settings, key, clients, alerts };
        outbox.abandon(now, f64::INFINITY)?;
        outbox.bound_permits(now)?;
        Ok(outbox)
    }

    /// What somebody should know since this was last asked.
    pub fn alerts(&self) -> Vec<Alert> {
        self.alerts.take()
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    fn alert(&self, alert: Alert) {
        self.alerts.borrow_mut().push(alert);
    }

    fn exec(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Unavailable> {
        self.store.exec(sql, params)
    }

    /// The first row of an answer.
    fn row(&self, sql: &str, params: &[Value]) -> Result<Option<Row>, Unavailable> {
        Ok(self.exec(sql, params)?.into_iter().next())
    }

    fn facts(&self) -> Result<Facts, Unavailable> {
        Ok(Facts::of(&self.exec("SELECT name, value FROM facts", &[])?))
    }

    /// Writes facts down, all or none.
    fn set(&self, facts: &[(&str, Value)]) -> Result<(), Unavailable> {
        let places: Vec<&str> = facts.iter().map(|_| "(?, ?)").collect();
        let sql = ["INSERT OR REPLACE INTO facts (name, value) VALUES ", &places.join(", ")];
        let params: Vec<Value> =
            facts.iter().flat_map(|(name, value)| [Value::from(*name), value.clone()]).collect();
        self.exec(&sql.concat(), &params).map(drop)
    }

    /// Counts something that happened.
    fn count(&self, name: &str) -> Result<(), Unavailable> {
        self.exec(
            "INSERT INTO facts (name, value) VALUES (?, 1) \
             ON CONFLICT (name) DO UPDATE SET value = value + 1",
            params![name],
        )
        .map(drop)
    }
}

/// How long to wait after so many failures in a row (from 1): a second doubling to `most`, spread
/// over the whole of it. `chance` is from 0 up to 1.
fn backoff(failures: u32, most: f64, chance: f64) -> f64 {
    let doubled = f64::from(1_u32 << failures.saturating_sub(1).min(20)) * 1_000.0;
    chance * doubled.min(most)
}

/// The longest wait before something is tried again.
const LONGEST_BACKOFF: f64 = 900_000.0;
