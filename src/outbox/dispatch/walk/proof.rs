//! What a walk proves of the leads that take part in it, and what happens to them.

use super::{ListWalk, MAX_WALKS, UNPROVEN, walk_interval};
use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::contract::{Alert, LeadState};
use crate::outbox::store::{Row, Store, StoreUnavailable, Value, params};
use alloc::vec::Vec;

impl<S: Store> Outbox<S> {
    /// The leads that take part in a walk.
    pub(super) fn members(
        &self,
        walk: &ListWalk,
        also: &str,
    ) -> Result<Vec<Row>, StoreUnavailable> {
        let sql = "SELECT id, confirmed_before, crm_date, created_at, attempts, walks, proofs \
                   FROM leads WHERE state = 'unconfirmed' AND reason = ? AND walk = ?";
        self.exec(&[sql, also].concat(), params![UNPROVEN, walk.number])
    }

    /// Acts on what the reading has proven so far.
    pub(super) fn prove(
        &self,
        walk: &ListWalk,
        date: Option<f64>,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        let is_single = walk.walk.pages == 1;
        for row in self.members(walk, "")? {
            let Some(id) = row.text(0) else {
                continue;
            };
            // It was sent after it arrived; which the clocks that were read first are right about.
            let since_arrival = now - row.number(3).unwrap_or(f64::NAN);
            let first_sent = row
                .number(2)
                .or_else(|| date.filter(|_| since_arrival >= 0.0).map(|at| at - since_arrival));
            let before = row.number(1).unwrap_or(-1.0);
            let met_older = walk.confirmations.get(1).is_some_and(|&number| number <= before);
            if !walk.walk.proves_absence(met_older, first_sent.unwrap_or(f64::NAN)) {
                continue;
            }
            let agrees = row.number(6) == Some(1.0);
            if is_single || walk.is_second && agrees {
                self.exec(
                    "UPDATE leads SET state = 'pending', reason = NULL, next_at = ?, \
                     updated_at = ?, lookups = 0, failures = 0, walks = 0, walk = NULL, proofs = 0 \
                     WHERE id = ? AND state = 'unconfirmed'",
                    params![now + backoff(row.count(4), MAX_BACKOFF, jitter), self.proven(now), id],
                )?;
            } else if !walk.is_second {
                self.exec("UPDATE leads SET proofs = 1 WHERE id = ?", params![id])?;
            }
        }
        Ok(())
    }

    /// Ends a walk. Leads that are left without proof take part in the next one, or are held.
    pub(super) fn end_walk(&self, walk: &ListWalk, now: f64) -> Result<(), StoreUnavailable> {
        for row in self.members(walk, "")? {
            let Some(id) = row.text(0) else {
                continue;
            };
            let is_last = row.count(5) + 1 >= MAX_WALKS;
            let (state, next_at) = if is_last {
                self.alert(Alert::LeadHeld { submission_id: id.into(), reason: UNPROVEN });
                (LeadState::Held, self.expiry_warning(now))
            } else {
                (LeadState::Unconfirmed, now + walk_interval(row.count(5)))
            };
            self.exec(
                "UPDATE leads SET state = ?, next_at = ?, updated_at = ?, walks = walks + 1, \
                 walk = NULL, proofs = 0 WHERE id = ? AND state = 'unconfirmed'",
                params![state.name(), next_at, self.proven(now), id],
            )?;
        }
        self.exec("DELETE FROM walk_records", &[])?;
        self.set(&[("walk", Value::Null), ("walk_at", Value::Null)])
    }
}
