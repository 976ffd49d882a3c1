//! Decides what to do next, and claims the lead in the store before the job starts.

use crate::outbox::backoff::MAX_BACKOFF;
use crate::outbox::clock::{PurgeDecision, Reading};
use crate::outbox::contract::LeadState;
use crate::outbox::dispatch::job::{Job, JobKind};
use crate::outbox::settings::AmbiguousPolicy;
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};

/// The next step.
#[derive(Clone, Debug)]
pub enum NextStep {
    /// Do this job.
    Job(Job),
    /// Call [`Outbox::next`] again at this time of the host's monotonic clock, infinite if nothing is due, and
    /// whenever a job has ended.
    Wait(f64),
}

/// The due time of the first lead of each kind.
struct DueTimes {
    pending: f64,
    unconfirmed: f64,
    /// A scan of the CRM's list.
    scan: f64,
    /// The expiry of the first claim.
    claim_expiry: f64,
    /// The deletion or the expiry warning of a lead that has ended, in proven time.
    purge: f64,
}

impl<S: Store> Outbox<S> {
    /// Claims the next lead that may be sent or looked up now, or returns when to call again.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn next(&self, reading: impl Into<Reading>) -> Result<NextStep, OutboxError> {
        let now = self.time(reading);
        Ok(match self.next_at(now)? {
            NextStep::Wait(at) => NextStep::Wait(self.to_host_clock(at)),
            job => job,
        })
    }

    fn next_at(&self, now: f64) -> Result<NextStep, OutboxError> {
        let mut due = self.due()?;
        if due.claim_expiry <= now {
            self.expire_claims(now, now)?;
            due = self.due()?;
        }
        let unconfirmed = due.unconfirmed.min(due.scan);
        if unconfirmed <= now && self.settings.ambiguous != AmbiguousPolicy::Reconcile {
            self.apply_ambiguous_policy(now)?;
            due = self.due()?;
        }
        let state = self.load_state()?;
        let mut requests_date = false;
        // Assuming that all time until then is proven.
        let mut purge_at = due.purge;
        if purge_at <= now {
            purge_at = match self.may_purge(state.date_requested_at, now) {
                PurgeDecision::Now if due.purge <= self.proven(now) => self.purge(now)?,
                PurgeDecision::Now => self.when_proven(due.purge),
                PurgeDecision::Later(at) => at,
                PurgeDecision::NeedsDate => {
                    requests_date = state.pause_reason.is_none();
                    now + MAX_BACKOFF
                }
            };
        }
        let first_due = due.pending.min(due.unconfirmed).min(due.scan).min(due.claim_expiry);
        let wake = purge_at
            .min(due.claim_expiry)
            .min(self.write_clients(now)?)
            .min(self.review_if_due(&state, first_due.is_finite(), now)?);
        let send_at = self.send_at(&state, &due)?;
        let scan_at = self.scan_at(&state, due.scan);
        let first = send_at.min(due.unconfirmed).min(scan_at);
        // The responses to leads have dates too.
        requests_date &= first > now;
        if first > now && !requests_date {
            return Ok(NextStep::Wait(wake.min(first)));
        }
        let is_trial = state.pause_reason.is_some();
        let open_at = if is_trial { state.pause_trial_at } else { 0.0 }.max(state.closed_until);
        if open_at > now {
            return Ok(NextStep::Wait(wake.min(open_at)));
        }
        // One trial at a time.
        if (is_trial || state.limited > 0) && due.claim_expiry.is_finite() {
            return Ok(NextStep::Wait(wake));
        }
        let permit = match self.permit(now)? {
            Ok(permit) => permit,
            Err(free_at) => return Ok(NextStep::Wait(wake.min(free_at))),
        };
        if requests_date {
            self.set(&[("date_requested_at", now.into())])?;
            self.take_permit(permit, now)?;
            return Ok(NextStep::Job(Job::without_lead(JobKind::Date, permit, now)));
        }
        // While the CRM is unreachable, a lookup is as good a trial as a send and has no side
        // effect; for a rejected credential it proves nothing.
        let prefers_send = state.is_slow()
            || is_trial
                && state.pause_reason.as_deref() != Some(crate::outbox::breaker::UNREACHABLE);
        // Scans come first because they are few; as a trial only if there is nothing else.
        if scan_at <= now && (!is_trial || send_at.min(due.unconfirmed) > now) {
            return match self.claim_scan(&state, permit, now)? {
                Some(job) => Ok(NextStep::Job(Job { is_trial, ..job })),
                None => Ok(NextStep::Wait(now)),
            };
        }
        let kind = if due.unconfirmed > now || prefers_send && send_at <= now {
            JobKind::Send
        } else {
            JobKind::Lookup
        };
        match self.claim(&state, kind, now)? {
            Some(row) => {
                self.take_permit(permit, now)?;
                Ok(NextStep::Job(
                    Job::read(kind, &row, permit, is_trial, now)
                        .ok_or(OutboxError::Unavailable(None))?,
                ))
            }
            None => Ok(NextStep::Wait(now)),
        }
    }

    /// When a lead may be sent.
    fn send_at(&self, state: &OutboxState, due: &DueTimes) -> Result<f64, StoreUnavailable> {
        Ok(match state.next_slow_send() {
            None => due.pending,
            Some(at) if due.pending.is_finite() => due.pending.max(at),
            Some(_) if self.has_held_refused_lead()? => state.next_held_send(),
            Some(_) => f64::INFINITY,
        })
    }

    fn claim(
        &self,
        state: &OutboxState,
        kind: JobKind,
        now: f64,
    ) -> Result<Option<Row>, StoreUnavailable> {
        let (from, to) = match kind {
            JobKind::Send => (LeadState::Pending, LeadState::Sending),
            JobKind::Lookup | JobKind::Scan | JobKind::Date => {
                (LeadState::Unconfirmed, LeadState::Reconciling)
            }
        };
        let (to, lease) = (to.name(), now + self.lease(kind));
        let sends = kind == JobKind::Send;
        // The values before the first send are kept.
        let claim = "UPDATE leads SET state = ?, claim = claim + 1, attempts = attempts + ?, \
                     updated_at = ?, next_at = ?, \
                     confirmed_before = COALESCE(confirmed_before, ?), \
                     crm_date = COALESCE(crm_date, ?) WHERE seq = ";
        let returning = " RETURNING id, claim, failures, lookups, lead, custom, marks, attempts, \
                         refusals, unconfirmed, walks, failed_alone, failed_at, traceparent";
        let confirmed = sends.then_some(state.confirmations);
        let date = self.crm_date.get().filter(|_| sends);
        if sends && state.is_slow() {
            let Some(seq) = self.choose_slow_lead(state, now)? else {
                return Ok(None);
            };
            self.set(&[("slow_sent_at", now.into())])?;
            let sql = [claim, "?", returning].concat();
            let proven = self.proven(now);
            return self.query_row(&sql, params![to, sends, proven, lease, confirmed, date, seq]);
        }
        let first = "(SELECT seq FROM leads WHERE state = ? AND next_at <= ? \
                     AND (state = 'pending' OR reason IS NOT 'absence_unproven') ORDER BY next_at LIMIT 1)";
        let sql = [claim, first, returning].concat();
        let proven = self.proven(now);
        self.query_row(&sql, params![to, sends, proven, lease, confirmed, date, from.name(), now])
    }

    /// How long a claim lasts: longer than its requests may take.
    pub(in crate::outbox) fn lease(&self, kind: JobKind) -> f64 {
        let requests = match kind {
            // A rejected token is renewed once.
            JobKind::Send => 2.0,
            JobKind::Lookup => 10.0,
            JobKind::Scan | JobKind::Date => 2.0,
        };
        requests * self.settings.timeout + 120_000.0
    }

    fn due(&self) -> Result<DueTimes, StoreUnavailable> {
        let row = self.query_row(
            "SELECT (SELECT MIN(next_at) FROM leads WHERE state = 'pending'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'unconfirmed' \
              AND reason IS NOT 'absence_unproven'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'sending'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'reconciling'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'delivered'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'dead'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'held'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'unconfirmed' AND reason = 'absence_unproven'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'skipped')",
            &[],
        )?;
        let row = row.ok_or(StoreUnavailable(None))?;
        let at = |column| row.number(column).unwrap_or(f64::INFINITY);
        Ok(DueTimes {
            pending: at(0),
            unconfirmed: at(1),
            scan: at(7),
            claim_expiry: at(2).min(at(3)),
            purge: at(4).min(at(5)).min(at(6)).min(at(8)),
        })
    }

    /// Makes the leads unconfirmed whose claims expire no later than `until`: their outcome is unknown.
    pub(in crate::outbox) fn expire_claims(
        &self,
        now: f64,
        until: f64,
    ) -> Result<(), StoreUnavailable> {
        // A date that every store can represent.
        let until = until.min(9e15);
        self.execute(
            "UPDATE leads SET state = 'unconfirmed', updated_at = ?, \
             reason = CASE WHEN erased = 1 THEN reason ELSE 'claim_expired' END, \
             next_at = CASE state WHEN 'sending' THEN ? ELSE ? END, \
             lookups = CASE state WHEN 'sending' THEN 0 ELSE lookups END \
             WHERE state IN ('sending', 'reconciling') AND next_at <= ?",
            params![self.proven(now), now + self.reconcile_delay(0), now, until],
        )?;
        self.persist_clock(true)?;
        self.finish_erasures(now)
    }

    /// The wait before the next lookup, after `lookups` that have not found the lead.
    pub(in crate::outbox) fn reconcile_delay(&self, lookups: u32) -> f64 {
        self.settings.reconcile_delays.get(lookups as usize).copied().unwrap_or(0.0)
    }

    /// Holds or resends unconfirmed leads if the policy is not to look them up.
    fn apply_ambiguous_policy(&self, now: f64) -> Result<(), StoreUnavailable> {
        let hold = self.settings.ambiguous == AmbiguousPolicy::Hold;
        self.review_soon();
        let (state, next_at) = if hold {
            (LeadState::Held, self.expiry_warning(now))
        } else {
            (LeadState::Pending, now)
        };
        self.execute(
            // Held leads that an operator replays are looked up under the policy "hold" too.
            "UPDATE leads SET state = ?, reason = 'ambiguous', next_at = ?, updated_at = ? \
             WHERE state = 'unconfirmed' AND next_at <= ? AND \
             (? = 0 OR reason IN ('outcome_unknown', 'unconfirmed_response', 'claim_expired', 'redirect', 'not_json', 'restored'))",
            params![state.name(), next_at, self.proven(now), now, hold],
        )
        .map(drop)
    }
}
