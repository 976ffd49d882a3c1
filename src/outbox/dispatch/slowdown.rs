//! If the CRM refuses consecutive leads, leads are sent slowly: alternately the newest, the oldest
//! and those of the client that was refused least, so that refused leads do not delay one that the
//! CRM would accept.

use crate::outbox::Outbox;
use crate::outbox::backoff::MAX_BACKOFF;
use crate::outbox::state::{OutboxState, list_to_json};
use crate::outbox::store::{SqlValue, Store, StoreUnavailable, params};
use alloc::string::String;

/// The pause reason that health reports during a slowdown.
pub(in crate::outbox) const REFUSALS: &str = "refusals";

/// How many leads in a row are refused before sending slows down, and before it slows down further.
const SLOW_AFTER: u32 = 5;
const SLOWER_AFTER: u32 = 100;

/// The time between two sends, in milliseconds.
const SLOW_INTERVAL: f64 = 2_000.0;
const SLOWER_INTERVAL: f64 = 30_000.0;

/// Values of a lead's column `refusals`: the CRM refused it once, or the lead is sent a last time
/// after that.
pub(in crate::outbox) const REFUSED_ONCE: u32 = 1;
const LAST_ATTEMPT: u32 = 2;

/// The new state of a lead that the CRM refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::outbox) enum AfterRefusal {
    /// It becomes a dead letter.
    Dead,
    /// It is sent once more when the CRM accepts leads again.
    Held,
}

impl OutboxState {
    /// Whether leads are sent slowly.
    pub(in crate::outbox) const fn is_slow(&self) -> bool {
        self.refusals >= SLOW_AFTER
    }

    /// When the next lead may be sent; `None` if sending is not slowed down.
    pub(in crate::outbox) fn next_slow_send(&self) -> Option<f64> {
        let interval = if self.refusals >= SLOWER_AFTER { SLOWER_INTERVAL } else { SLOW_INTERVAL };
        self.is_slow().then_some(self.slow_sent_at + interval)
    }

    /// When a held lead may be sent if there is no other; infinite if sending is not slowed down.
    pub(in crate::outbox) fn next_held_send(&self) -> f64 {
        if self.is_slow() { self.slow_sent_at + MAX_BACKOFF } else { f64::INFINITY }
    }
}

impl<S: Store> Outbox<S> {
    /// The number of the lead to send next while sending is slowed down.
    pub(in crate::outbox) fn choose_slow_lead(
        &self,
        state: &OutboxState,
        now: f64,
    ) -> Result<Option<f64>, StoreUnavailable> {
        // Leads that were refused before are the least likely to be accepted.
        let order = match state.refusals % 3 {
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
        let found = self.query_row(&sql.concat(), params![now])?;
        if let Some(seq) = found.and_then(|row| row.number(0)) {
            return Ok(Some(seq));
        }
        if state.next_held_send() > now {
            return Ok(None);
        }
        let held = self.query_row(
            "SELECT seq FROM leads WHERE state = 'held' AND reason = 'refused' \
             ORDER BY updated_at LIMIT 1",
            &[],
        )?;
        Ok(held.and_then(|row| row.number(0)))
    }

    /// Whether a lead is held because the CRM refused it.
    pub(in crate::outbox) fn has_held_refused_lead(&self) -> Result<bool, StoreUnavailable> {
        let held = self.query_row(
            "SELECT 1 FROM leads WHERE state = 'held' AND reason = 'refused' LIMIT 1",
            &[],
        )?;
        Ok(held.is_some())
    }

    /// Records that the CRM refused a lead; `refusals` is the value of its column.
    pub(in crate::outbox) fn refuse_lead(
        &self,
        state: &OutboxState,
        id: &str,
        refusals: u32,
        now: f64,
    ) -> Result<AfterRefusal, StoreUnavailable> {
        let was_slow = state.is_slow();
        let is_known = state.refused.iter().any(|known| known == id);
        let mut refused = state.refused.clone();
        if !is_known && refused.len() < SLOW_AFTER as usize {
            refused.push(id.into());
        }
        // Repeated refusals of one lead prove nothing about the others.
        let count = state.refusals + u32::from(!is_known || was_slow);
        self.set(&[("refused", list_to_json(&refused)), ("refusals", count.into())])?;
        if count >= SLOW_AFTER && !was_slow {
            self.set(&[("slow_sent_at", now.into())])?;
            self.hold_refused(&refused, now)?;
        }
        let is_held = refusals < LAST_ATTEMPT && count >= SLOW_AFTER;
        Ok(if is_held { AfterRefusal::Held } else { AfterRefusal::Dead })
    }

    /// Holds the leads that were refused before the slowdown, so that they are sent again as well.
    fn hold_refused(&self, ids: &[String], now: f64) -> Result<(), StoreUnavailable> {
        for id in ids {
            self.execute(
                "UPDATE leads SET state = 'held', updated_at = ?, next_at = ? WHERE id = ? AND \
                 state = 'dead' AND reason = 'refused' AND refusals < ? AND lead IS NOT NULL",
                params![self.proven(now), self.expiry_warning(now), id.as_str(), LAST_ATTEMPT],
            )?;
        }
        Ok(())
    }

    /// Ends the slowdown after the CRM accepted a lead. Refused leads are sent once more.
    pub(in crate::outbox) fn restore_rate(
        &self,
        state: &OutboxState,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        if state.refusals == 0 {
            return Ok(());
        }
        self.set(&[
            ("refused", SqlValue::Null),
            ("refusals", SqlValue::Null),
            ("slow_sent_at", SqlValue::Null),
        ])?;
        if state.is_slow() {
            self.execute(
                "UPDATE leads SET state = 'pending', refusals = ?, next_at = ?, updated_at = ? \
                 WHERE state = 'held' AND reason = 'refused'",
                params![LAST_ATTEMPT, now, self.proven(now)],
            )?;
        }
        Ok(())
    }
}
