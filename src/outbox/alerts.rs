//! Conditions that need an operator's attention. Each is alerted when it begins, repeatedly while
//! it lasts (after an hour, six more hours, then daily), and when it ends.

use crate::outbox::Outbox;
use crate::outbox::contract::Alert;
use crate::outbox::dispatch::outcome::UNCONFIRMABLE;
use crate::outbox::dispatch::slowdown::REFUSALS;
use crate::outbox::settings::DAY;
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use serde::{Deserialize, Serialize};

const HOUR: f64 = 3_600_000.0;

/// The intervals between alerts about a condition.
const REPEATS: [f64; 3] = [HOUR, 6.0 * HOUR, DAY];

/// The ages of the oldest lead that are alerted: 15 minutes, an hour, a day.
const AGES: [f64; 3] = [900_000.0, HOUR, DAY];

/// The shares of the capacity that raise an alert, count as full, and end the alert.
const NEARLY_FULL: f64 = 0.8;
const FULL: f64 = 0.995;
const NO_LONGER_FULL: f64 = 0.7;

/// How often a lead fails alone before it counts as a poison lead. The index `leads_poison` uses the same
/// number.
const POISON: &str = "failed_alone >= 5";
pub(super) const POISON_FAILURES: u32 = 5;

/// A condition that was alerted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct RaisedCondition {
    /// The reason or the level. A different one raises another alert.
    detail: String,
    /// How many alerts were raised, and when the next one is due.
    count: u32,
    next_at: f64,
}

/// The names of conditions that are used in several places.
const PAUSED: &str = "paused";
const BACKLOG_AGE: &str = "backlog_age";
const CAPACITY_REACHED: &str = "capacity_reached";

type Conditions = BTreeMap<String, RaisedCondition>;

/// The held leads that only an operator can release: the outbox resends refused ones automatically. As SQL.
pub(super) const HELD_FOR_OPERATOR: &str = "state = 'held' AND reason IS NOT 'refused'";

/// The leads that need an operator: how many are dead or held, and since when.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LeadsForOperator {
    pub(super) dead: u32,
    pub(super) held: u32,
    dead_since: Option<f64>,
    held_since: Option<f64>,
}

/// The conditions before and after a review.
pub(super) struct Review {
    before: Conditions,
    after: Conditions,
    pub(super) now: f64,
    /// Whether the alerts about a stop of all sending are repeated, after a restart.
    repeats_alerts: bool,
}

impl Review {
    /// Records that a condition exists. Returns whether to raise an alert; with `is_quiet`, not
    /// when it is new.
    pub(super) fn is_due(&mut self, name: &str, detail: &str, is_quiet: bool) -> bool {
        let known = self.before.get(name);
        let count = known.map_or(0, |known| known.count);
        let is_new = known.is_none_or(|known| known.detail != detail);
        let is_repeated = known.is_some_and(|known| known.next_at <= self.now);
        let is_repeated_after_restart = self.repeats_alerts && matches!(name, PAUSED | REFUSALS);
        let is_due = is_new && !is_quiet || is_repeated || is_repeated_after_restart;
        let wait = REPEATS.get(count as usize).copied().unwrap_or(DAY);
        // After a restart the clock may differ.
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
    /// Makes the next [`Outbox::next`] review the conditions.
    pub(super) fn review_soon(&self) {
        self.review_at.set(f64::NEG_INFINITY);
    }

    /// Reviews the conditions if that is due; returns when it is due next. `has_waiting`: whether a lead
    /// is due at some time.
    pub(super) fn review_if_due(
        &self,
        state: &OutboxState,
        has_waiting: bool,
        now: f64,
    ) -> Result<f64, StoreUnavailable> {
        let [first, ..] = AGES;
        if has_waiting {
            self.review_at.set(self.review_at.get().min(now + first));
        }
        if self.review_at.get() <= now {
            self.review_at.set(self.review(state, now)?);
        }
        Ok(self.review_at.get())
    }

    fn review(&self, state: &OutboxState, now: f64) -> Result<f64, StoreUnavailable> {
        let before = state.alerts.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let before: Conditions = before.unwrap_or_default();
        let repeats_alerts = self.repeats_alerts.replace(false);
        let mut review = Review { before, after: Conditions::new(), now, repeats_alerts };
        self.review_sending(&mut review, state);
        self.review_leads_for_operator(&mut review)?;
        self.review_capacity(&mut review)?;
        let age_at = self.review_age(&mut review)?.min(self.review_sources(&mut review)?);
        let Review { before, after, .. } = review;
        for (name, raised) in &before {
            if !after.contains_key(name) {
                self.alert(match name.as_str() {
                    PAUSED | REFUSALS => Alert::Resumed { reason: raised.detail.clone() },
                    _ => {
                        // The conditions of sources have their name.
                        let (condition, value) = name.split_once(':').unzip();
                        let condition = condition.unwrap_or(name).into();
                        Alert::Resolved { condition, value: value.map(String::from) }
                    }
                });
            }
        }
        if after != before {
            let text = (!after.is_empty()).then(|| serde_json::to_string(&after).ok()).flatten();
            self.set(&[("alerts", text.into())])?;
        }
        self.resolve_clock_skew(state)?;
        let quiet_at = self.resolve_refusals(now)?;
        let next = after.values().map(|raised| raised.next_at).fold(age_at, f64::min);
        Ok(next.min(quiet_at))
    }

    /// Reviews the conditions that concern all leads.
    fn review_sending(&self, review: &mut Review, state: &OutboxState) {
        if let Some(reason) = &state.pause_reason
            && review.is_due(PAUSED, reason, false)
        {
            let cause = state.failure_cause.clone();
            self.alert(Alert::Paused { reason: reason.clone(), status: state.pause_status, cause });
        }
        if state.is_slow() && review.is_due(REFUSALS, REFUSALS, false) {
            self.alert(Alert::Paused { reason: REFUSALS.into(), status: None, cause: None });
        }
        if state.reconcile.as_deref() == Some("unavailable")
            && review.is_due("reconcile_unavailable", "", false)
        {
            self.alert(Alert::ReconcileUnavailable { status: state.reconcile_status });
        }
        if state.unconfirmed >= UNCONFIRMABLE && review.is_due("unconfirmable", "", false) {
            self.alert(Alert::Unconfirmable { sends: state.unconfirmed });
        }
    }

    /// Reviews leads that need an operator, or fail each time.
    fn review_leads_for_operator(&self, review: &mut Review) -> Result<(), StoreUnavailable> {
        let proven = self.proven(review.now);
        let age = |since: Option<f64>| since.map_or(0.0, |since| (proven - since).max(0.0));
        let leads = self.leads_for_operator()?;
        // Each dead letter has already raised its own alert.
        if leads.dead > 0 && review.is_due("dead_letters", "", true) {
            let oldest_age_ms = age(leads.dead_since);
            self.alert(Alert::DeadLetters { count: leads.dead, oldest_age_ms });
        }
        if leads.held > 0 && review.is_due("held_leads", "", false) {
            let oldest_age_ms = age(leads.held_since);
            self.alert(Alert::HeldLeads { count: leads.held, oldest_age_ms });
        }
        let (count, since) = self.count_poison()?;
        if count > 0 && review.is_due("poison_leads", "", false) {
            self.alert(Alert::PoisonLeads { count, oldest_age_ms: age(since) });
        }
        Ok(())
    }

    /// Compares the number of undelivered leads with the capacity.
    fn review_capacity(&self, review: &mut Review) -> Result<(), StoreUnavailable> {
        let capacity = self.settings.capacity;
        let usage = self.count_waiting(None, review.now)?;
        let share = (usage.leads / capacity.leads).max(usage.bytes / capacity.bytes);
        let limit = if usage.leads / capacity.leads >= usage.bytes / capacity.bytes {
            "leads"
        } else {
            "bytes"
        };
        let was_raised = review.before.contains_key(CAPACITY_REACHED);
        let (limit, refused) = if share >= FULL {
            (limit, true)
        } else if let Some(limit) = self.client_at_capacity(review.now) {
            (limit.name(), true)
        } else if share >= NEARLY_FULL || was_raised && share >= NO_LONGER_FULL {
            (limit, false)
        } else {
            return Ok(());
        };
        let detail = [limit, if refused { " refused" } else { "" }].concat();
        // Another alert if it gets worse, not if it gets better.
        if review.is_due(CAPACITY_REACHED, &detail, was_raised && !refused) {
            let (leads, bytes) = (usage.leads, usage.bytes);
            self.alert(Alert::CapacityReached { limit, refused, leads, bytes });
        }
        Ok(())
    }

    /// Reviews the age of the oldest waiting lead, without poison leads; returns when it reaches the next
    /// level.
    fn review_age(&self, review: &mut Review) -> Result<f64, StoreUnavailable> {
        let (backlog, oldest) = self.backlog()?;
        let Some(oldest) = oldest else {
            return Ok(f64::INFINITY);
        };
        let age = self.proven(review.now) - oldest;
        let level = AGES.iter().filter(|&&known| age >= known).count();
        let known = review.before.get(BACKLOG_AGE).and_then(|known| known.detail.parse().ok());
        let is_lower = known.is_some_and(|known: usize| level < known);
        if level > 0 && review.is_due(BACKLOG_AGE, &level.to_string(), is_lower) {
            self.alert(Alert::BacklogAge { oldest_age_ms: age, backlog });
        }
        let next = AGES.get(level).map(|next| self.when_proven(oldest + next));
        // No lead that arrives from now on reaches a level before this time.
        let [first, ..] = AGES;
        Ok(next.unwrap_or(f64::INFINITY).min(review.now + first))
    }

    /// The leads that need an operator and whose body is not deleted.
    pub(super) fn leads_for_operator(&self) -> Result<LeadsForOperator, StoreUnavailable> {
        let sql = format!(
            "SELECT SUM(state = 'dead'), SUM({HELD_FOR_OPERATOR}), \
             MIN(CASE WHEN state = 'dead' THEN updated_at END), \
             MIN(CASE WHEN {HELD_FOR_OPERATOR} THEN updated_at END) \
             FROM leads WHERE lead IS NOT NULL AND state IN ('dead', 'held')",
        );
        Ok(self.query_row(&sql, &[])?.map_or_else(LeadsForOperator::default, |row| {
            LeadsForOperator {
                dead: row.count(0),
                held: row.count(1),
                dead_since: row.number(2),
                held_since: row.number(3),
            }
        }))
    }

    /// The number of poison leads, and when the oldest of them arrived.
    pub(super) fn count_poison(&self) -> Result<(u32, Option<f64>), StoreUnavailable> {
        let sql = [
            "SELECT COUNT(*), MIN(created_at) FROM leads WHERE ",
            POISON,
            " AND state IN ('pending', 'sending', 'unconfirmed', 'reconciling')",
        ];
        let row = self.query_row(&sql.concat(), &[])?;
        Ok(row.map_or((0, None), |row| (row.count(0), row.number(1))))
    }

    /// The number of leads that are not delivered yet, and when the oldest of them arrived, without poison
    /// leads and those that an operator has just replayed or released.
    pub(super) fn backlog(&self) -> Result<(u32, Option<f64>), StoreUnavailable> {
        let sql = [
            "SELECT COUNT(*), MIN(CASE WHEN ",
            POISON,
            " OR reason IN ('released', 'replayed') THEN NULL ELSE created_at END) FROM leads \
             WHERE state IN ('pending', 'sending', 'unconfirmed', 'reconciling')",
        ];
        let row: Option<Row> = self.query_row(&sql.concat(), &[])?;
        Ok(row.map_or((0, None), |row| (row.count(0), row.number(1))))
    }

    /// Ends the alert about the clocks once they agree again.
    fn resolve_clock_skew(&self, state: &OutboxState) -> Result<(), StoreUnavailable> {
        if state.clock_alert_at.is_none()
            || !self.has_recent_crm_date()
            || self.clock_offset().is_some()
        {
            return Ok(());
        }
        self.execute("DELETE FROM facts WHERE name = 'clock_alert_at'", &[])?;
        self.alert(Alert::Resolved { condition: "clock_skew".into(), value: None });
        Ok(())
    }

    /// Ends the alerts about refusals that have not occurred for a day; returns when the next one ends.
    fn resolve_refusals(&self, now: f64) -> Result<f64, StoreUnavailable> {
        let over = self.execute(
            "UPDATE refusals SET alerted_at = NULL \
             WHERE alerted_at IS NOT NULL AND last_at <= ? RETURNING mistake, value",
            params![self.proven(now) - DAY],
        )?;
        for row in &over {
            let condition = match row.text(0) {
                Some("path") => "path_not_found",
                Some("token") => "admin_auth_failed",
                Some("source") => "source_auth_failed",
                _ => "origin_refused",
            };
            let value = row.text(1).filter(|value| !value.is_empty()).map(String::from);
            self.alert(Alert::Resolved { condition: condition.into(), value });
        }
        let sql = "SELECT MIN(last_at) FROM refusals WHERE alerted_at IS NOT NULL";
        let last_at = self.query_row(sql, &[])?.and_then(|row| row.number(0));
        Ok(last_at.map_or(f64::INFINITY, |at| self.when_proven(at + DAY)))
    }
}
