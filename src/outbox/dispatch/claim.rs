//! What is to be done next: a lead is claimed, in the store, before anything is done with it.

use crate::outbox::backoff::MAX_BACKOFF;
use crate::outbox::clock::{PurgeDecision, Reading};
use crate::outbox::contract::{LeadState, marks};
use crate::outbox::dispatch::permits::CallPermit;
use crate::outbox::dispatch::walk::ListWalk;
use crate::outbox::settings::AmbiguousPolicy;
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// What to do next.
#[derive(Clone, Debug)]
pub enum NextStep {
    /// This.
    Job(Job),
    /// Nothing before the host's monotonic clock says this; infinite where there is nothing to wait for. Nothing, too, while
    /// other jobs are in progress: the last one to end asks again.
    Wait(f64),
}

/// A claimed lead, and what is to be done with it.
#[derive(Clone, Debug)]
pub struct Job {
    /// Whether it is sent or looked up.
    pub kind: JobKind,
    /// The submission id.
    pub id: String,
    /// Which claim it is.
    pub(in crate::outbox) claim: f64,
    /// How often it was sent, this time included.
    pub(in crate::outbox) attempts: u32,
    /// How many requests for this lead have failed in a row.
    pub(in crate::outbox) failures: u32,
    /// How many lookups have not found it.
    pub(in crate::outbox) lookups: u32,
    /// Whether the CRM refused it before.
    pub(in crate::outbox) refusals: u32,
    /// How many 2xx responses did not confirm it.
    pub(in crate::outbox) unconfirmed: u32,
    /// How many hourly lookups have not proven that it is absent.
    pub(in crate::outbox) walks: u32,
    /// How often sending it failed while the CRM confirmed others, and how many it had confirmed when
    /// that last failed.
    pub(in crate::outbox) failed_alone: u32,
    pub(in crate::outbox) failed_at: Option<f64>,
    /// For [`JobKind::Walk`]: the walk.
    pub(in crate::outbox) walk: Option<Box<ListWalk>>,
    /// Whether it is the one that tries whether something is over.
    pub(in crate::outbox) is_trial: bool,
    pub(in crate::outbox) permit: CallPermit,
    pub(in crate::outbox) lead: String,
    pub(in crate::outbox) custom: String,
    pub(in crate::outbox) marks: Vec<String>,
}

/// What is done with a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// It is sent.
    Send,
    /// The CRM is asked for it.
    Lookup,
    /// The next page of the CRM's list is read, for all leads that nothing else has told of.
    Walk,
    /// There is no lead: the CRM is asked for its date.
    Date,
}

/// When something is due for the first lead of each kind.
struct DueTimes {
    ready: f64,
    unsure: f64,
    /// A walk through the CRM's list.
    walk: f64,
    /// The end of the first claim.
    claimed: f64,
    /// What is kept of a lead that is over, when that time is proven.
    kept: f64,
}

impl<S: Store> Outbox<S> {
    /// Claims the next lead that may be sent or looked up now, or tells when to ask again.
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
        if due.claimed <= now {
            self.expire_claims(now, now)?;
            due = self.due()?;
        }
        let unsure = due.unsure.min(due.walk);
        if unsure <= now && self.settings.ambiguous != AmbiguousPolicy::Reconcile {
            self.apply_ambiguous_policy(now)?;
            due = self.due()?;
        }
        let facts = self.load_state()?;
        let mut ask_date = false;
        // Should all of the time be proven by then.
        let mut kept = due.kept;
        if kept <= now {
            kept = match self.may_purge(facts.date_requested_at, now) {
                PurgeDecision::Now if due.kept <= self.proven(now) => self.purge(now)?,
                PurgeDecision::Now => self.when_proven(due.kept),
                PurgeDecision::Later(at) => at,
                PurgeDecision::NeedsDate => {
                    ask_date = facts.pause_reason.is_none();
                    now + MAX_BACKOFF
                }
            };
        }
        let waiting = due.ready.min(due.unsure).min(due.walk).min(due.claimed);
        let wake = kept.min(due.claimed).min(self.write_clients(now)?).min(self.review_if_due(
            &facts,
            waiting.is_finite(),
            now,
        )?);
        let send_at = self.send_at(&facts, &due)?;
        let walk_at = self.walk_at(&facts, due.walk);
        let first = send_at.min(due.unsure).min(walk_at);
        // The answers to leads have dates too.
        ask_date &= first > now;
        if first > now && !ask_date {
            return Ok(NextStep::Wait(wake.min(first)));
        }
        let is_trial = facts.pause_reason.is_some();
        let open_at = if is_trial { facts.pause_trial_at } else { 0.0 }.max(facts.closed_until);
        if open_at > now {
            return Ok(NextStep::Wait(wake.min(open_at)));
        }
        // One lead at a time tries whether it is over.
        if (is_trial || facts.limited > 0) && due.claimed.is_finite() {
            return Ok(NextStep::Wait(wake));
        }
        let permit = match self.permit(now)? {
            Ok(permit) => permit,
            Err(free_at) => return Ok(NextStep::Wait(wake.min(free_at))),
        };
        if ask_date {
            self.set(&[("date_requested_at", now.into())])?;
            self.take_permit(permit, now)?;
            return Ok(NextStep::Job(Job::without_lead(JobKind::Date, permit)));
        }
        // A lookup leaves no trace, and where the CRM cannot be reached it says as much as a send;
        // of a key that was refused it says nothing.
        let send_first = facts.is_slow()
            || is_trial
                && facts.pause_reason.as_deref() != Some(crate::outbox::breaker::UNREACHABLE);
        // Walks are few, so they come first; as a trial only where there is nothing else.
        if walk_at <= now && (!is_trial || send_at.min(due.unsure) > now) {
            return match self.claim_walk(&facts, permit, now)? {
                Some(job) => Ok(NextStep::Job(Job { is_trial, ..job })),
                None => Ok(NextStep::Wait(now)),
            };
        }
        let kind = if due.unsure > now || send_first && send_at <= now {
            JobKind::Send
        } else {
            JobKind::Lookup
        };
        match self.claim(&facts, kind, now)? {
            Some(row) => {
                self.take_permit(permit, now)?;
                Ok(NextStep::Job(
                    job(kind, &row, permit, is_trial).ok_or(OutboxError::Unavailable(None))?,
                ))
            }
            None => Ok(NextStep::Wait(now)),
        }
    }

    /// When a lead may be sent.
    fn send_at(&self, facts: &OutboxState, due: &DueTimes) -> Result<f64, StoreUnavailable> {
        Ok(match facts.next_slow_send() {
            None => due.ready,
            Some(at) if due.ready.is_finite() => due.ready.max(at),
            Some(_) if self.has_held_refused_lead()? => facts.next_held_try(),
            Some(_) => f64::INFINITY,
        })
    }

    fn claim(
        &self,
        facts: &OutboxState,
        kind: JobKind,
        now: f64,
    ) -> Result<Option<Row>, StoreUnavailable> {
        let (from, to) = match kind {
            JobKind::Send => (LeadState::Pending, LeadState::Sending),
            JobKind::Lookup | JobKind::Walk | JobKind::Date => {
                (LeadState::Unconfirmed, LeadState::Reconciling)
            }
        };
        let (to, lease) = (to.name(), now + self.lease(kind));
        let sends = kind == JobKind::Send;
        // What is known before the first send stays.
        let claim = "UPDATE leads SET state = ?, claim = claim + 1, attempts = attempts + ?, \
                     updated_at = ?, next_at = ?, \
                     confirmed_before = COALESCE(confirmed_before, ?), \
                     crm_date = COALESCE(crm_date, ?) WHERE seq = ";
        let returning = " RETURNING id, claim, failures, lookups, lead, custom, marks, attempts, \
                         refusals, unconfirmed, walks, failed_alone, failed_at";
        let confirmed = sends.then_some(facts.confirmations);
        let date = self.crm_date.get().filter(|_| sends);
        if sends && facts.is_slow() {
            let Some(seq) = self.choose_slow_lead(facts, now)? else {
                return Ok(None);
            };
            self.set(&[("slow_sent_at", now.into())])?;
            let sql = [claim, "?", returning].concat();
            let proven = self.proven(now);
            return self.row(&sql, params![to, sends, proven, lease, confirmed, date, seq]);
        }
        let first = "(SELECT seq FROM leads WHERE state = ? AND next_at <= ? \
                     AND (state = 'pending' OR reason IS NOT 'absence_unproven') ORDER BY next_at LIMIT 1)";
        let sql = [claim, first, returning].concat();
        let proven = self.proven(now);
        self.row(&sql, params![to, sends, proven, lease, confirmed, date, from.name(), now])
    }

    /// How long a claim holds while nothing is heard of it: longer than any request takes.
    pub(in crate::outbox) fn lease(&self, kind: JobKind) -> f64 {
        let exchanges = match kind {
            // With a new token it is two.
            JobKind::Send => 2.0,
            JobKind::Lookup => 10.0,
            JobKind::Walk | JobKind::Date => 2.0,
        };
        exchanges * self.settings.timeout + 120_000.0
    }

    fn due(&self) -> Result<DueTimes, StoreUnavailable> {
        let row = self.row(
            "SELECT (SELECT MIN(next_at) FROM leads WHERE state = 'pending'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'unconfirmed' \
              AND reason IS NOT 'absence_unproven'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'sending'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'reconciling'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'delivered'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'dead'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'held'), \
             (SELECT MIN(next_at) FROM leads WHERE state = 'unconfirmed' AND reason = 'absence_unproven')",
            &[],
        )?;
        let row = row.ok_or(StoreUnavailable(None))?;
        let at = |column| row.number(column).unwrap_or(f64::INFINITY);
        Ok(DueTimes {
            ready: at(0),
            unsure: at(1),
            walk: at(7),
            claimed: at(2).min(at(3)),
            kept: at(4).min(at(5)).min(at(6)),
        })
    }

    /// Makes the leads unconfirmed whose claims end no later than `until`: their outcome is not known.
    pub(in crate::outbox) fn expire_claims(
        &self,
        now: f64,
        until: f64,
    ) -> Result<(), StoreUnavailable> {
        // A date that every store can hold.
        let until = until.min(9e15);
        self.exec(
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

    /// How long to wait before the lookup after so many that have not found the lead.
    pub(in crate::outbox) fn reconcile_delay(&self, lookups: u32) -> f64 {
        self.settings.reconcile_delays.get(lookups as usize).copied().unwrap_or(0.0)
    }

    /// Does what is to be done about unconfirmed leads where the CRM is not to be asked.
    fn apply_ambiguous_policy(&self, now: f64) -> Result<(), StoreUnavailable> {
        let hold = self.settings.ambiguous == AmbiguousPolicy::Hold;
        self.review_soon();
        let (state, next_at) = if hold {
            (LeadState::Held, self.expiry_warning(now))
        } else {
            (LeadState::Pending, now)
        };
        self.exec(
            // A held lead that an operator replays is looked up.
            "UPDATE leads SET state = ?, reason = 'ambiguous', next_at = ?, updated_at = ? \
             WHERE state = 'unconfirmed' AND next_at <= ? AND \
             (? = 0 OR reason IN ('outcome_unknown', 'unconfirmed_response', 'claim_expired', 'redirect', 'not_json'))",
            params![state.name(), next_at, self.proven(now), now, hold],
        )
        .map(drop)
    }
}

impl Job {
    /// A job that concerns no single lead.
    pub(in crate::outbox) const fn without_lead(kind: JobKind, permit: CallPermit) -> Self {
        Self {
            kind,
            id: String::new(),
            claim: 0.0,
            attempts: 0,
            failures: 0,
            lookups: 0,
            refusals: 0,
            unconfirmed: 0,
            walks: 0,
            failed_alone: 0,
            failed_at: None,
            walk: None,
            is_trial: false,
            permit,
            lead: String::new(),
            custom: String::new(),
            marks: Vec::new(),
        }
    }
}

fn job(kind: JobKind, row: &Row, permit: CallPermit, is_trial: bool) -> Option<Job> {
    let text = |column| row.text(column).unwrap_or_default().into();
    Some(Job {
        kind,
        id: row.text(0)?.into(),
        claim: row.number(1)?,
        failures: row.count(2),
        lookups: row.count(3),
        is_trial,
        permit,
        lead: text(4),
        custom: text(5),
        marks: marks(row.text(6)),
        attempts: row.count(7),
        refusals: row.count(8),
        unconfirmed: row.count(9),
        walks: row.count(10),
        failed_alone: row.count(11),
        failed_at: row.number(12),
        walk: None,
    })
}
