//! Decisions that depend on the clock, and its storage.

use super::{MAX_DATE_AGE, Reading};
use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, MAX_WAIT};
use crate::outbox::contract::Alert;
use crate::outbox::settings::DAY;
use crate::outbox::store::{Store, StoreUnavailable, params};

/// How far the wall clock and the CRM's clock may differ for a deletion.
const MAX_CLOCK_SKEW: f64 = DAY;

/// The minimum time between writes of the clock, if no wait depends on it.
const WRITE_INTERVAL: f64 = 1_000.0;

/// How often a request is sent that the rate limits allow only by the unproven wall clock.
const TRUST_INTERVAL: f64 = 300_000.0;

/// Whether something may be deleted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::outbox) enum PurgeDecision {
    /// Yes.
    Now,
    /// Not before this time.
    Later(f64),
    /// The CRM's date must be requested first.
    NeedsDate,
}

impl<S: Store> Outbox<S> {
    /// The outbox's time at a reading.
    pub(in crate::outbox) fn time(&self, reading: impl Into<Reading>) -> f64 {
        let mut clock = self.clock.get();
        let time = clock.read(reading.into(), self.settings.one_clock);
        self.clock.set(clock);
        time
    }

    /// The outbox's time for a read, which leaves the clock as it is.
    pub(in crate::outbox) fn read_only_time(&self, reading: impl Into<Reading>) -> f64 {
        let clock = self.clock.get();
        clock.time().max(reading.into().now + clock.offset)
    }

    /// How much of a time is proven.
    pub(in crate::outbox) fn proven(&self, time: f64) -> f64 {
        let [long, _] = self.clock.get().unproven;
        time - long
    }

    /// The time at which so much is proven, if nothing more is.
    pub(in crate::outbox) fn when_proven(&self, proven: f64) -> f64 {
        let [long, _] = self.clock.get().unproven;
        proven + long
    }

    /// How much of a time is proven for rate limits.
    pub(in crate::outbox) fn proven_for_limits(&self, time: f64) -> f64 {
        let [_, all] = self.clock.get().unproven;
        time - all
    }

    /// A time as a reading of the host's monotonic clock.
    pub(in crate::outbox) fn to_host_clock(&self, time: f64) -> f64 {
        time - self.clock.get().offset
    }

    /// The offsets that turn a time and a proven time into a date.
    pub(in crate::outbox) fn date_offsets(&self) -> [f64; 2] {
        let clock = self.clock.get();
        let shift = clock.last + clock.wall - clock.time();
        let [long, _] = clock.unproven;
        [shift, shift + long]
    }

    /// Records the `Date` of a CRM response.
    pub(in crate::outbox) fn observe_crm_date(&self, date: f64) -> Result<(), StoreUnavailable> {
        let mut clock = self.clock.get();
        let before = (clock.anchor, clock.unproven, clock.crm_date.is_some());
        clock.observe(date);
        self.clock.set(clock);
        if before != (clock.anchor, clock.unproven, true) {
            self.write_clock()?;
        }
        match clock.ahead().filter(|ahead| ahead.abs() > MAX_CLOCK_SKEW) {
            Some(ahead) => self.report_clock_skew(Some(ahead)),
            None => Ok(()),
        }
    }

    /// Alerts, once a day, that the clocks differ or that the CRM's responses have no date.
    pub(in crate::outbox) fn report_clock_skew(
        &self,
        ahead: Option<f64>,
    ) -> Result<(), StoreUnavailable> {
        let time = self.clock.get().time();
        let due = self.query_row(
            "INSERT INTO facts (name, value) VALUES ('clock_alert_at', ?) ON CONFLICT (name) \
             DO UPDATE SET value = excluded.value WHERE value <= excluded.value - ? RETURNING name",
            params![time, DAY],
        )?;
        if due.is_some() {
            self.alert(Alert::ClockSkew { offset_ms: ahead });
        }
        Ok(())
    }

    /// How far the wall clock is ahead of the CRM's clock, if that is too far.
    pub(in crate::outbox) fn clock_offset(&self) -> Option<f64> {
        self.clock.get().ahead().filter(|ahead| ahead.abs() > MAX_CLOCK_SKEW)
    }

    /// Whether this process received a date of the CRM within the last hour.
    pub(in crate::outbox) fn has_recent_crm_date(&self) -> bool {
        self.clock.get().ahead().is_some()
    }

    /// Whether something may be deleted: only if the wall clock and the CRM's clock agree, so that a wrong
    /// clock deletes nothing too early.
    pub(in crate::outbox) fn may_purge(&self, requested_at: f64, now: f64) -> PurgeDecision {
        match self.clock.get().ahead() {
            Some(ahead) if ahead.abs() <= MAX_CLOCK_SKEW => PurgeDecision::Now,
            Some(_) => PurgeDecision::Later(now + MAX_DATE_AGE),
            None if requested_at + DAY <= now => PurgeDecision::NeedsDate,
            None => PurgeDecision::Later(requested_at + DAY),
        }
    }

    /// Whether to send a request that the rate limits allow only by the unproven wall clock, so that its
    /// response can prove it. Such requests are too few to exceed the limits.
    pub(in crate::outbox) fn may_trust(&self, now: f64) -> Result<bool, StoreUnavailable> {
        let mut clock = self.clock.get();
        let is_due = now - clock.trusted_at >= TRUST_INTERVAL;
        let [_, unproven] = clock.unproven;
        let may = unproven > 0.0 && !clock.is_checked && is_due;
        if may {
            clock.trusted_at = now;
            self.clock.set(clock);
            self.set(&[("clock_trusted_at", now.into())])?;
        }
        Ok(may)
    }

    /// Stores the clock, unless that was just done and no wait depends on it.
    pub(in crate::outbox) fn persist_clock(&self, wait: bool) -> Result<(), StoreUnavailable> {
        let clock = self.clock.get();
        if wait || clock.time() - clock.written_at >= WRITE_INTERVAL {
            self.write_clock()?;
        }
        Ok(())
    }

    fn write_clock(&self) -> Result<(), StoreUnavailable> {
        let mut clock = self.clock.get();
        let print = |numbers: [f64; 4]| serde_json::to_string(&numbers).unwrap_or_default();
        let [long, all] = clock.unproven;
        let now = print([clock.time(), clock.last + clock.wall, long, all]);
        let anchor = clock.anchor.map(print);
        self.set(&[("clock", now.into()), ("clock_anchor", anchor.into())])?;
        clock.written_at = clock.time();
        self.clock.set(clock);
        Ok(())
    }

    /// Shortens waits to the longest that could start now: earlier versions stored them by the wall clock.
    pub(in crate::outbox) fn limit_waits(&self, now: f64) -> Result<(), StoreUnavailable> {
        self.execute(
            "UPDATE leads SET next_at = ? WHERE state IN ('pending', 'unconfirmed') AND next_at > ?",
            params![now + MAX_WAIT, now + MAX_WAIT],
        )?;
        for (name, longest) in [
            ("closed_until", MAX_WAIT),
            ("pause_trial_at", MAX_BACKOFF),
            ("slow_sent_at", 0.0),
            ("walk_at", MAX_WAIT),
            ("walk_tokens_at", 0.0),
            ("date_requested_at", 0.0),
            ("clock_alert_at", 0.0),
        ] {
            self.execute(
                "UPDATE facts SET value = ? WHERE name = ? AND value > ?",
                params![now + longest, name, now + longest],
            )?;
        }
        Ok(())
    }
}
