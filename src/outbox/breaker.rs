//! The circuit breaker: while no lead can be sent, whatever its content, all leads wait and one
//! trial at a time checks whether sending works again.

use crate::outbox::Outbox;
use crate::outbox::alerts::POISON_FAILURES;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::dispatch::{Job, JobOutcome};
use crate::outbox::state::OutboxState;
use crate::outbox::store::{SqlValue, Store, StoreUnavailable, params};

/// The reason of a pause: the CRM cannot be reached.
pub(super) const UNREACHABLE: &str = "unreachable";

/// How many requests in a row fail before the CRM counts as unreachable. Date probes do not count: they are
/// sent only while no lead is due.
const MAX_UNREACHABLE: u32 = 10;

/// A request that timed out counts as one more failure for each 10 s of its timeout, up to 30 s. So if
/// the CRM does not respond, three requests are enough with the default timeout.
const WAIT_PER_FAILURE: f64 = 10_000.0;
const MAX_WAIT_FAILURES: f64 = 3.0;

/// The longest time between trials while the CRM is unreachable, so that its return is noticed within a
/// minute.
const MAX_UNREACHABLE_BACKOFF: f64 = 60_000.0;

/// The circumstances in which the outcome of a job is recorded.
#[derive(Clone, Copy)]
pub(super) struct OutcomeContext<'a> {
    pub(super) state: &'a OutboxState,
    /// Whether the job was a trial.
    pub(super) was_trial: bool,
    /// As how many failed requests it counts if it failed.
    pub(super) failure_weight: u32,
    pub(super) now: f64,
    pub(super) jitter: f64,
}

impl<S: Store> Outbox<S> {
    /// Opens the circuit breaker, or keeps it open after a failed trial.
    pub(super) fn pause(
        &self,
        context: OutcomeContext<'_>,
        reason: &str,
        status: Option<u16>,
    ) -> Result<(), StoreUnavailable> {
        let OutcomeContext { state, was_trial, now, jitter, .. } = context;
        if state.pause_reason.is_some() && !was_trial {
            return Ok(());
        }
        let failures = state.pause_failures + 1;
        let max = if reason == UNREACHABLE { MAX_UNREACHABLE_BACKOFF } else { MAX_BACKOFF };
        self.set(&[
            ("pause_reason", reason.into()),
            ("pause_status", status.map(u32::from).into()),
            ("pause_trial_at", (now + backoff(failures, max, jitter)).into()),
            ("pause_failures", failures.into()),
        ])?;
        Ok(())
    }

    /// The CRM processed a request as expected. `is_delivery`: whether it accepted a lead.
    pub(super) fn on_crm_success(
        &self,
        context: OutcomeContext<'_>,
        is_delivery: bool,
    ) -> Result<(), StoreUnavailable> {
        let OutcomeContext { state, was_trial, now, .. } = context;
        if state.unreachable > 0 || state.failure_at.is_some() {
            self.set(&[
                ("unreachable", 0.0.into()),
                ("failure_cause", SqlValue::Null),
                ("failure_status", SqlValue::Null),
                ("failure_at", SqlValue::Null),
            ])?;
        }
        // The success of a request that was in progress when a 429 arrived proves nothing about the
        // time after it.
        if state.limited > 0 && state.closed_until <= now {
            self.set(&[("limited", SqlValue::Null), ("closed_until", SqlValue::Null)])?;
        }
        if is_delivery {
            self.restore_rate(state, now)?;
        }
        match state.pause_reason.as_deref().filter(|_| was_trial) {
            Some(reason) => self.resume(reason, now),
            None => Ok(()),
        }
    }

    /// Until when the CRM rejects requests, after a 429.
    pub(super) fn closed_until(&self) -> Result<f64, StoreUnavailable> {
        let row = self.query_row("SELECT value FROM facts WHERE name = 'closed_until'", &[])?;
        Ok(row.and_then(|row| row.number(0)).unwrap_or(0.0))
    }

    /// The CRM responded, but not as expected. That ends a pause whose reason is [`UNREACHABLE`].
    pub(super) fn on_crm_response(
        &self,
        context: OutcomeContext<'_>,
    ) -> Result<(), StoreUnavailable> {
        let is_back =
            context.was_trial && context.state.pause_reason.as_deref() == Some(UNREACHABLE);
        self.on_crm_success(OutcomeContext { was_trial: is_back, ..context }, false)
    }

    fn resume(&self, reason: &str, now: f64) -> Result<(), StoreUnavailable> {
        // Lookups that failed because of a bad credential may work now.
        if reason != UNREACHABLE {
            self.retry_forbidden_lookups(now)?;
        }
        self.set(&[
            ("pause_reason", SqlValue::Null),
            ("pause_status", SqlValue::Null),
            ("pause_trial_at", SqlValue::Null),
            ("pause_failures", SqlValue::Null),
        ])
    }

    /// Looks up again the leads that were held because the credential could not read leads.
    pub(super) fn retry_forbidden_lookups(&self, now: f64) -> Result<(), StoreUnavailable> {
        self.execute(
            "UPDATE leads SET state = 'unconfirmed', next_at = ?, updated_at = ?, lookups = 0 \
             WHERE state = 'held' AND reason = 'lookup_forbidden'",
            params![now, self.proven(now)],
        )
        .map(drop)
    }

    /// As how many failed requests a job counts if it failed.
    pub(super) fn failure_weight(&self, job: &Job, outcome: &JobOutcome) -> u32 {
        // A lead that fails while the CRM confirms others does not show that the CRM is unreachable.
        if job.failed_alone >= POISON_FAILURES {
            return 0;
        }
        if !outcome.timed_out() {
            return 1;
        }
        1 + (self.settings.timeout / WAIT_PER_FAILURE).min(MAX_WAIT_FAILURES) as u32
    }

    /// A request failed. Enough failures in a row open the circuit breaker.
    pub(super) fn on_unreachable(
        &self,
        context: OutcomeContext<'_>,
    ) -> Result<(), StoreUnavailable> {
        let OutcomeContext { state, was_trial, failure_weight, .. } = context;
        let unreachable = state.unreachable + failure_weight;
        self.set(&[("unreachable", unreachable.into())])?;
        // A trial for another reason has neither ended nor confirmed that reason.
        let reason = state.pause_reason.as_deref().unwrap_or(UNREACHABLE);
        if was_trial || unreachable >= MAX_UNREACHABLE {
            self.pause(context, reason, state.pause_status)?;
        }
        Ok(())
    }
}
