//! When no lead can be sent, whatever its text: everything waits, and one lead at a time tries
//! whether that is over.

use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Store, StoreUnavailable, Value, params};

/// The CRM cannot be reached.
pub(super) const UNREACHABLE: &str = "unreachable";

/// How many requests in a row fail before the CRM counts as unreachable.
const MAX_UNREACHABLE: u32 = 10;

/// That the CRM is back is to be seen within a minute.
const MAX_UNREACHABLE_BACKOFF: f64 = 60_000.0;

impl<S: Store> Outbox<S> {
    /// Stops, or goes on having stopped: `was_trial`: whether a trial failed.
    pub(super) fn pause(
        &self,
        facts: &OutboxState,
        (reason, status): (&str, Option<u16>),
        was_trial: bool,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        if facts.pause_reason.is_some() && !was_trial {
            return Ok(());
        }
        let failures = facts.pause_failures + 1;
        let most = if reason == UNREACHABLE { MAX_UNREACHABLE_BACKOFF } else { MAX_BACKOFF };
        self.set(&[
            ("pause_reason", reason.into()),
            ("pause_status", status.map(u32::from).into()),
            ("pause_trial_at", (now + backoff(failures, most, jitter)).into()),
            ("pause_failures", failures.into()),
        ])?;
        Ok(())
    }

    /// The CRM took a lead or answered a lookup as it should. `sent` says that it took one.
    pub(super) fn on_crm_success(
        &self,
        facts: &OutboxState,
        was_trial: bool,
        sent: bool,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        if facts.unreachable > 0 || facts.failure_at.is_some() {
            self.set(&[
                ("unreachable", 0.0.into()),
                ("failure_cause", Value::Null),
                ("failure_status", Value::Null),
                ("failure_at", Value::Null),
            ])?;
        }
        // What was under way when the CRM asked for a pause says nothing of the time after it.
        if facts.limited > 0 && facts.closed_until <= now {
            self.set(&[("limited", Value::Null), ("closed_until", Value::Null)])?;
        }
        if sent {
            self.restore_rate(facts, now)?;
        }
        match facts.pause_reason.as_deref().filter(|_| was_trial) {
            Some(reason) => self.resume(reason, now),
            None => Ok(()),
        }
    }

    /// Until when the CRM wants to hear nothing.
    pub(super) fn closed_until(&self) -> Result<f64, StoreUnavailable> {
        let row = self.row("SELECT value FROM facts WHERE name = 'closed_until'", &[])?;
        Ok(row.and_then(|row| row.number(0)).unwrap_or(0.0))
    }

    /// The CRM answered, if not as it should.
    pub(super) fn on_crm_response(
        &self,
        facts: &OutboxState,
        was_trial: bool,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        let over = was_trial && facts.pause_reason.as_deref() == Some(UNREACHABLE);
        self.on_crm_success(facts, over, false, now)
    }

    fn resume(&self, reason: &str, now: f64) -> Result<(), StoreUnavailable> {
        // What could not be looked up because of a bad key can be now, perhaps.
        if reason != UNREACHABLE {
            self.retry_forbidden_lookups(now)?;
        }
        self.set(&[
            ("pause_reason", Value::Null),
            ("pause_status", Value::Null),
            ("pause_trial_at", Value::Null),
            ("pause_failures", Value::Null),
        ])
    }

    /// Looks again for what was held because the key could not read leads.
    pub(super) fn retry_forbidden_lookups(&self, now: f64) -> Result<(), StoreUnavailable> {
        self.exec(
            "UPDATE leads SET state = 'unconfirmed', next_at = ?, updated_at = ?, lookups = 0 \
             WHERE state = 'held' AND reason = 'lookup_forbidden'",
            params![now, self.proven(now)],
        )
        .map(drop)
    }

    /// A request failed.
    pub(super) fn on_unreachable(
        &self,
        facts: &OutboxState,
        was_trial: bool,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        let unreachable = facts.unreachable + 1;
        self.set(&[("unreachable", unreachable.into())])?;
        // What was tried for another reason has not ended that, and has not confirmed it.
        let reason = facts.pause_reason.as_deref().unwrap_or(UNREACHABLE);
        if was_trial || unreachable >= MAX_UNREACHABLE {
            self.pause(facts, (reason, facts.pause_status), was_trial, now, jitter)?;
        }
        Ok(())
    }
}
