//! The CRM's limits: so many calls in any minute and in any hour, over all that use this outbox.
//!
//! There are as many permits as a window allows calls. A call takes one of each window until a
//! window's length after its end, since a call counts for the CRM at any moment between its start
//! and its end. A permit whose process died comes free when its call must have been over.

use super::Outbox;
use super::store::{Store, Unavailable, params};

/// The permits of one call, by their numbers in each window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Permit([f64; 2]);

impl<S: Store> Outbox<S> {
    /// The permits that a call could take now, or when there will be.
    pub(super) fn permit(&self, now: f64) -> Result<Result<Permit, f64>, Unavailable> {
        let mut numbers = [0.0; 2];
        let mut free_at = now;
        let budget = self.settings.limits.budget();
        for (span, (place, (most, _))) in numbers.iter_mut().zip(budget).enumerate() {
            let span = span as f64;
            let first = self.row(
                // The plus keeps it to the index by time: it reads one row, not all.
                "SELECT number, free_at FROM permits WHERE span = ? AND +number < ? \
                 ORDER BY free_at LIMIT 1",
                params![span, most],
            )?;
            let freed = first.as_ref().and_then(|row| row.number(1));
            if freed.is_some_and(|at| at <= now) {
                *place = first.and_then(|row| row.number(0)).unwrap_or(0.0);
                continue;
            }
            let last = self
                .row(
                    "SELECT MAX(number) FROM permits WHERE span = ? AND number < ?",
                    params![span, most],
                )?
                .and_then(|row| row.number(0));
            let next = last.map_or(0.0, |number| number + 1.0);
            if next < most {
                *place = next;
            } else {
                free_at = free_at.max(freed.unwrap_or(now));
            }
        }
        Ok(if free_at > now { Err(free_at) } else { Ok(Permit(numbers)) })
    }

    /// Takes a permit for a call that is about to leave.
    pub(super) fn take(&self, permit: Permit, now: f64) -> Result<(), Unavailable> {
        self.occupy(permit, now + self.settings.timeout)
    }

    /// The call is over; one that never left was so in 1970.
    pub(super) fn give_back(&self, permit: Permit, now: f64) -> Result<(), Unavailable> {
        self.occupy(permit, now)
    }

    fn occupy(&self, Permit([minute, hour]): Permit, end: f64) -> Result<(), Unavailable> {
        let limits = self.settings.limits;
        self.exec(
            "INSERT OR REPLACE INTO permits (span, number, free_at) VALUES (0, ?, ?), (1, ?, ?)",
            params![minute, end + limits.minute, hour, end + limits.hour],
        )
        .map(drop)
    }

    /// No permit is taken for longer than a call that begins now: the clock may have been set back.
    pub(super) fn bound_permits(&self, now: f64) -> Result<(), Unavailable> {
        for (span, (_, length)) in self.settings.limits.budget().into_iter().enumerate() {
            let latest = now + self.settings.timeout + length;
            self.exec(
                "UPDATE permits SET free_at = ? WHERE span = ? AND free_at > ?",
                params![latest, span as f64, latest],
            )?;
        }
        Ok(())
    }

    /// How many calls count in each window now.
    pub(super) fn permits_taken(&self, now: f64) -> Result<[u32; 2], Unavailable> {
        let taken = |span: f64| {
            let row = self.row(
                "SELECT COUNT(*) FROM permits WHERE span = ? AND free_at > ?",
                params![span, now],
            )?;
            Ok(row.map_or(0, |row| row.count(0)))
        };
        Ok([taken(0.0)?, taken(1.0)?])
    }
}
