//! The proofs of a scan about the leads that take part in it.

use super::progress::ListScan;
use super::{MAX_SCANS, UNPROVEN, scan_interval};
use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::contract::{Alert, LeadState};
use crate::outbox::store::{Row, SqlValue, Store, StoreUnavailable, params};
use alloc::vec::Vec;

impl<S: Store> Outbox<S> {
    /// The leads that take part in a scan; `condition` restricts them further.
    pub(super) fn scanned_leads(
        &self,
        scan: &ListScan,
        condition: &str,
    ) -> Result<Vec<Row>, StoreUnavailable> {
        let sql = "SELECT id, confirmed_before, crm_date, created_at, attempts, walks, proofs \
                   FROM leads WHERE state = 'unconfirmed' AND reason = ? AND walk = ?";
        self.execute(&[sql, condition].concat(), params![UNPROVEN, scan.number])
    }

    /// Makes leads pending that this pass has proven absent, or records the proof of the first pass.
    pub(super) fn apply_proofs(
        &self,
        scan: &ListScan,
        date: Option<f64>,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        let is_single = scan.proof.pages == 1;
        for row in self.scanned_leads(scan, "")? {
            let Some(id) = row.text(0) else {
                continue;
            };
            // It was first sent after it arrived. Used if no date of the CRM was known at that time.
            let since_arrival = now - row.number(3).unwrap_or(f64::NAN);
            let first_sent = row
                .number(2)
                .or_else(|| date.filter(|_| since_arrival >= 0.0).map(|at| at - since_arrival));
            let before = row.number(1).unwrap_or(-1.0);
            let has_older = scan.confirmations.get(1).is_some_and(|&number| number <= before);
            if !scan.proof.proves_absence(has_older, first_sent.unwrap_or(f64::NAN)) {
                continue;
            }
            let was_proven = row.number(6) == Some(1.0);
            if is_single || scan.is_second_pass && was_proven {
                self.execute(
                    "UPDATE leads SET state = 'pending', reason = NULL, next_at = ?, \
                     updated_at = ?, lookups = 0, failures = 0, walks = 0, walk = NULL, proofs = 0 \
                     WHERE id = ? AND state = 'unconfirmed'",
                    params![now + backoff(row.count(4), MAX_BACKOFF, jitter), self.proven(now), id],
                )?;
            } else if !scan.is_second_pass {
                self.execute("UPDATE leads SET proofs = 1 WHERE id = ?", params![id])?;
            }
        }
        Ok(())
    }

    /// Ends a scan. Leads without proof take part in the next one, or are held.
    pub(super) fn end_scan(&self, scan: &ListScan, now: f64) -> Result<(), StoreUnavailable> {
        for row in self.scanned_leads(scan, "")? {
            let Some(id) = row.text(0) else {
                continue;
            };
            let is_last = row.count(5) + 1 >= MAX_SCANS;
            let (state, next_at) = if is_last {
                self.alert(Alert::LeadHeld { submission_id: id.into(), reason: UNPROVEN });
                (LeadState::Held, self.expiry_warning(now))
            } else {
                (LeadState::Unconfirmed, now + scan_interval(row.count(5)))
            };
            self.execute(
                "UPDATE leads SET state = ?, next_at = ?, updated_at = ?, walks = walks + 1, \
                 walk = NULL, proofs = 0 WHERE id = ? AND state = 'unconfirmed'",
                params![state.name(), next_at, self.proven(now), id],
            )?;
        }
        self.execute("DELETE FROM walk_records", &[])?;
        self.set(&[("walk", SqlValue::Null), ("walk_at", SqlValue::Null)])
    }
}
