//! When no lead can be sent, whatever it says: everything waits, and one lead at a time tries
//! whether that is over.

use super::contract::Alert;
use super::facts::{Facts, list};
use super::store::{Store, Unavailable, Value, params};
use super::{LONGEST_BACKOFF, Outbox, backoff};
use alloc::string::String;

/// The CRM cannot be reached.
pub(super) const UNREACHABLE: &str = "unreachable";
/// The CRM refused one lead after the other.
const REFUSALS: &str = "refusals";

/// How many exchanges in a row come to nothing before the CRM counts as out of reach.
const MOST_UNREACHABLE: u32 = 10;
/// How many different leads are refused in a row before that is not about the leads.
const MOST_REFUSED: usize = 5;

/// That the CRM is back is to be seen within a minute.
const LONGEST_UNREACHABLE_BACKOFF: f64 = 60_000.0;

impl<S: Store> Outbox<S> {
    /// Stops, or goes on having stopped: `tried` tells that a lead has tried in vain.
    pub(super) fn park(
        &self,
        facts: &Facts,
        (reason, status): (&str, Option<u16>),
        tried: bool,
        now: f64,
        chance: f64,
    ) -> Result<(), Unavailable> {
        if facts.parked.is_some() && !tried {
            return Ok(());
        }
        let failures = facts.park_failures + 1;
        let most =
            if reason == UNREACHABLE { LONGEST_UNREACHABLE_BACKOFF } else { LONGEST_BACKOFF };
        self.set(&[
            ("parked", reason.into()),
            ("park_status", status.map(u32::from).into()),
            ("park_at", (now + backoff(failures, most, chance)).into()),
            ("park_failures", failures.into()),
        ])?;
        if facts.parked.as_deref() != Some(reason) {
            self.alert(Alert::Parked { reason: reason.into(), status });
        }
        Ok(())
    }

    /// The CRM took a lead or answered a look as it should. `sent` tells that it took one.
    pub(super) fn reached(
        &self,
        facts: &Facts,
        tried: bool,
        sent: bool,
        now: f64,
    ) -> Result<(), Unavailable> {
        if facts.unreachable > 0 {
            self.set(&[("unreachable", 0.0.into())])?;
        }
        if sent && !facts.refused.is_empty() {
            self.set(&[("refused", Value::Null)])?;
        }
        // That the key may look says nothing of leads that were refused.
        let over = tried && (sent || facts.parked.as_deref() != Some(REFUSALS));
        let Some(reason) = facts.parked.clone().filter(|_| over) else {
            return Ok(());
        };
        self.resume(reason, now)
    }

    /// The CRM answered, if not as it should.
    pub(super) fn answered(&self, facts: &Facts, tried: bool, now: f64) -> Result<(), Unavailable> {
        let over = tried && facts.parked.as_deref() == Some(UNREACHABLE);
        self.reached(facts, over, false, now)
    }

    fn resume(&self, reason: String, now: f64) -> Result<(), Unavailable> {
        // What could not be looked for because of a bad key can be now, perhaps.
        if reason != UNREACHABLE {
            self.look_again(now)?;
        }
        self.set(&[
            ("parked", Value::Null),
            ("park_status", Value::Null),
            ("park_at", Value::Null),
            ("park_failures", Value::Null),
            ("refused", Value::Null),
        ])?;
        self.alert(Alert::Resumed { reason });
        Ok(())
    }

    /// Looks again for what was held because the key could not look.
    pub(super) fn look_again(&self, now: f64) -> Result<(), Unavailable> {
        self.exec(
            "UPDATE leads SET state = 'unsure', next_at = ?, updated_at = ?, looks = 0 \
             WHERE state = 'held' AND reason = 'may_not_look'",
            params![now, now],
        )
        .map(drop)
    }

    /// An exchange came to nothing.
    pub(super) fn not_reached(
        &self,
        facts: &Facts,
        tried: bool,
        now: f64,
        chance: f64,
    ) -> Result<(), Unavailable> {
        let unreachable = facts.unreachable + 1;
        self.set(&[("unreachable", unreachable.into())])?;
        // What was tried for another reason has not ended that, and has not confirmed it.
        let reason = facts.parked.as_deref().unwrap_or(UNREACHABLE);
        if tried || unreachable >= MOST_UNREACHABLE {
            let status = facts.park_status.map(|status| status as u16);
            self.park(facts, (reason, status), tried, now, chance)?;
        }
        Ok(())
    }

    /// The CRM refused a lead. Whether that is no fault of the lead's: then it stays as it is.
    pub(super) fn refused(
        &self,
        facts: &Facts,
        id: &str,
        tried: bool,
        now: f64,
        chance: f64,
    ) -> Result<bool, Unavailable> {
        if facts.parked.as_deref() == Some(REFUSALS) {
            self.park(facts, (REFUSALS, None), tried, now, chance)?;
            return Ok(true);
        }
        let mut refused = facts.refused.clone();
        if !refused.iter().any(|known| known == id) {
            refused.push(id.into());
        }
        self.set(&[("refused", list(&refused)), ("unreachable", 0.0.into())])?;
        if refused.len() >= MOST_REFUSED {
            self.park(facts, (REFUSALS, None), true, now, chance)?;
        } else if let Some(reason) = facts.parked.clone().filter(|_| tried) {
            // That one was refused, and no longer all.
            self.resume(reason, now)?;
        }
        Ok(false)
    }
}
