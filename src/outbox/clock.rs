//! The outbox's time. It advances with the host's monotonic clock, independently of the wall clock, and is
//! stored, so that the next process continues from there.
//!
//! Only the wall clock knows how long no process ran, and it may be wrong. Waits trust it: one that ended
//! meanwhile is over, and none becomes longer than it was at its start. What must not happen too early
//! uses *proven* time, in which such a gap counts only once the `Date` of the CRM's responses
//! confirms the wall clock: rate limits, and for longer gaps also ages and deletions.

use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, MAX_WAIT};
use crate::outbox::contract::Alert;
use crate::outbox::settings::DAY;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};

/// A host's two clocks, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// A monotonic clock with any origin.
    pub now: f64,
    /// The wall clock, since 1970.
    pub wall: f64,
}

impl From<f64> for Reading {
    /// A clock that is never set serves as both.
    fn from(now: f64) -> Self {
        Self { now, wall: now }
    }
}

/// How old the CRM's last `Date` may be for a deletion, and how often one is requested.
const MAX_DATE_AGE: f64 = 3_600_000.0;

/// How far the wall clock and the CRM's clock may differ for a deletion.
const MAX_CLOCK_SKEW: f64 = DAY;

/// By how much the advances of two clocks may differ to count as equal.
const CLOCK_TOLERANCE: f64 = 5_000.0;

/// On a host with one clock, the longest time between two readings while there is work; more counts as a
/// gap.
const MAX_CLOCK_STEP: f64 = 120_000.0;

/// Gaps up to this length are trusted except for rate limits: while nothing can be sent, a Durable Object
/// sleeps from one trial to the next.
const SHORT_GAP: f64 = 1_200_000.0;

/// How often the clock is stored at most, if no wait depends on it.
const WRITE_INTERVAL: f64 = 1_000.0;

/// How often a request is sent that the rate limits allow only by the unproven wall clock.
const TRUST_INTERVAL: f64 = 300_000.0;

/// The outbox's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// What is added to the host's monotonic clock, and its last reading.
    offset: f64,
    last: f64,
    /// The wall clock minus the monotonic clock.
    wall: f64,
    /// How much of the time is not proven, in general and for rate limits.
    unproven: [f64; 2],
    /// Since when both clocks advance equally: the proven times, the wall clock, the CRM's date.
    anchor: Option<[f64; 4]>,
    /// When this process last received a date of the CRM, and which one.
    crm_date: Option<(f64, f64)>,
    /// Whether that was since the last gap.
    is_checked: bool,
    written_at: f64,
    trusted_at: f64,
}

/// Whether something may be deleted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PurgeDecision {
    /// Yes.
    Now,
    /// Ask again at this time.
    Later(f64),
    /// The CRM's date must be requested first.
    NeedsDate,
}

impl Clock {
    /// Continues the stored clock.
    pub(super) fn open(rows: &[Row], Reading { now, wall }: Reading) -> Self {
        let read = |name| {
            let row = rows.iter().find(|row| row.text(0) == Some(name))?;
            serde_json::from_str::<[f64; 4]>(row.text(1)?).ok()
        };
        let anchor = read("clock_anchor");
        let stored = read("clock");
        let [time, written, long, all] = stored.unwrap_or([wall, wall, 0.0, 0.0]);
        let away = (wall - written).max(0.0);
        let time = time + away;
        let trusted = rows.iter().find(|row| row.text(0) == Some("clock_trusted_at"));
        let trusted_at = trusted.and_then(|row| row.number(1)).map(|at| at.min(time));
        let mut clock = Self {
            offset: time - now,
            last: now,
            wall: wall - now,
            unproven: [long, all],
            anchor,
            crm_date: None,
            is_checked: false,
            written_at: f64::NEG_INFINITY,
            trusted_at: trusted_at.unwrap_or(f64::NEG_INFINITY),
        };
        clock.mark_unproven(away);
        clock
    }

    /// Adds a gap that elapsed only if the wall clock is right.
    fn mark_unproven(&mut self, gap: f64) {
        self.is_checked = false;
        // If the CRM's responses have no date, nothing will ever confirm it.
        if self.anchor.is_some() {
            let [long, all] = &mut self.unproven;
            *all += gap;
            *long += if gap > SHORT_GAP { gap } else { 0.0 };
        }
    }

    fn time(&self) -> f64 {
        self.last + self.offset
    }

    /// Takes a reading. A clock that was set back does not move the time.
    fn read(&mut self, Reading { now, wall }: Reading, one_clock: bool) -> f64 {
        self.offset += (self.last - now).max(0.0);
        let step = now - self.last;
        if one_clock && step > MAX_CLOCK_STEP {
            self.mark_unproven(step);
        }
        self.last = now;
        self.wall = wall - now;
        self.time()
    }

    /// Takes a date of the CRM: the time that elapsed by both clocks is proven.
    fn observe(&mut self, date: f64) {
        let (time, wall) = (self.time(), self.last + self.wall);
        if let Some([long, all, wall_then, date_then]) = self.anchor {
            let (by_wall, by_date) = (wall - wall_then, date - date_then);
            // A `Date` has whole seconds.
            let proven = by_wall.min(by_date) - 1_000.0;
            for (unproven, then) in self.unproven.iter_mut().zip([long, all]) {
                let credit = then + proven - (time - *unproven);
                *unproven -= credit.clamp(0.0, unproven.max(0.0));
            }
            if (by_wall - by_date).abs() > CLOCK_TOLERANCE {
                self.anchor = None;
            }
        }
        let [long, all] = self.unproven;
        self.anchor.get_or_insert([time - long, time - all, wall, date]);
        self.crm_date = Some((time, date));
        self.is_checked = true;
    }

    /// How far the wall clock is ahead of the CRM's clock, if a recent date is known.
    fn ahead(&self) -> Option<f64> {
        let (at, date) = self.crm_date.filter(|(at, _)| self.time() - at <= MAX_DATE_AGE)?;
        Some(self.last + self.wall - (date + self.time() - at))
    }
}

impl<S: Store> Outbox<S> {
    /// The outbox's time at a reading.
    pub(super) fn time(&self, reading: impl Into<Reading>) -> f64 {
        let mut clock = self.clock.get();
        let time = clock.read(reading.into(), self.settings.one_clock);
        self.clock.set(clock);
        time
    }

    /// The outbox's time for a read, which leaves the clock as it is.
    pub(super) fn read_only_time(&self, reading: impl Into<Reading>) -> f64 {
        let clock = self.clock.get();
        clock.time().max(reading.into().now + clock.offset)
    }

    /// How much of a time is proven.
    pub(super) fn proven(&self, time: f64) -> f64 {
        let [long, _] = self.clock.get().unproven;
        time - long
    }

    /// The time at which so much is proven, if nothing more is.
    pub(super) fn when_proven(&self, proven: f64) -> f64 {
        let [long, _] = self.clock.get().unproven;
        proven + long
    }

    /// How much of a time is proven for rate limits.
    pub(super) fn proven_for_limits(&self, time: f64) -> f64 {
        let [_, all] = self.clock.get().unproven;
        time - all
    }

    /// A time as a reading of the host's monotonic clock.
    pub(super) fn to_host_clock(&self, time: f64) -> f64 {
        time - self.clock.get().offset
    }

    /// The offsets that turn a time and a proven time into a date.
    pub(super) fn date_offsets(&self) -> [f64; 2] {
        let clock = self.clock.get();
        let shift = clock.last + clock.wall - clock.time();
        let [long, _] = clock.unproven;
        [shift, shift + long]
    }

    /// Takes the `Date` of one of the CRM's responses.
    pub(super) fn observe_crm_date(&self, date: f64) -> Result<(), StoreUnavailable> {
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
    pub(super) fn report_clock_skew(&self, ahead: Option<f64>) -> Result<(), StoreUnavailable> {
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
    pub(super) fn clock_offset(&self) -> Option<f64> {
        self.clock.get().ahead().filter(|ahead| ahead.abs() > MAX_CLOCK_SKEW)
    }

    /// Whether this process received a date of the CRM within the last hour.
    pub(super) fn has_recent_crm_date(&self) -> bool {
        self.clock.get().ahead().is_some()
    }

    /// Whether something may be deleted: only if the wall clock and the CRM's clock agree, so that a wrong
    /// clock deletes nothing too early.
    pub(super) fn may_purge(&self, requested_at: f64, now: f64) -> PurgeDecision {
        match self.clock.get().ahead() {
            Some(ahead) if ahead.abs() <= MAX_CLOCK_SKEW => PurgeDecision::Now,
            Some(_) => PurgeDecision::Later(now + MAX_DATE_AGE),
            None if requested_at + DAY <= now => PurgeDecision::NeedsDate,
            None => PurgeDecision::Later(requested_at + DAY),
        }
    }

    /// Whether to send a request that the rate limits allow only by the unproven wall clock, so that its
    /// response can prove it. Such requests are too few to exceed the limits.
    pub(super) fn may_trust(&self, now: f64) -> Result<bool, StoreUnavailable> {
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
    pub(super) fn persist_clock(&self, wait: bool) -> Result<(), StoreUnavailable> {
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
    pub(super) fn limit_waits(&self, now: f64) -> Result<(), StoreUnavailable> {
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
