//! The outbox's time. It advances with the host's monotonic clock, independently of the wall clock, and is
//! stored, so that the next process continues from there.
//!
//! Only the wall clock knows how long no process ran, and it may be wrong. Waits trust it: one that ended
//! meanwhile is over, and none becomes longer than it was at its start. What must not happen too early
//! uses *proven* time, in which such a gap counts only once the `Date` of the CRM's responses
//! confirms the wall clock: rate limits, and for longer gaps also ages and deletions.

mod decisions;

use crate::outbox::store::Row;
pub(super) use decisions::PurgeDecision;

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

/// By how much the advances of two clocks may differ to count as equal.
const CLOCK_TOLERANCE: f64 = 5_000.0;

/// On a host with one clock, the longest time between two readings while there is work; more counts as a
/// gap.
const MAX_CLOCK_STEP: f64 = 120_000.0;

/// Gaps up to this length are trusted except for rate limits: while nothing can be sent, a Durable Object
/// sleeps from one trial to the next.
const SHORT_GAP: f64 = 1_200_000.0;

/// The outbox's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// The offset to the host's monotonic clock, and its last reading.
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
