//! What is kept, for how long, and what somebody should know before it goes.

use super::Outbox;
use super::contract::Alert;
use super::facts::Facts;
use super::settings::DAY;
use super::store::{Store, Unavailable, params};
use alloc::string::String;

/// How many leads are tidied up at a time.
const AT_A_TIME: u32 = 100;

/// How long before a dead or held lead's body goes somebody is told.
const WARNING: f64 = 7.0 * DAY;

/// The ages of the oldest lead that somebody should know of: 15 minutes, an hour, a day.
const AGES: [f64; 3] = [900_000.0, 3_600_000.0, DAY];

impl<S: Store> Outbox<S> {
    /// When somebody is to be told that what a lead says will go, if it is dead or held now.
    pub(super) fn expiry_warning(&self, now: f64) -> f64 {
        now + (self.settings.retention.dead * DAY - WARNING).max(0.0)
    }

    /// Tidies up what is due: some of it, so that nobody waits for all of it.
    pub(super) fn keep(&self, now: f64) -> Result<(), Unavailable> {
        let due = self.exec(
            "SELECT id, state, reason, updated_at, lead IS NULL AND NOT EXISTS \
             (SELECT 1 FROM revisions WHERE revisions.id = leads.id) \
             FROM leads WHERE state IN ('done', 'dead', 'held') AND next_at <= ? \
             ORDER BY next_at LIMIT ?",
            params![now, AT_A_TIME],
        )?;
        for row in &due {
            let (Some(id), Some(state), Some(ended)) = (row.text(0), row.text(1), row.number(3))
            else {
                continue;
            };
            let body_ends = ended + self.settings.retention.dead * DAY;
            if row.number(4) == Some(1.0) {
                self.exec("DELETE FROM leads WHERE id = ?", params![id])?;
            } else if state != "done" && body_ends > now {
                let warned = params![body_ends, id];
                self.exec("UPDATE leads SET next_at = ? WHERE id = ?", warned)?;
                self.alert(Alert::Expiring { submission_id: id.into() });
            } else {
                let held = state == "held";
                self.forget(id, if held { Some("expired") } else { None }, 0.0, ended)?;
            }
        }
        Ok(())
    }

    /// Deletes what a lead says; its id stays for its time. `dead` makes the lead dead, for this
    /// reason.
    pub(super) fn forget(
        &self,
        id: &str,
        dead: Option<&str>,
        erased: f64,
        ended: f64,
    ) -> Result<(), Unavailable> {
        self.exec("DELETE FROM revisions WHERE id = ?", params![id])?;
        self.exec(
            "UPDATE leads SET lead = NULL, custom = NULL, dropped = NULL, warnings = NULL, \
             state = CASE WHEN ? IS NULL THEN state ELSE 'dead' END, reason = COALESCE(?, reason), \
             erased = MAX(erased, ?), next_at = ? WHERE id = ?",
            params![dead, dead, erased, ended + self.settings.retention.ids * DAY, id],
        )
        .map(drop)
    }

    /// Erases those whose answer had to be waited for.
    pub(super) fn finish_erasures(&self, now: f64) -> Result<(), Unavailable> {
        let ids: alloc::vec::Vec<(String, bool)> = self
            .exec(
                "SELECT id, state FROM leads WHERE erased = 1 AND \
                 state NOT IN ('inflight', 'looking')",
                &[],
            )?
            .iter()
            .filter_map(|row| Some((row.text(0)?.into(), row.text(1)? == "done")))
            .collect();
        for (id, done) in ids {
            self.forget(&id, if done { None } else { Some("erased") }, 2.0, now)?;
        }
        Ok(())
    }

    /// Tells when the oldest lead that waits has passed another of the ages somebody should know
    /// of; gives the time of the next look at that.
    pub(super) fn look_at_age(&self, facts: &Facts, now: f64) -> Result<f64, Unavailable> {
        let (backlog, oldest) = self.backlog()?;
        let age = oldest.map_or(0.0, |oldest| now - oldest);
        let level = AGES.iter().filter(|&&known| age >= known).count();
        if level as u32 > facts.age_level {
            self.alert(Alert::Age { oldest_age_ms: age, backlog });
        }
        let next = AGES.get(level).zip(oldest).map(|(known, oldest)| oldest + known);
        // A lead that arrives from now on passes none of them earlier than this.
        let [first, ..] = AGES;
        let at = next.unwrap_or(f64::INFINITY).min(now + first);
        self.set(&[("age_level", (level as u32).into()), ("age_at", at.into())])?;
        Ok(at)
    }

    /// How many leads are not with the CRM yet, and when the oldest of them arrived.
    pub(super) fn backlog(&self) -> Result<(u32, Option<f64>), Unavailable> {
        let row = self.row(
            "SELECT COUNT(*), MIN(created_at) FROM leads \
             WHERE state IN ('ready', 'inflight', 'unsure', 'looking')",
            &[],
        )?;
        Ok(row.map_or((0, None), |row| (row.count(0), row.number(1))))
    }
}
