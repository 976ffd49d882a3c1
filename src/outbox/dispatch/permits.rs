//! The CRM's limits: so many calls in any minute and in any hour, over all that use this outbox.
//!
//! There are as many permits as a window allows calls. A call takes one of each window until a
//! window's length after its end, since a call counts for the CRM at any moment between its start
//! and its end. A permit whose process died comes free when its call must have been over.

use crate::outbox::Outbox;
use crate::outbox::store::{Store, StoreUnavailable, params};

/// The permits of one call, by their numbers in each window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::outbox) struct CallPermit([f64; 2]);

impl<S: Store> Outbox<S> {
    /// The permits that a call could take now, or when there will be. They come free in proven time:
    /// a clock that is set while no process runs must not let too many calls out.
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
        Ok(if free_at > now { Err(free_at) } else { Ok(CallPermit(numbers)) })
    }

    /// Takes a permit for a call that is about to leave.
    pub(in crate::outbox) fn take_permit(
        &self,
        permit: CallPermit,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        self.occupy(permit, self.proven_for_limits(now) + self.settings.timeout)
    }

    /// The call is over.
    pub(in crate::outbox) fn release_permit(
        &self,
        permit: CallPermit,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        self.occupy(permit, self.proven_for_limits(now))
    }

    /// The call never left.
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
        self.exec(
            "INSERT OR REPLACE INTO permits (span, number, free_at) VALUES (0, ?, ?), (1, ?, ?)",
            params![minute, end + limits.minute, hour, end + limits.hour],
        )
        .map(drop)
    }

    /// No permit is taken for longer than a call that begins now: the clock may have been set back.
    pub(in crate::outbox) fn limit_permits(&self, now: f64) -> Result<(), StoreUnavailable> {
        for (span, (_, length)) in self.settings.limits.budget().into_iter().enumerate() {
            let latest = self.proven_for_limits(now) + self.settings.timeout + length;
            self.exec(
                "UPDATE permits SET free_at = ? WHERE span = ? AND free_at > ?",
                params![latest, span as f64, latest],
            )?;
        }
        Ok(())
    }

    /// How many calls count in each window now.
    pub(in crate::outbox) fn permits_taken(&self, now: f64) -> Result<[u32; 2], StoreUnavailable> {
        let taken = |span: f64| {
            let row = self.row(
                "SELECT COUNT(*) FROM permits WHERE span = ? AND free_at > ?",
                params![span, self.proven_for_limits(now)],
            )?;
            Ok(row.map_or(0, |row| row.count(0)))
        };
        Ok([taken(0.0)?, taken(1.0)?])
    }
}
