//! The requests of operators that read the outbox.

mod audit;
mod changes;
mod search;

pub use search::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};

use crate::outbox::alerts::LeadsForOperator;
use crate::outbox::clock::Reading;
use crate::outbox::contract::{Health, LastFailure, LeadRevision, RefusalKind, json};
use crate::outbox::dispatch::slowdown::REFUSALS;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::vec::Vec;

impl<S: Store> Outbox<S> {
    /// Writes a row to check whether leads can be stored. The host commits it and limits how often
    /// this is requested.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn ready(&self, reading: impl Into<Reading>) -> Result<(), OutboxError> {
        let now = self.time(reading);
        Ok(self.set(&[("ready_at", now.into())])?)
    }

    /// The health of the outbox.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn health(&self, reading: impl Into<Reading>) -> Result<Health, OutboxError> {
        let now = self.read_only_time(reading);
        let state = self.load_state()?;
        let slow_reason = state.is_slow().then(|| REFUSALS.into());
        let pause_reason = state.pause_reason.or(slow_reason);
        let (backlog, oldest) = self.backlog()?;
        let LeadsForOperator { dead, held, .. } = self.leads_for_operator()?;
        let (poison, _) = self.count_poison()?;
        let [_, date_offsets] = self.date_offsets();
        Ok(Health {
            backlog,
            dead,
            held,
            poison,
            last_failure: state.failure_at.map(|at| LastFailure {
                cause: state.failure_cause,
                status: state.failure_status,
                at: at + date_offsets,
            }),
            oldest_age_ms: oldest.map(|oldest| (self.proven(now) - oldest).max(0.0)),
            paused: pause_reason.is_some(),
            pause_reason,
            clock_offset_ms: self.clock_offset(),
            reconcile: match state.reconcile.as_deref() {
                Some("available") => "available",
                Some(_) => "unavailable",
                None => "unknown",
            },
            refused_origins: self.refusals(RefusalKind::Origin, now)?,
            unknown_paths: self.refusals(RefusalKind::Path, now)?,
            sources: self.sources(now)?,
        })
    }

    /// The later bodies under an id, oldest first.
    fn revisions(&self, id: &str) -> Result<Vec<LeadRevision>, StoreUnavailable> {
        let [_, date_offsets] = self.date_offsets();
        let rows =
            self.execute("SELECT at, lead FROM revisions WHERE id = ? ORDER BY at", params![id])?;
        let revision = |row: &Row| LeadRevision {
            at: row.number(0).unwrap_or(0.0) + date_offsets,
            lead: json(row, 1),
        };
        Ok(rows.iter().map(revision).collect())
    }
}
