//! The audit log: which token did what to which lead. It contains no search terms and no personal data.

use crate::outbox::admin::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
use crate::outbox::clock::Reading;
use crate::outbox::contract::{AuditEntry, AuditPage, AuditQuery, AuditRecord};
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::string::{String, ToString as _};

/// The maximum number of entries.
const MAX_ENTRIES: u32 = 10_000;

impl<S: Store> Outbox<S> {
    /// Records an operator's action.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn record_audit(
        &self,
        record: &AuditRecord,
        reading: impl Into<Reading>,
    ) -> Result<(), OutboxError> {
        let now = self.time(reading);
        let AuditRecord { token, action, submission_id, count } = record;
        Ok(self.enter_audit(token, action, submission_id.as_deref(), *count, now)?)
    }

    pub(super) fn enter_audit(
        &self,
        token: &str,
        action: &str,
        id: Option<&str>,
        count: Option<u32>,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        let entered = self.query_row(
            "INSERT INTO audit (at, token, action, lead, count) VALUES (?, ?, ?, ?, ?) \
             RETURNING seq",
            params![self.proven(now), token, action, id, count],
        )?;
        let seq = entered.map_or(0, |row| row.count(0));
        self.execute("DELETE FROM audit WHERE seq <= ?", params![seq.saturating_sub(MAX_ENTRIES)])
            .map(drop)
    }

    /// Returns the audit log, newest first.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn audit(&self, query: &AuditQuery) -> Result<AuditPage, OutboxError> {
        let limit = query.limit.unwrap_or(DEFAULT_PAGE_SIZE).clamp(1.0, MAX_PAGE_SIZE) as u32;
        let after = query.after.as_ref().and_then(|after| after.parse::<u32>().ok());
        let rows = self.execute(
            "SELECT at, token, action, lead, count, seq FROM audit WHERE seq < ? \
             ORDER BY seq DESC LIMIT ?",
            params![after.map_or(9e15, f64::from), limit],
        )?;
        let [_, date_offsets] = self.date_offsets();
        let next = rows.last().filter(|_| rows.len() as u32 == limit);
        let next = next.map(|row| row.count(5).to_string());
        let entries = rows.iter().map(|row| AuditEntry {
            at: row.number(0).unwrap_or(0.0) + date_offsets,
            token: row.text(1).unwrap_or_default().into(),
            action: row.text(2).unwrap_or_default().into(),
            submission_id: row.text(3).map(String::from),
            count: row.number(4).map(|count| count as u32),
        });
        Ok(AuditPage { entries: entries.collect(), next })
    }
}
