//! Deletes bodies and ids after their retention, and alerts before a body is deleted.

use crate::outbox::contract::Alert;
use crate::outbox::settings::DAY;
use crate::outbox::store::{Row, SqlValue, Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::string::String;
use alloc::vec::Vec;

/// The number of leads per batch.
const BATCH_SIZE: u32 = 100;

/// The time between the alert and the deletion of a dead or held lead's body.
const EXPIRY_WARNING: f64 = 7.0 * DAY;

/// Why a lead is dead: an operator dropped or erased it.
pub(super) const DROPPED: &str = "dropped";
const ERASED: &str = "erased";

/// Why a body was deleted, most urgent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deletion {
    /// Its retention ended.
    Retention = 1,
    /// An operator dropped a lead.
    Dropped = 2,
    /// An operator erased a lead.
    Erasure = 3,
}

impl Deletion {
    /// Reads the stored value.
    pub(super) fn from_row(row: &Row) -> Option<Self> {
        match row.count(1) {
            1 => Some(Self::Retention),
            2 => Some(Self::Dropped),
            3 => Some(Self::Erasure),
            _ => None,
        }
    }
}

impl<S: Store> Outbox<S> {
    /// When to raise the expiry alert of a lead that becomes dead or held now; in proven time.
    pub(super) fn expiry_warning(&self, now: f64) -> f64 {
        self.proven(now) + (self.settings.retention.dead * DAY - EXPIRY_WARNING).max(0.0)
    }

    /// Deletes one batch, so that no request waits for long. Returns when the next one is due.
    pub(super) fn purge(&self, now: f64) -> Result<f64, StoreUnavailable> {
        let proven = self.proven(now);
        let due = self.execute(
            "SELECT id, state, reason, updated_at, lead IS NULL AND NOT EXISTS \
             (SELECT 1 FROM revisions WHERE revisions.id = leads.id) \
             FROM leads WHERE state IN ('delivered', 'dead', 'held', 'skipped') AND next_at <= ? \
             ORDER BY next_at LIMIT ?",
            params![proven, BATCH_SIZE],
        )?;
        for row in &due {
            let (Some(id), Some(state), Some(ended)) = (row.text(0), row.text(1), row.number(3))
            else {
                continue;
            };
            let body_ends = ended + self.settings.retention.dead * DAY;
            if row.number(4) == Some(1.0) {
                // Counted first, in case the process dies between the two statements.
                self.count("leads_purged")?;
                self.execute("DELETE FROM leads WHERE id = ?", params![id])?;
            } else if !matches!(state, "delivered" | "skipped") && body_ends > proven {
                let warned = params![body_ends, id];
                self.execute("UPDATE leads SET next_at = ? WHERE id = ?", warned)?;
                self.alert(Alert::LeadExpiring { submission_id: id.into() });
            } else {
                let held = state == "held";
                self.erase_body(
                    id,
                    if held { Some("expired") } else { None },
                    Deletion::Retention,
                    ended,
                )?;
            }
        }
        let next = self.query_row(
            "SELECT MIN(next_at) FROM leads WHERE state IN ('delivered', 'dead', 'held', 'skipped')",
            &[],
        )?;
        let next = next.and_then(|row| row.number(0));
        Ok(self.when_proven(next.unwrap_or(f64::INFINITY)))
    }

    /// Deletes the body of a lead and keeps its id for the id's retention. `dead` makes the lead dead, for
    /// this reason.
    pub(super) fn erase_body(
        &self,
        id: &str,
        dead: Option<&str>,
        deletion: Deletion,
        ended: f64,
    ) -> Result<(), StoreUnavailable> {
        let erased = if deletion == Deletion::Erasure { 2.0 } else { 0.0 };
        self.execute("DELETE FROM revisions WHERE id = ?", params![id])?;
        self.execute(
            "UPDATE leads SET lead = NULL, custom = NULL, dropped = NULL, warnings = NULL, \
             response = NULL, client = NULL, traceparent = NULL, bytes = 0, event = NULL, \
             state = CASE WHEN ? IS NULL THEN state ELSE 'dead' END, reason = COALESCE(?, reason), \
             erased = MAX(erased, ?), next_at = ? WHERE id = ?",
            params![dead, dead, erased, ended + self.settings.retention.ids * DAY, id],
        )?;
        self.record_deletion(deletion)
    }

    /// Records that a body was deleted, until the host has rewritten the file.
    pub(super) fn record_deletion(&self, deletion: Deletion) -> Result<(), StoreUnavailable> {
        if self.deletion.get() >= Some(deletion) {
            return Ok(());
        }
        self.set(&[("deletion", (deletion as u32).into())])?;
        self.deletion.set(Some(deletion));
        Ok(())
    }

    /// The most urgent deletion since the host last rewrote its file, which may still contain the
    /// bytes.
    pub fn deletion(&self) -> Option<Deletion> {
        self.deletion.get()
    }

    /// Records that the host has rewritten its file.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn record_vacuum(&self) -> Result<(), OutboxError> {
        self.set(&[("deletion", SqlValue::Null)])?;
        self.deletion.set(None);
        Ok(())
    }

    /// Erases the leads whose erasure had to wait for a response.
    pub(super) fn finish_erasures(&self, now: f64) -> Result<(), StoreUnavailable> {
        let ids: Vec<(String, Option<&str>)> = self
            .execute(
                "SELECT id, state, reason FROM leads WHERE erased = 1 AND \
                 state NOT IN ('sending', 'reconciling')",
                &[],
            )?
            .iter()
            .filter_map(|row| {
                let dead = if row.text(2) == Some(DROPPED) { DROPPED } else { ERASED };
                Some((row.text(0)?.into(), (row.text(1)? != "delivered").then_some(dead)))
            })
            .collect();
        for (id, dead) in ids {
            self.erase_body(&id, dead, Deletion::Erasure, self.proven(now))?;
        }
        Ok(())
    }
}
