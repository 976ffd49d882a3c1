//! When the CRM refuses one lead after the other: leads are sent slowly, in turn from the newest,
//! the oldest and those of the client that was refused least, so that no refused lead holds up one
//! that the CRM would take.

use crate::outbox::Outbox;
use crate::outbox::backoff::MAX_BACKOFF;
use crate::outbox::state::{OutboxState, list};
use crate::outbox::store::{Store, StoreUnavailable, Value, params};
use alloc::string::String;

/// Why health says that sending is restricted.
pub(in crate::outbox) const REFUSALS: &str = "refusals";

/// So many leads refused in a row slow sending, and so many slow it further.
const SLOW_AFTER: u32 = 5;
const SLOWER_AFTER: u32 = 100;

/// The time between two sends then, in milliseconds.
const SLOW_INTERVAL: f64 = 2_000.0;
const SLOWER_INTERVAL: f64 = 30_000.0;

/// What `refusals` in a lead's row says: how often it was refused, or that it was refused once and
/// is to be tried for the last time.
pub(in crate::outbox) const REFUSED_ONCE: u32 = 1;
const LAST_TRY: u32 = 2;

/// What happens to a lead that the CRM refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::outbox) enum AfterRefusal {
    /// It is given up.
    Dead,
    /// It is tried once more when the CRM takes leads again.
    Held,
}

impl OutboxState {
    /// Whether leads are sent slowly.
    pub(in crate::outbox) const fn is_slow(&self) -> bool {
        self.refusals >= SLOW_AFTER
    }

    /// When the next lead may be sent; `None` where sending is not slowed.
    pub(in crate::outbox) fn next_slow_send(&self) -> Option<f64> {
        let interval = if self.refusals >= SLOWER_AFTER { SLOWER_INTERVAL } else { SLOW_INTERVAL };
        self.is_slow().then_some(self.slow_sent_at + interval)
    }

    /// When one of the held leads may try where there is no other to send; infinite where sending is
    /// not slowed.
    pub(in crate::outbox) fn next_held_try(&self) -> f64 {
        if self.is_slow() { self.slow_sent_at + MAX_BACKOFF } else { f64::INFINITY }
    }
}

impl<S: Store> Outbox<S> {
    /// Which lead is to be sent next while sending is slowed, by its number.
    pub(in crate::outbox) fn choose_slow_lead(
        &self,
        facts: &OutboxState,
        now: f64,
    ) -> Result<Option<f64>, StoreUnavailable> {
        // What was refused once already is the least likely to be taken.
        let order = match facts.refusals % 3 {
            0 => "refusals, seq DESC",
            1 => "refusals, seq",
            _ => "refusals, COALESCE(refused_leads, 0), seq",
        };
        let sql = [
            "SELECT seq FROM leads LEFT JOIN \
             (SELECT COALESCE(client, '') AS refused_client, COUNT(*) AS refused_leads \
             FROM leads WHERE refusals > 0 GROUP BY refused_client) \
             ON refused_client = COALESCE(client, '') \
             WHERE state = 'pending' AND next_at <= ? ORDER BY ",
            order,
            " LIMIT 1",
        ];
        let found = self.row(&sql.concat(), params![now])?;
        if let Some(seq) = found.and_then(|row| row.number(0)) {
            return Ok(Some(seq));
        }
        if facts.next_held_try() > now {
            return Ok(None);
        }
        let held = self.row(
            "SELECT seq FROM leads WHERE state = 'held' AND reason = 'refused' \
             ORDER BY updated_at LIMIT 1",
            &[],
        )?;
        Ok(held.and_then(|row| row.number(0)))
    }

    /// Whether a lead is held because the CRM refused it.
    pub(in crate::outbox) fn has_held_refused_lead(&self) -> Result<bool, StoreUnavailable> {
        let held = self
            .row("SELECT 1 FROM leads WHERE state = 'held' AND reason = 'refused' LIMIT 1", &[])?;
        Ok(held.is_some())
    }

    /// The CRM refused a lead; `refusals` is what its row says of earlier times.
    pub(in crate::outbox) fn refuse_lead(
        &self,
        facts: &OutboxState,
        id: &str,
        refusals: u32,
        now: f64,
    ) -> Result<AfterRefusal, StoreUnavailable> {
        let was_slow = facts.is_slow();
        let is_known = facts.refused.iter().any(|known| known == id);
        let mut refused = facts.refused.clone();
        if !is_known && refused.len() < SLOW_AFTER as usize {
            refused.push(id.into());
        }
        // One lead that is tried again and again says nothing of the others.
        let count = facts.refusals + u32::from(!is_known || was_slow);
        self.set(&[("refused", list(&refused)), ("refusals", count.into())])?;
        if count >= SLOW_AFTER && !was_slow {
            self.set(&[("slow_sent_at", now.into())])?;
            self.hold_refused(&refused, now)?;
        }
        let is_held = refusals < LAST_TRY && count >= SLOW_AFTER;
        Ok(if is_held { AfterRefusal::Held } else { AfterRefusal::Dead })
    }

    /// Those that were refused before it was known that all are: they are tried again as well.
    fn hold_refused(&self, ids: &[String], now: f64) -> Result<(), StoreUnavailable> {
        for id in ids {
            self.exec(
                "UPDATE leads SET state = 'held', updated_at = ?, next_at = ? WHERE id = ? AND \
                 state = 'dead' AND reason = 'refused' AND refusals < ? AND lead IS NOT NULL",
                params![self.proven(now), self.expiry_warning(now), id.as_str(), LAST_TRY],
            )?;
        }
        Ok(())
    }

    /// The CRM took a lead: the others go at their usual rate, and those it refused once more each.
    pub(in crate::outbox) fn restore_rate(
        &self,
        facts: &OutboxState,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        if facts.refusals == 0 {
            return Ok(());
        }
        self.set(&[
            ("refused", Value::Null),
            ("refusals", Value::Null),
            ("slow_sent_at", Value::Null),
        ])?;
        if facts.is_slow() {
            self.exec(
                "UPDATE leads SET state = 'pending', refusals = ?, next_at = ?, updated_at = ? \
                 WHERE state = 'held' AND reason = 'refused'",
                params![LAST_TRY, now, self.proven(now)],
            )?;
        }
        Ok(())
    }
}
