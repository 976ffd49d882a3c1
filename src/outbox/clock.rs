//! The outbox's time. It goes on as the host's monotonic clock does, whatever is done to the
//! machine's date, and is stored, so that the next process goes on from there.
//!
//! How long no process ran, only the date tells, and it may be wrong. Waits go by it: one that
//! ended meanwhile is over, and none is longer than it was when it began. What must not be too
//! early goes by *proven* time, in which such a gap counts as soon as the `Date` of the CRM's
//! answers bears the machine's date out: the CRM's limits, and for longer gaps ages too, and what
//! is deleted.

use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, MAX_WAIT};
use crate::outbox::contract::Alert;
use crate::outbox::settings::DAY;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};

/// A host's two clocks, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// A monotonic clock, from any beginning.
    pub now: f64,
    /// Since 1970: the machine's date.
    pub wall: f64,
}

impl From<f64> for Reading {
    /// A clock that is never set tells the date too.
    fn from(now: f64) -> Self {
        Self { now, wall: now }
    }
}

/// How old a `Date` of the CRM may be for something to be deleted, and how often the CRM is asked
/// for one.
const MAX_DATE_AGE: f64 = 3_600_000.0;

/// How far the machine's clock and the CRM's may be apart for something to be deleted.
const MAX_CLOCK_SKEW: f64 = DAY;

/// What two clocks may differ by for having gone on alike.
const CLOCK_TOLERANCE: f64 = 5_000.0;

/// How long the clock of a host that has but one is not read at most while there is work: more is
/// a gap too.
const MAX_CLOCK_STEP: f64 = 120_000.0;

/// Gaps up to this are believed but for the CRM's limits: while nothing can be sent, a Durable
/// Object sleeps from one trial to the next.
const SHORT_GAP: f64 = 1_200_000.0;

/// How long the clock's writing may lag behind, where no wait depends on it.
const WRITE_INTERVAL: f64 = 1_000.0;

/// How often a call is made although only the date says that the limits allow it.
const TRUST_INTERVAL: f64 = 300_000.0;

/// The outbox's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// What is added to the host's monotonic clock, and what that last said.
    offset: f64,
    last: f64,
    /// The machine's date less the host's monotonic clock.
    wall: f64,
    /// How much of the time is not proven, and how much is not as regards the CRM's limits.
    unproven: [f64; 2],
    /// When both clocks last began to go on alike: the proven times, the machine's date, the CRM's.
    anchor: Option<[f64; 4]>,
    /// When this process last heard a date of the CRM, and which.
    heard: Option<(f64, f64)>,
    /// Whether that was since the last gap.
    is_checked: bool,
    written_at: f64,
    trusted_at: f64,
}

/// Whether something may be deleted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PurgeDecision {
    /// It may.
    Now,
    /// Not before this time.
    Later(f64),
    /// The CRM is to be asked for its date.
    NeedsDate,
}

impl Clock {
    /// Goes on from what was stored: the clock, and the anchor.
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
            heard: None,
            is_checked: false,
            written_at: f64::NEG_INFINITY,
            trusted_at: trusted_at.unwrap_or(f64::NEG_INFINITY),
        };
        clock.mark_unproven(away);
        clock
    }

    /// So much time went by only if the machine's date is right.
    fn mark_unproven(&mut self, gap: f64) {
        self.is_checked = false;
        // Where no answer has a date, none will ever bear it out.
        if self.anchor.is_some() {
            let [long, all] = &mut self.unproven;
            *all += gap;
            *long += if gap > SHORT_GAP { gap } else { 0.0 };
        }
    }

    fn time(&self) -> f64 {
        self.last + self.offset
    }

    /// Takes a reading; one that goes back is one of a clock that was set, and takes no time.
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

    /// Takes a date of the CRM: what both it and the machine's date say went by is proven.
    fn observe(&mut self, date: f64) {
        let (time, wall) = (self.time(), self.last + self.wall);
        if let Some([long, all, wall_then, date_then]) = self.anchor {
            let (by_wall, by_date) = (wall - wall_then, date - date_then);
            // A date has no fractions.
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
        self.heard = Some((time, date));
        self.is_checked = true;
    }

    /// How far the machine's date is ahead of the CRM's, if that was heard of lately.
    fn ahead(&self) -> Option<f64> {
        let (at, date) = self.heard.filter(|(at, _)| self.time() - at <= MAX_DATE_AGE)?;
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

    /// How much of a time is proven as regards the CRM's limits.
    pub(super) fn proven_for_limits(&self, time: f64) -> f64 {
        let [_, all] = self.clock.get().unproven;
        time - all
    }

    /// A time as the host's monotonic clock will tell it.
    pub(super) fn to_host_clock(&self, time: f64) -> f64 {
        time - self.clock.get().offset
    }

    /// What is added to a time to make it a date, and what to a proven time.
    pub(super) fn date_offsets(&self) -> [f64; 2] {
        let clock = self.clock.get();
        let shift = clock.last + clock.wall - clock.time();
        let [long, _] = clock.unproven;
        [shift, shift + long]
    }

    /// A date of the CRM, as the header of an answer has it.
    pub(super) fn observe_crm_date(&self, date: f64) -> Result<(), StoreUnavailable> {
        let mut clock = self.clock.get();
        let before = (clock.anchor, clock.unproven, clock.heard.is_some());
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

    /// Reports that the clocks are apart, or that the CRM's answers have no date, once a day.
    pub(super) fn report_clock_skew(&self, ahead: Option<f64>) -> Result<(), StoreUnavailable> {
        let time = self.clock.get().time();
        let due = self.row(
            "INSERT INTO facts (name, value) VALUES ('clock_alert_at', ?) ON CONFLICT (name) \
             DO UPDATE SET value = excluded.value WHERE value <= excluded.value - ? RETURNING name",
            params![time, DAY],
        )?;
        if due.is_some() {
            self.alert(Alert::ClockSkew { offset_ms: ahead });
        }
        Ok(())
    }

    /// How far the machine's clock is ahead of the CRM's, where that is too far.
    pub(super) fn clock_offset(&self) -> Option<f64> {
        self.clock.get().ahead().filter(|ahead| ahead.abs() > MAX_CLOCK_SKEW)
    }

    /// Whether this process heard a date of the CRM within the last hour.
    pub(super) fn has_recent_crm_date(&self) -> bool {
        self.clock.get().ahead().is_some()
    }

    /// Whether something may be deleted: only where the machine's clock and the CRM's agree, so that
    /// nothing that was stored under a wrong clock goes too early.
    pub(super) fn may_purge(&self, asked_at: f64, now: f64) -> PurgeDecision {
        match self.clock.get().ahead() {
            Some(ahead) if ahead.abs() <= MAX_CLOCK_SKEW => PurgeDecision::Now,
            Some(_) => PurgeDecision::Later(now + MAX_DATE_AGE),
            None if asked_at + DAY <= now => PurgeDecision::NeedsDate,
            None => PurgeDecision::Later(asked_at + DAY),
        }
    }

    /// Whether a call may be made now that the limits allow by the date alone: so that its answer
    /// can prove the date. There are few enough of them for the rest of the limits.
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

    /// Writes the clock down, unless it was just now and no wait depends on it.
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

    /// No wait is longer than any that could begin now: what was written before there was this clock
    /// went by the machine's.
    pub(super) fn limit_waits(&self, now: f64) -> Result<(), StoreUnavailable> {
        self.exec(
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
            self.exec(
                "UPDATE facts SET value = ? WHERE name = ? AND value > ?",
                params![now + longest, name, now + longest],
            )?;
        }
        Ok(())
    }
}
