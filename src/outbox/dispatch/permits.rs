//! The CRM's rate limits, per minute and per hour, across all processes that use this outbox.
//!
//! Each window has as many permits as it allows requests. A request holds one of each window from its
//! start until a window's length after its end, because the CRM may have counted it at any time in
//! between. A permit of a dead process becomes free when its request must have ended.

use crate::outbox::Outbox;
use crate::outbox::store::{Store, StoreUnavailable, params};

/// The permits of one request: their numbers in each window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::outbox) struct CallPermit([f64; 2]);

impl<S: Store> Outbox<S> {
    /// The permits that a request could take now, or the time of the next ones. They become free in
    /// proven time, so that a clock set forward while no process runs does not allow too many
    /// requests.
    pub(in crate::outbox) fn permit(
        &self,
        now: f64,
    ) -> Result<Result<CallPermit, f64>, StoreUnavailable> {
        let unproven = now - self.proven_for_limits(now);
        let mut free = self.free_permit(now - unproven)?;
        if free.is_err() && self.may_trust(now)? {
            free = self.free_permit(now)?;
        }
        Ok(free.map_err(|at| at + unproven))
    }

    fn free_permit(&self, now: f64) -> Result<Result<CallPermit, f64>, StoreUnavailable> {
        let mut numbers = [0.0; 2];
        let mut free_at = now;
        let budget = self.settings.limits.budget();
        for (span, (place, (max, _))) in numbers.iter_mut().zip(budget).enumerate() {
            let span = span as f64;
            let first = self.query_row(
                // The plus makes SQLite use the index by time, so that it reads one row.
                "SELECT number, free_at FROM permits WHERE span = ? AND +number < ? \
                 ORDER BY free_at LIMIT 1",
                params![span, max],
            )?;
            let first_free_at = first.as_ref().and_then(|row| row.number(1));
            if first_free_at.is_some_and(|at| at <= now) {
                *place = first.and_then(|row| row.number(0)).unwrap_or(0.0);
                continue;
            }
            let last = self
                .query_row(
                    "SELECT MAX(number) FROM permits WHERE span = ? AND number < ?",
                    params![span, max],
                )?
                .and_then(|row| row.number(0));
            let next = last.map_or(0.0, |number| number + 1.0);
            if next < max {
                *place = next;
            } else {
                free_at = free_at.max(first_free_at.unwrap_or(now));
            }
        }
        Ok(if free_at > now { Err(free_at) } else { Ok(CallPermit(numbers)) })
    }

    /// Takes a permit for a request that is about to be sent.
    pub(in crate::outbox) fn take_permit(
        &self,
        permit: CallPermit,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        self.occupy(permit, self.proven_for_limits(now) + self.settings.timeout)
    }

    /// Releases a permit after its request has ended.
    pub(in crate::outbox) fn release_permit(
        &self,
        permit: CallPermit,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        self.occupy(permit, self.proven_for_limits(now))
    }

    /// Releases a permit whose request was never sent.
    pub(in crate::outbox) fn release_unused_permit(
        &self,
        permit: CallPermit,
    ) -> Result<(), StoreUnavailable> {
        self.occupy(permit, 0.0)
    }

    fn occupy(
        &self,
        CallPermit([minute, hour]): CallPermit,
        end: f64,
    ) -> Result<(), StoreUnavailable> {
        let limits = self.settings.limits;
        self.execute(
            "INSERT OR REPLACE INTO permits (span, number, free_at) VALUES (0, ?, ?), (1, ?, ?)",
            params![minute, end + limits.minute, hour, end + limits.hour],
        )
        .map(drop)
    }

    /// Limits all permits to the duration of a request that starts now: the clock may have been set
    /// back.
    pub(in crate::outbox) fn limit_permits(&self, now: f64) -> Result<(), StoreUnavailable> {
        for (span, (_, length)) in self.settings.limits.budget().into_iter().enumerate() {
            let latest = self.proven_for_limits(now) + self.settings.timeout + length;
            self.execute(
                "UPDATE permits SET free_at = ? WHERE span = ? AND free_at > ?",
                params![latest, span as f64, latest],
            )?;
        }
        Ok(())
    }

    /// How many requests count in each window now.
    pub(in crate::outbox) fn permits_taken(&self, now: f64) -> Result<[u32; 2], StoreUnavailable> {
        let taken = |span: f64| {
            let row = self.query_row(
                "SELECT COUNT(*) FROM permits WHERE span = ? AND free_at > ?",
                params![span, self.proven_for_limits(now)],
            )?;
            Ok(row.map_or(0, |row| row.count(0)))
        };
        Ok([taken(0.0)?, taken(1.0)?])
    }
}
