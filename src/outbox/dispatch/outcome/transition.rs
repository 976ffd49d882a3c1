//! The transition of a lead after a job, and its consequences for the other leads.

use super::bounded_wait;
use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::breaker::{OutcomeContext, UNREACHABLE};
use crate::outbox::contract::{Alert, LeadState};
use crate::outbox::dispatch::job::{Job, JobKind};
use crate::outbox::dispatch::job_call::JobOutcome;
use crate::outbox::dispatch::list_scan::{MAX_SCANS, UNPROVEN, scan_interval};
use crate::outbox::dispatch::slowdown::{AfterRefusal, REFUSED_ONCE};
use crate::outbox::settings::{AmbiguousPolicy, DAY};
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Store, StoreUnavailable};

/// How many 2xx responses may fail to confirm a lead before it is held.
const MAX_UNCONFIRMED: u32 = 5;

/// Why a lead is looked up or held: 2xx responses did not confirm it.
const UNCONFIRMED: &str = "unconfirmed_response";

/// The new state of a lead.
pub(super) struct Transition<'a> {
    pub(super) state: LeadState,
    pub(super) reason: Option<&'a str>,
    pub(super) status: Option<u16>,
    pub(super) next_at: f64,
    pub(super) lookups: u32,
    pub(super) failures: u32,
    pub(super) refusals: Option<u32>,
    pub(super) unconfirmed: u32,
    pub(super) scans: u32,
    pub(super) failed_alone: u32,
    pub(super) failed_at: Option<f64>,
    pub(super) crm_id: Option<&'a str>,
}

impl<S: Store> Outbox<S> {
    /// The transition of a job's lead. Records the consequences for the other leads.
    pub(super) fn transition<'a>(
        &self,
        context: OutcomeContext<'_>,
        job: &Job,
        outcome: &'a JobOutcome,
    ) -> Result<Transition<'a>, StoreUnavailable> {
        let OutcomeContext { state, was_trial, now, jitter, .. } = context;
        let is_lookup = job.kind == JobKind::Lookup;
        let failures = job.failures + 1;
        let delay = backoff(failures, MAX_BACKOFF, jitter);
        let resend_delay = backoff(job.attempts, MAX_BACKOFF, jitter);
        let base = Transition {
            state: if is_lookup { LeadState::Unconfirmed } else { LeadState::Pending },
            reason: None,
            status: None,
            next_at: now,
            lookups: job.lookups,
            failures: 0,
            refusals: None,
            unconfirmed: job.unconfirmed,
            scans: job.scans,
            failed_alone: job.failed_alone,
            failed_at: job.failed_at,
            crm_id: None,
        };
        Ok(match outcome {
            JobOutcome::Created(crm_id) => {
                self.on_crm_success(context, !is_lookup)?;
                if is_lookup {
                    self.set_lookup_available(state, now)?;
                } else if state.unconfirmed > 0 {
                    self.set(&[("unconfirmed", 0.0.into())])?;
                }
                let next_at = self.proven(now) + self.settings.retention.delivered * DAY;
                let crm_id = crm_id.as_deref();
                Transition { state: LeadState::Delivered, next_at, crm_id, ..base }
            }
            JobOutcome::Absent => {
                self.on_crm_success(context, false)?;
                self.set_lookup_available(state, now)?;
                let lookups = job.lookups + 1;
                if (lookups as usize) < self.settings.reconcile_delays.len() {
                    let next_at = now + self.reconcile_delay(lookups);
                    Transition { lookups, next_at, ..base }
                } else {
                    // A lead that makes the CRM fail each time must not use up the budget.
                    let next_at = now + resend_delay;
                    Transition { state: LeadState::Pending, lookups: 0, scans: 0, next_at, ..base }
                }
            }
            JobOutcome::Unconfirmed(status) => {
                self.on_unconfirmed(context)?;
                let unconfirmed = job.unconfirmed + 1;
                let base = Transition { unconfirmed, ..base.failed(state) };
                if unconfirmed < MAX_UNCONFIRMED {
                    self.to_unconfirmed(base, UNCONFIRMED, *status, 0.0, resend_delay)
                } else {
                    Transition { status: *status, ..self.to_held(base, &job.id, UNCONFIRMED, now) }
                }
            }
            JobOutcome::Refused(status) => {
                // Any response proves that the CRM is reachable and accepts the credential.
                self.on_crm_success(context, false)?;
                let state = match self.refuse_lead(state, &job.id, job.refusals, now)? {
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
            JobOutcome::RateLimited(retry_after) => {
                self.on_crm_response(context)?;
                let next_at = self.pause_after_429(context, *retry_after)?;
                // The lead itself has not failed: it is sent first afterwards.
                let failures = job.failures;
                let (reason, status) = (Some("rate_limited"), Some(429));
                Transition { reason, status, next_at, failures, ..base }
            }
            JobOutcome::NotSent { .. } => {
                self.on_unreachable(context)?;
                Transition { reason: Some(UNREACHABLE), next_at: now + delay, failures, ..base }
            }
            JobOutcome::OutcomeUnknown { status, retry_after, .. } => {
                self.on_unreachable(context)?;
                let wait = bounded_wait(*retry_after);
                let base = base.failed(state);
                self.to_unconfirmed(base, "outcome_unknown", *status, wait, resend_delay)
            }
            JobOutcome::Misconfigured { reason, status, ambiguous } => {
                self.pause(context, reason, *status)?;
                if *ambiguous {
                    self.to_unconfirmed(base, reason, *status, 0.0, resend_delay)
                } else {
                    Transition { reason: Some(reason), status: *status, ..base }
                }
            }
            JobOutcome::LookupForbidden(status) => {
                if was_trial && state.pause_status == Some(*status) {
                    // The credential is still rejected.
                    let reason = state.pause_reason.as_deref().unwrap_or_default();
                    self.pause(context, reason, Some(*status))?;
                    return Ok(Transition { reason: Some("outcome_unknown"), ..base });
                }
                self.on_crm_response(context)?;
                self.set_lookup_unavailable(state, *status)?;
                let next_at = self.expiry_warning(now);
                let (reason, status) = (Some("lookup_forbidden"), Some(*status));
                Transition { state: LeadState::Held, reason, status, next_at, ..base }
            }
            JobOutcome::LookupFailed { status, retry_after, .. } => {
                self.on_unreachable(context)?;
                let next_at = now + bounded_wait(*retry_after).max(delay);
                let (reason, status) = (Some("lookup_failed"), *status);
                Transition { reason, status, next_at, failures, ..base }
            }
            JobOutcome::Inconclusive { can_scan } => {
                self.on_crm_success(context, false)?;
                self.set_lookup_available(state, now)?;
                let (lookups, scans) = (job.lookups + 1, job.scans + 1);
                let reason = Some("lookup_inconclusive");
                if (lookups as usize) < self.settings.reconcile_delays.len() {
                    let next_at = now + self.reconcile_delay(lookups);
                    Transition { reason, lookups, next_at, ..base }
                } else if *can_scan {
                    // The list is read once for all leads that remain.
                    Transition { reason: Some(UNPROVEN), lookups, ..base }
                } else if scans < MAX_SCANS {
                    let next_at = now + scan_interval(job.scans);
                    Transition { reason, lookups, scans, next_at, ..base }
                } else {
                    self.to_held(base, &job.id, UNPROVEN, now)
                }
            }
            // Only a scan has this outcome.
            JobOutcome::PageRead(_) => base,
            JobOutcome::NoPermitUntil(until) => {
                Transition { next_at: *until, failures: job.failures, ..base }
            }
        })
    }

    /// The CRM may have the lead.
    fn to_unconfirmed<'a>(
        &self,
        base: Transition<'a>,
        reason: &'a str,
        status: Option<u16>,
        wait: f64,
        resend_delay: f64,
    ) -> Transition<'a> {
        let delay = match self.settings.ambiguous {
            AmbiguousPolicy::Reconcile => self.reconcile_delay(0),
            AmbiguousPolicy::Resend => resend_delay,
            AmbiguousPolicy::Hold => 0.0,
        };
        let next_at = base.next_at + delay.max(wait);
        let (state, reason) = (LeadState::Unconfirmed, Some(reason));
        Transition { state, reason, status, next_at, lookups: 0, ..base }
    }

    /// It remains unknown whether the CRM has the lead: an operator decides.
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

    /// The CRM responded to a send with a 2xx that does not confirm the lead.
    fn on_unconfirmed(&self, context: OutcomeContext<'_>) -> Result<(), StoreUnavailable> {
        let OutcomeContext { state, was_trial, .. } = context;
        let sends = state.unconfirmed + 1;
        self.set(&[("unconfirmed", sends.into())])?;
        match &state.pause_reason {
            // Such a response does not prove that the credential or the URL is right again.
            Some(reason) if was_trial && reason != UNREACHABLE => {
                self.pause(context, reason, state.pause_status)
            }
            _ => self.on_crm_response(context),
        }
    }
}

impl Transition<'_> {
    /// A failed send. If the CRM has confirmed another lead since the previous one, it failed alone.
    fn failed(self, state: &OutboxState) -> Self {
        let is_alone = self.failed_at.is_some_and(|before| state.confirmations > before);
        let failed_alone = self.failed_alone + u32::from(is_alone);
        Self { failed_alone, failed_at: Some(state.confirmations), ..self }
    }
}
