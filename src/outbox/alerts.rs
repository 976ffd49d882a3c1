//! Conditions that an operator should know of. Each is alerted when it begins, again while it lasts
//! (after an hour, six more hours, then once a day), and when it is over.

use crate::outbox::Outbox;
use crate::outbox::contract::Alert;
use crate::outbox::dispatch::outcome::UNCONFIRMABLE;
use crate::outbox::dispatch::slowdown::REFUSALS;
use crate::outbox::settings::DAY;
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use serde::{Deserialize, Serialize};

const HOUR: f64 = 3_600_000.0;

/// The time from one alert about a condition to the next.
const REPEATS: [f64; 3] = [HOUR, 6.0 * HOUR, DAY];

/// The ages of the oldest lead that are alerted: 15 minutes, an hour, a day.
const AGES: [f64; 3] = [900_000.0, HOUR, DAY];

/// How often a lead fails alone until it counts as failing by itself. The index `leads_poison` and
/// the statements below have this number too.
const POISON: &str = "failed_alone >= 5";

/// A condition that was alerted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct RaisedCondition {
    /// What of: another reason, or a higher level, is another alert.
    detail: String,
    /// How many alerts there were, and when the next one is due.
    count: u32,
    next_at: f64,
}

/// The conditions of which the name stands in more than one place.
const PAUSED: &str = "paused";
const BACKLOG_AGE: &str = "backlog_age";

type Conditions = BTreeMap<String, RaisedCondition>;

/// Leads that wait for an operator.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StoppedLeads {
    pub(super) dead: u32,
    pub(super) held: u32,
    /// Held leads that the outbox does not try again by itself.
    abandoned: u32,
    dead_since: Option<f64>,
    held_since: Option<f64>,
}

/// The conditions before and after a review.
struct Review {
    before: Conditions,
    after: Conditions,
    now: f64,
    /// Whether what stops all sending is announced in any case: it is after a restart.
    announces: bool,
}

impl Review {
    /// Notes that a condition lasts. Whether it is to be alerted; `is_quiet`: not because it is new.
    fn lasts(&mut self, name: &str, detail: &str, is_quiet: bool) -> bool {
        let known = self.before.get(name);
        let count = known.map_or(0, |known| known.count);
        let is_new = known.is_none_or(|known| known.detail != detail);
        let is_repeated = known.is_some_and(|known| known.next_at <= self.now);
        let is_announced = self.announces && matches!(name, PAUSED | REFUSALS);
        let is_due = is_new && !is_quiet || is_repeated || is_announced;
        let wait = REPEATS.get(count as usize).copied().unwrap_or(DAY);
        // After a restart the clock may be another.
        let pending = known.map_or(self.now + wait, |known| known.next_at.min(self.now + DAY));
        let raised = RaisedCondition {
            detail: detail.into(),
            count: count + u32::from(is_due),
            next_at: if is_due { self.now + wait } else { pending },
        };
        self.after.insert(name.into(), raised);
        is_due
    }
}

impl<S: Store> Outbox<S> {
    /// Has the conditions looked at with the next [`Outbox::next`].
    pub(super) fn review_soon(&self) {
        self.review_at.set(f64::NEG_INFINITY);
    }

    /// Looks at the conditions if it is time to; returns when it is next. `has_waiting`: whether a lead
    /// waits for something.
    pub(super) fn review_if_due(
        &self,
        facts: &OutboxState,
        has_waiting: bool,
        now: f64,
    ) -> Result<f64, StoreUnavailable> {
        let [first, ..] = AGES;
        if has_waiting {
            self.review_at.set(self.review_at.get().min(now + first));
        }
        if self.review_at.get() <= now {
            self.review_at.set(self.review(facts, now)?);
        }
        Ok(self.review_at.get())
    }

    fn review(&self, facts: &OutboxState, now: f64) -> Result<f64, StoreUnavailable> {
        let before = facts.alerts.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let before: Conditions = before.unwrap_or_default();
        let announces = self.announces.replace(false);
        let mut review = Review { before, after: Conditions::new(), now, announces };
        self.review_sending(&mut review, facts);
        self.review_stopped(&mut review)?;
        let age_at = self.review_age(&mut review)?;
        let Review { before, after, .. } = review;
        for (name, raised) in &before {
            if !after.contains_key(name) {
                self.alert(match name.as_str() {
                    PAUSED | REFUSALS => Alert::Resumed { reason: raised.detail.clone() },
                    _ => Alert::Resolved { condition: name.clone(), value: None },
                });
            }
        }
        if after != before {
            let text = (!after.is_empty()).then(|| serde_json::to_string(&after).ok()).flatten();
            self.set(&[("alerts", text.into())])?;
        }
        self.resolve_clock_skew(facts)?;
        let quiet_at = self.resolve_refusals(now)?;
        let next = after.values().map(|raised| raised.next_at).fold(age_at, f64::min);
        Ok(next.min(quiet_at))
    }

    /// What concerns all leads.
    fn review_sending(&self, review: &mut Review, facts: &OutboxState) {
        if let Some(reason) = &facts.pause_reason
            && review.lasts(PAUSED, reason, false)
        {
            let cause = facts.failure_cause.clone();
            self.alert(Alert::Paused { reason: reason.clone(), status: facts.pause_status, cause });
        }
        if facts.is_slow() && review.lasts(REFUSALS, REFUSALS, false) {
            self.alert(Alert::Paused { reason: REFUSALS.into(), status: None, cause: None });
        }
        if facts.reconcile.as_deref() == Some("unavailable")
            && review.lasts("reconcile_unavailable", "", false)
        {
            self.alert(Alert::ReconcileUnavailable { status: facts.reconcile_status });
        }
        if facts.unconfirmed >= UNCONFIRMABLE && review.lasts("unconfirmable", "", false) {
            self.alert(Alert::Unconfirmable { sends: facts.unconfirmed });
        }
    }

    /// Leads that do not go on by themselves, or fail each time.
    fn review_stopped(&self, review: &mut Review) -> Result<(), StoreUnavailable> {
        let proven = self.proven(review.now);
        let age = |since: Option<f64>| since.map_or(0.0, |since| (proven - since).max(0.0));
        let stopped = self.stopped()?;
        // Each is alerted by itself first.
        if stopped.dead > 0 && review.lasts("dead_letters", "", true) {
            let oldest_age_ms = age(stopped.dead_since);
            self.alert(Alert::DeadLetters { count: stopped.dead, oldest_age_ms });
        }
        if stopped.abandoned > 0 && review.lasts("held_leads", "", false) {
            let oldest_age_ms = age(stopped.held_since);
            self.alert(Alert::HeldLeads { count: stopped.abandoned, oldest_age_ms });
        }
        let (count, since) = self.poison()?;
        if count > 0 && review.lasts("poison_leads", "", false) {
            self.alert(Alert::PoisonLeads { count, oldest_age_ms: age(since) });
        }
        Ok(())
    }

    /// The age of the oldest lead that waits and does not fail by itself; returns when it passes the
    /// next of the ages.
    fn review_age(&self, review: &mut Review) -> Result<f64, StoreUnavailable> {
        let (backlog, oldest) = self.backlog()?;
        let Some(oldest) = oldest else {
            return Ok(f64::INFINITY);
        };
        let age = self.proven(review.now) - oldest;
        let level = AGES.iter().filter(|&&known| age >= known).count();
        let known = review.before.get(BACKLOG_AGE).and_then(|known| known.detail.parse().ok());
        let is_lower = known.is_some_and(|known: usize| level < known);
        if level > 0 && review.lasts(BACKLOG_AGE, &level.to_string(), is_lower) {
            self.alert(Alert::BacklogAge { oldest_age_ms: age, backlog });
        }
        let next = AGES.get(level).map(|next| self.when_proven(oldest + next));
        // A lead that arrives from now on passes none of them earlier than this.
        let [first, ..] = AGES;
        Ok(next.unwrap_or(f64::INFINITY).min(review.now + first))
    }

    /// The leads that are dead or held, with their text.
    pub(super) fn stopped(&self) -> Result<StoppedLeads, StoreUnavailable> {
        let row = self.row(
            "SELECT SUM(state = 'dead'), SUM(state = 'held'), \
             SUM(state = 'held' AND reason IS NOT 'refused'), \
             MIN(CASE WHEN state = 'dead' THEN updated_at END), \
             MIN(CASE WHEN state = 'held' AND reason IS NOT 'refused' THEN updated_at END) \
             FROM leads WHERE lead IS NOT NULL AND state IN ('dead', 'held')",
            &[],
        )?;
        Ok(row.map_or_else(StoppedLeads::default, |row| StoppedLeads {
            dead: row.count(0),
            held: row.count(1),
            abandoned: row.count(2),
            dead_since: row.number(3),
            held_since: row.number(4),
        }))
    }

    /// How many leads fail by themselves, and when the oldest of them arrived.
    pub(super) fn poison(&self) -> Result<(u32, Option<f64>), StoreUnavailable> {
        let sql = [
            "SELECT COUNT(*), MIN(created_at) FROM leads WHERE ",
            POISON,
            " AND state IN ('pending', 'sending', 'unconfirmed', 'reconciling')",
        ];
        let row = self.row(&sql.concat(), &[])?;
        Ok(row.map_or((0, None), |row| (row.count(0), row.number(1))))
    }

    /// How many leads are not with the CRM yet, and when the oldest arrived of those that do not fail
    /// by themselves, and were not replayed or released just now.
    pub(super) fn backlog(&self) -> Result<(u32, Option<f64>), StoreUnavailable> {
        let sql = [
            "SELECT COUNT(*), MIN(CASE WHEN ",
            POISON,
            " OR reason IN ('released', 'replayed') THEN NULL ELSE created_at END) FROM leads \
             WHERE state IN ('pending', 'sending', 'unconfirmed', 'reconciling')",
        ];
        let row: Option<Row> = self.row(&sql.concat(), &[])?;
        Ok(row.map_or((0, None), |row| (row.count(0), row.number(1))))
    }

    /// The clocks agree again.
    fn resolve_clock_skew(&self, facts: &OutboxState) -> Result<(), StoreUnavailable> {
        if facts.clock_alert_at.is_none()
            || !self.has_recent_crm_date()
            || self.clock_offset().is_some()
        {
            return Ok(());
        }
        self.exec("DELETE FROM facts WHERE name = 'clock_alert_at'", &[])?;
        self.alert(Alert::Resolved { condition: "clock_skew".into(), value: None });
        Ok(())
    }

    /// What was alerted and has not been met for a day is over; returns when that is so of the next.
    fn resolve_refusals(&self, now: f64) -> Result<f64, StoreUnavailable> {
        let over = self.exec(
            "UPDATE refusals SET alerted_at = NULL \
             WHERE alerted_at IS NOT NULL AND last_at <= ? RETURNING mistake, value",
            params![self.proven(now) - DAY],
        )?;
        for row in &over {
            let condition = match row.text(0) {
                Some("path") => "path_not_found",
                Some("token") => "admin_auth_failed",
                _ => "origin_refused",
            };
            let value = row.text(1).filter(|value| !value.is_empty()).map(String::from);
            self.alert(Alert::Resolved { condition: condition.into(), value });
        }
        let sql = "SELECT MIN(last_at) FROM refusals WHERE alerted_at IS NOT NULL";
        let last_at = self.row(sql, &[])?.and_then(|row| row.number(0));
        Ok(last_at.map_or(f64::INFINITY, |at| self.when_proven(at + DAY)))
    }
}
