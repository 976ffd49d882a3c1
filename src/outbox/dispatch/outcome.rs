//! Records the outcomes of jobs.

use crate::outbox::backoff::{MAX_BACKOFF, MAX_WAIT, MIN_WAIT, backoff};
use crate::outbox::breaker::UNREACHABLE;
use crate::outbox::clock::Reading;
use crate::outbox::contract::{Alert, LeadState};
use crate::outbox::dispatch::claim::{Job, JobKind};
use crate::outbox::dispatch::job_call::{Diagnostics, JobOutcome};
use crate::outbox::dispatch::slowdown::{AfterRefusal, REFUSED_ONCE};
use crate::outbox::dispatch::walk::{MAX_WALKS, UNPROVEN, walk_interval};
use crate::outbox::settings::{AmbiguousPolicy, DAY};
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};

/// How many sends in a row confirm no lead before an alert is raised.
pub(in crate::outbox) const UNCONFIRMABLE: u32 = 20;

/// How many 2xx responses may not confirm a lead before it is held.
const MAX_UNCONFIRMED: u32 = 5;

/// Why a lead is looked up or held: 2xx responses did not confirm it.
const UNCONFIRMED: &str = "unconfirmed_response";

/// What happens to a lead.
struct Transition<'a> {
    state: LeadState,
    reason: Option<&'a str>,
    status: Option<u16>,
    next_at: f64,
    lookups: u32,
    failures: u32,
    refusals: Option<u32>,
    unconfirmed: u32,
    walks: u32,
    failed_alone: u32,
    failed_at: Option<f64>,
    crm_id: Option<&'a str>,
}

impl<S: Store> Outbox<S> {
    /// Records the outcome of a job. `jitter` is from 0 up to 1.
    ///
    /// # Errors
    ///
    /// If the store is unavailable. The lead then counts as claimed for some time, and as
    /// unconfirmed afterwards.
    pub fn record_outcome(
        &self,
        job: &Job,
        outcome: &JobOutcome,
        diagnostics: &Diagnostics,
        reading: impl Into<Reading>,
        jitter: f64,
    ) -> Result<(), OutboxError> {
        let now = self.time(reading);
        let facts = self.load_state()?;
        if facts.alerts.is_some() || !matches!(outcome, JobOutcome::Created(_)) {
            self.review_soon();
        }
        if let Some(status) = outcome.failure() {
            self.set(&[
                ("failure_cause", diagnostics.cause.clone().into()),
                ("failure_status", status.map(u32::from).into()),
                ("failure_at", self.proven(now).into()),
            ])?;
        }
        self.count(match job.kind {
            JobKind::Send => "sends_total",
            JobKind::Lookup | JobKind::Walk | JobKind::Date => "lookups_total",
        })?;
        if let Some(walk) = &job.walk {
            self.record_walk_outcome(&facts, job, walk, outcome, now, jitter)?;
            return Ok(self.persist_clock(true)?);
        }
        if job.kind == JobKind::Date {
            // A CRM that answers without a date never lets anything be deleted.
            let is_answer = !matches!(outcome, JobOutcome::LookupFailed { status: None, .. });
            if is_answer && !self.has_recent_crm_date() {
                self.report_clock_skew(None)?;
            }
            return Ok(());
        }
        let change = self.transition(&facts, job, outcome, now, jitter)?;
        // An answer that comes after its claim was given up is the truth all the same, unless
        // there is a later claim.
        let settled = self.row(
            "UPDATE leads SET state = ?, reason = CASE WHEN erased = 1 THEN reason ELSE ? END, \
             status = COALESCE(?, status), next_at = ?, \
             updated_at = ?, lookups = ?, failures = ?, refusals = COALESCE(?, refusals), \
             unconfirmed = ?, walks = ?, failed_alone = ?, failed_at = ?, cause = ?, \
             response = CASE WHEN ? = 'delivered' THEN NULL ELSE COALESCE(?, response) END, \
             crm_id = COALESCE(?, crm_id), \
             confirmation = COALESCE(confirmation, ?) \
             WHERE id = ? AND claim = ? AND state IN ('sending', 'reconciling', 'unconfirmed') \
             RETURNING erased",
            params![
                change.state.name(),
                change.reason,
                change.status.map(u32::from),
                change.next_at,
                self.proven(now),
                change.lookups,
                change.failures,
                change.refusals,
                change.unconfirmed,
                change.walks,
                change.failed_alone,
                change.failed_at,
                diagnostics.cause.as_deref(),
                change.state.name(),
                diagnostics.answer.as_deref(),
                change.crm_id,
                (change.state == LeadState::Delivered).then_some(facts.confirmations + 1.0),
                job.id.as_str(),
                job.claim
            ],
        )?;
        let Some(settled) = settled else {
            return Ok(());
        };
        self.persist_clock(change.state != LeadState::Delivered)?;
        if settled.number(0) == Some(1.0) {
            self.finish_erasures(now)?;
        }
        match change.state {
            LeadState::Delivered => self.count("leads_delivered_total")?,
            LeadState::Dead => {
                self.count("leads_dead_total")?;
                let submission_id = job.id.clone();
                self.alert(Alert::LeadDead { submission_id, status: change.status });
            }
            _ => {}
        }
        Ok(())
    }

    /// What happens to a job's lead, and what follows for the others.
    fn transition<'a>(
        &self,
        facts: &OutboxState,
        job: &Job,
        outcome: &'a JobOutcome,
        now: f64,
        jitter: f64,
    ) -> Result<Transition<'a>, StoreUnavailable> {
        let (looking, was_trial) = (job.kind == JobKind::Lookup, job.is_trial);
        let failures = job.failures + 1;
        let delay = backoff(failures, MAX_BACKOFF, jitter);
        let again = backoff(job.attempts, MAX_BACKOFF, jitter);
        let same = if looking { LeadState::Unconfirmed } else { LeadState::Pending };
        let base = Transition {
            state: same,
            reason: None,
            status: None,
            next_at: now,
            lookups: job.lookups,
            failures: 0,
            refusals: None,
            unconfirmed: job.unconfirmed,
            walks: job.walks,
            failed_alone: job.failed_alone,
            failed_at: job.failed_at,
            crm_id: None,
        };
        Ok(match outcome {
            JobOutcome::Created(crm_id) => {
                self.on_crm_success(facts, was_trial, !looking, now)?;
                if looking {
                    self.set_lookup_available(facts, now)?;
                } else if facts.unconfirmed > 0 {
                    self.set(&[("unconfirmed", 0.0.into())])?;
                }
                let next_at = self.proven(now) + self.settings.retention.delivered * DAY;
                Transition {
                    state: LeadState::Delivered,
                    next_at,
                    crm_id: crm_id.as_deref(),
                    ..base
                }
            }
            JobOutcome::Absent => {
                self.on_crm_success(facts, was_trial, false, now)?;
                self.set_lookup_available(facts, now)?;
                let lookups = job.lookups + 1;
                if (lookups as usize) < self.settings.reconcile_delays.len() {
                    let next_at = now + self.reconcile_delay(lookups);
                    Transition { lookups, next_at, ..base }
                } else {
                    // Whatever makes the CRM fail each time is not to take all there is to send with.
                    let next_at = now + again;
                    Transition { state: LeadState::Pending, lookups: 0, walks: 0, next_at, ..base }
                }
            }
            JobOutcome::Unconfirmed(status) => {
                self.on_unconfirmed(facts, was_trial, now, jitter)?;
                let unconfirmed = job.unconfirmed + 1;
                let base = Transition { unconfirmed, ..base.failed(facts) };
                if unconfirmed < MAX_UNCONFIRMED {
                    self.to_unconfirmed(base, UNCONFIRMED, *status, 0.0, again)
                } else {
                    Transition { status: *status, ..self.to_held(base, &job.id, UNCONFIRMED, now) }
                }
            }
            JobOutcome::Refused(status) => {
                // That it answers at all ends whatever was tried.
                self.on_crm_success(facts, was_trial, false, now)?;
                let state = match self.refuse_lead(facts, &job.id, job.refusals, now)? {
                    AfterRefusal::Dead => LeadState::Dead,
                    AfterRefusal::Held => LeadState::Held,
                };
                let (reason, status) = (Some("refused"), Some(*status));
                let refusals = Some(job.refusals.max(REFUSED_ONCE));
                let next_at = self.expiry_warning(now);
                Transition { state, reason, status, next_at, refusals, ..base }
            }
            JobOutcome::Invalid => {
                let next_at = self.expiry_warning(now);
                Transition { state: LeadState::Dead, reason: Some("invalid"), next_at, ..base }
            }
            JobOutcome::RateLimited(wait) => {
                self.on_crm_response(facts, was_trial, now)?;
                let next_at = self.pause_after_429(facts, *wait, now, jitter)?;
                // The lead itself has not failed: it goes first when the CRM listens again.
                let failures = job.failures;
                Transition {
                    reason: Some("rate_limited"),
                    status: Some(429),
                    next_at,
                    failures,
                    ..base
                }
            }
            JobOutcome::NotSent => {
                self.on_unreachable(facts, was_trial, now, jitter)?;
                Transition { reason: Some(UNREACHABLE), next_at: now + delay, failures, ..base }
            }
            JobOutcome::OutcomeUnknown { status, retry_after } => {
                self.on_unreachable(facts, was_trial, now, jitter)?;
                self.to_unconfirmed(
                    base.failed(facts),
                    "outcome_unknown",
                    *status,
                    bounded_wait(*retry_after),
                    again,
                )
            }
            JobOutcome::Misconfigured { reason, status, ambiguous } => {
                self.pause(facts, (reason, *status), was_trial, now, jitter)?;
                if *ambiguous {
                    self.to_unconfirmed(base, reason, *status, 0.0, again)
                } else {
                    Transition { reason: Some(reason), status: *status, ..base }
                }
            }
            JobOutcome::LookupForbidden(status) => {
                if was_trial && facts.pause_status == Some(*status) {
                    // Nothing new: the key is refused as it was.
                    let reason = facts.pause_reason.as_deref().unwrap_or_default();
                    self.pause(facts, (reason, Some(*status)), was_trial, now, jitter)?;
                    return Ok(Transition { reason: Some("outcome_unknown"), ..base });
                }
                self.on_crm_response(facts, was_trial, now)?;
                self.set_lookup_unavailable(facts, *status)?;
                let next_at = self.expiry_warning(now);
                let (reason, status) = (Some("lookup_forbidden"), Some(*status));
                Transition { state: LeadState::Held, reason, status, next_at, ..base }
            }
            JobOutcome::LookupFailed { status, retry_after } => {
                self.on_unreachable(facts, was_trial, now, jitter)?;
                let next_at = now + bounded_wait(*retry_after).max(delay);
                Transition {
                    reason: Some("lookup_failed"),
                    status: *status,
                    next_at,
                    failures,
                    ..base
                }
            }
            JobOutcome::Inconclusive { may_walk } => {
                self.on_crm_success(facts, was_trial, false, now)?;
                self.set_lookup_available(facts, now)?;
                let (lookups, walks) = (job.lookups + 1, job.walks + 1);
                if (lookups as usize) < self.settings.reconcile_delays.len() {
                    let next_at = now + self.reconcile_delay(lookups);
                    Transition { reason: Some("lookup_inconclusive"), lookups, next_at, ..base }
                } else if *may_walk {
                    // All leads that are left are looked up together.
                    Transition { reason: Some(UNPROVEN), lookups, ..base }
                } else if walks < MAX_WALKS {
                    let next_at = now + walk_interval(job.walks);
                    Transition {
                        reason: Some("lookup_inconclusive"),
                        lookups,
                        walks,
                        next_at,
                        ..base
                    }
                } else {
                    self.to_held(base, &job.id, UNPROVEN, now)
                }
            }
            // Of a walk alone.
            JobOutcome::PageRead(_) => base,
            JobOutcome::NoPermitUntil(until) => {
                Transition { next_at: *until, failures: job.failures, ..base }
            }
        })
    }

    /// The CRM may have the lead or not.
    fn to_unconfirmed<'a>(
        &self,
        base: Transition<'a>,
        reason: &'a str,
        status: Option<u16>,
        wait: f64,
        again: f64,
    ) -> Transition<'a> {
        let settle = match self.settings.ambiguous {
            AmbiguousPolicy::Reconcile => self.reconcile_delay(0),
            AmbiguousPolicy::Resend => again,
            AmbiguousPolicy::Hold => 0.0,
        };
        let next_at = base.next_at + settle.max(wait);
        Transition {
            state: LeadState::Unconfirmed,
            reason: Some(reason),
            status,
            next_at,
            lookups: 0,
            ..base
        }
    }

    /// It is unknown whether the CRM has the lead: an operator decides.
    fn to_held<'a>(
        &self,
        base: Transition<'a>,
        id: &str,
        reason: &'static str,
        now: f64,
    ) -> Transition<'a> {
        self.alert(Alert::LeadHeld { submission_id: id.into(), reason });
        let next_at = self.expiry_warning(now);
        Transition { state: LeadState::Held, reason: Some(reason), next_at, ..base }
    }

    /// The CRM answered a send with a 2xx that confirms no lead.
    fn on_unconfirmed(
        &self,
        facts: &OutboxState,
        was_trial: bool,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        let sends = facts.unconfirmed + 1;
        self.set(&[("unconfirmed", sends.into())])?;
        match &facts.pause_reason {
            // That it answers is no sign that what was wrong with the key or the address is over.
            Some(reason) if was_trial && reason != UNREACHABLE => {
                self.pause(facts, (reason, facts.pause_status), was_trial, now, jitter)
            }
            _ => self.on_crm_response(facts, was_trial, now),
        }
    }

    /// The CRM asks for a pause: nothing is sent until it is over, and then one lead tries first.
    /// Returns when that is.
    pub(in crate::outbox) fn pause_after_429(
        &self,
        facts: &OutboxState,
        wait: Option<f64>,
        now: f64,
        jitter: f64,
    ) -> Result<f64, StoreUnavailable> {
        // Of requests that were under way together only the first counts.
        let limited = facts.limited + u32::from(facts.closed_until <= now);
        let wait = bounded_wait(wait).max(backoff(limited, MAX_BACKOFF, jitter));
        let until = facts.closed_until.max(now + wait);
        self.set(&[("closed_until", until.into()), ("limited", limited.into())])?;
        Ok(until)
    }

    /// The key may not read leads.
    pub(in crate::outbox) fn set_lookup_unavailable(
        &self,
        facts: &OutboxState,
        status: u16,
    ) -> Result<(), StoreUnavailable> {
        if facts.reconcile.as_deref() == Some("unavailable") {
            return Ok(());
        }
        let status = u32::from(status).into();
        self.set(&[("reconcile", "unavailable".into()), ("reconcile_status", status)])
    }

    /// The key may read leads.
    pub(in crate::outbox) fn set_lookup_available(
        &self,
        facts: &OutboxState,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        if facts.reconcile.as_deref() == Some("available") {
            return Ok(());
        }
        self.set(&[("reconcile", "available".into())])?;
        self.retry_forbidden_lookups(now)
    }
}

impl Transition<'_> {
    /// Sending failed. Where the CRM confirmed another lead since that last happened, it did so alone.
    fn failed(self, facts: &OutboxState) -> Self {
        let is_alone = self.failed_at.is_some_and(|before| facts.confirmations > before);
        let failed_alone = self.failed_alone + u32::from(is_alone);
        Self { failed_alone, failed_at: Some(facts.confirmations), ..self }
    }
}

impl JobOutcome {
    /// Where the request failed, the status of the response if there was one.
    const fn failure(&self) -> Option<Option<u16>> {
        match self {
            Self::NotSent => Some(None),
            Self::OutcomeUnknown { status, .. }
            | Self::LookupFailed { status, .. }
            | Self::Misconfigured { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// The wait that the CRM asks for, within bounds; 0 where it asks for none.
pub(in crate::outbox) fn bounded_wait(wait: Option<f64>) -> f64 {
    wait.map_or(0.0, |wait| wait.clamp(MIN_WAIT, MAX_WAIT))
}
