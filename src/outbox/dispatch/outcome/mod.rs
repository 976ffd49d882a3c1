//! Records the outcomes of jobs.

mod transition;

use crate::outbox::backoff::{MAX_BACKOFF, MAX_WAIT, MIN_WAIT, backoff};
use crate::outbox::breaker::OutcomeContext;
use crate::outbox::clock::Reading;
use crate::outbox::contract::{Alert, AttemptEvent, LeadState};
use crate::outbox::dispatch::job::{Job, JobKind};
use crate::outbox::dispatch::job_call::{Diagnostics, JobOutcome};
use crate::outbox::metrics::{DELIVERY_AGE, cause_of};
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use transition::Transition;

/// The number of consecutive unconfirmed sends that raises an alert.
pub(in crate::outbox) const UNCONFIRMABLE: u32 = 20;

impl<S: Store> Outbox<S> {
    /// Records the outcome of a job. `jitter` is from 0 up to 1.
    ///
    /// # Errors
    ///
    /// If the store is unavailable. The lead then stays claimed until the claim expires, and is
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
        let state = self.load_state()?;
        let has_alerts = state.alerts.is_some() || state.clock_alert_at.is_some();
        if has_alerts || !matches!(outcome, JobOutcome::Created(_)) {
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
            JobKind::Lookup | JobKind::Scan | JobKind::Date => "lookups_total",
        })?;
        let duration = (now - job.claimed_at).max(0.0);
        self.count_attempt(job, outcome, diagnostics, duration)?;
        let context = OutcomeContext {
            state: &state,
            was_trial: job.is_trial,
            failure_weight: self.failure_weight(job, outcome),
            now,
            jitter,
        };
        if let Some(scan) = &job.scan {
            self.record_scan_outcome(context, scan, outcome)?;
            self.log_attempt(job, outcome, diagnostics, duration, None);
            return Ok(self.persist_clock(true)?);
        }
        if job.kind == JobKind::Date {
            self.log_attempt(job, outcome, diagnostics, duration, None);
            // If the CRM's responses have no date, nothing is ever deleted.
            let has_responded = !matches!(outcome, JobOutcome::LookupFailed { status: None, .. });
            if has_responded && !self.has_recent_crm_date() {
                self.report_clock_skew(None)?;
            }
            return Ok(());
        }
        let transition = self.transition(context, job, outcome)?;
        self.log_attempt(job, outcome, diagnostics, duration, Some(&transition));
        // An outcome that arrives after its claim has expired still counts, unless there is a later claim.
        let updated = self.query_row(
            "UPDATE leads SET state = ?, reason = CASE WHEN erased = 1 THEN reason ELSE ? END, \
             status = COALESCE(?, status), next_at = ?, \
             updated_at = ?, lookups = ?, failures = ?, refusals = COALESCE(?, refusals), \
             unconfirmed = ?, walks = ?, failed_alone = ?, failed_at = ?, cause = ?, \
             response = CASE WHEN ? = 'delivered' THEN NULL ELSE COALESCE(?, response) END, \
             crm_id = COALESCE(?, crm_id), \
             confirmation = COALESCE(confirmation, ?) \
             WHERE id = ? AND claim = ? AND state IN ('sending', 'reconciling', 'unconfirmed') \
             RETURNING erased, created_at",
            params![
                transition.state.name(),
                transition.reason,
                transition.status.map(u32::from),
                transition.next_at,
                self.proven(now),
                transition.lookups,
                transition.failures,
                transition.refusals,
                transition.unconfirmed,
                transition.scans,
                transition.failed_alone,
                transition.failed_at,
                diagnostics.cause.as_deref(),
                transition.state.name(),
                diagnostics.response.as_deref(),
                transition.crm_id,
                (transition.state == LeadState::Delivered).then_some(state.confirmations + 1.0),
                job.id.as_str(),
                job.claim
            ],
        )?;
        let Some(updated) = updated else {
            return Ok(());
        };
        self.persist_clock(transition.state != LeadState::Delivered)?;
        if updated.number(0) == Some(1.0) {
            self.finish_erasures(now)?;
        }
        match transition.state {
            LeadState::Delivered => {
                self.count("leads_delivered_total")?;
                let age = self.proven(now) - updated.number(1).unwrap_or(f64::NAN);
                self.observe(&DELIVERY_AGE, age)?;
            }
            LeadState::Dead => {
                self.count("leads_dead_total")?;
                let submission_id = job.id.clone();
                self.alert(Alert::LeadDead { submission_id, status: transition.status });
            }
            _ => {}
        }
        Ok(())
    }

    /// Records an attempt for the log.
    fn log_attempt(
        &self,
        job: &Job,
        outcome: &JobOutcome,
        diagnostics: &Diagnostics,
        duration_ms: f64,
        transition: Option<&Transition<'_>>,
    ) {
        if !self.settings.logs_attempts {
            return;
        }
        let cause = cause_of(outcome, diagnostics);
        self.attempts.borrow_mut().push(AttemptEvent {
            kind: job.kind.name(),
            submission_id: (!job.id.is_empty()).then(|| job.id.clone()),
            attempt: job.attempts,
            state: transition.map(|transition| transition.state),
            reason: transition.and_then(|transition| transition.reason).map(Into::into),
            cause: (cause != "none").then(|| cause.into_owned()),
            duration_ms,
        });
    }

    /// Stops sending after a 429 until its `Retry-After` has elapsed; then one lead is sent first.
    /// Returns that time.
    pub(in crate::outbox) fn pause_after_429(
        &self,
        OutcomeContext { state, now, jitter, .. }: OutcomeContext<'_>,
        retry_after: Option<f64>,
    ) -> Result<f64, StoreUnavailable> {
        // Of concurrent requests only the first one counts.
        let limited = state.limited + u32::from(state.closed_until <= now);
        let wait = bounded_wait(retry_after).max(backoff(limited, MAX_BACKOFF, jitter));
        let until = state.closed_until.max(now + wait);
        self.set(&[("closed_until", until.into()), ("limited", limited.into())])?;
        Ok(until)
    }

    /// Records that the credential may not read leads.
    pub(in crate::outbox) fn set_lookup_unavailable(
        &self,
        state: &OutboxState,
        status: u16,
    ) -> Result<(), StoreUnavailable> {
        if state.reconcile.as_deref() == Some("unavailable") {
            return Ok(());
        }
        let status = u32::from(status).into();
        self.set(&[("reconcile", "unavailable".into()), ("reconcile_status", status)])
    }

    /// Records that the credential may read leads.
    pub(in crate::outbox) fn set_lookup_available(
        &self,
        state: &OutboxState,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        if state.reconcile.as_deref() == Some("available") {
            return Ok(());
        }
        self.set(&[("reconcile", "available".into())])?;
        self.retry_forbidden_lookups(now)
    }
}

impl JobOutcome {
    /// If the request failed, the status of the response if there was one.
    const fn failure(&self) -> Option<Option<u16>> {
        match self {
            Self::NotSent { .. } => Some(None),
            Self::OutcomeUnknown { status, .. }
            | Self::LookupFailed { status, .. }
            | Self::Misconfigured { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the job failed because a request timed out.
    pub(in crate::outbox) const fn timed_out(&self) -> bool {
        matches!(
            self,
            Self::NotSent { timed_out: true }
                | Self::OutcomeUnknown { timed_out: true, .. }
                | Self::LookupFailed { timed_out: true, .. }
        )
    }
}

/// The wait that the CRM requested, within limits; 0 if it requested none.
pub(in crate::outbox) fn bounded_wait(wait: Option<f64>) -> f64 {
    wait.map_or(0.0, |wait| wait.clamp(MIN_WAIT, MAX_WAIT))
}
