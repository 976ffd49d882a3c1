//! The health, metrics and conditions of the sources.

use super::HOUR;
use crate::outbox::Outbox;
use crate::outbox::alerts::{HELD_FOR_OPERATOR, Review};
use crate::outbox::contract::{Alert, SourceHealth};
use crate::outbox::settings::DAY;
use crate::outbox::store::{Store, StoreUnavailable, params};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// The ages of the oldest event that raise an alert. Meta keeps leads for 90 days.
const AGES: [f64; 2] = [7.0 * DAY, 60.0 * DAY];

/// The number of failed readings of a form that raises an alert.
const MAX_BACKFILL_FAILURES: f64 = 3.0;

/// The counters of a source: the column and the metric.
const COUNTERS: [(&str, &str); 4] = [
    ("received", "source_events_total"),
    ("known", "source_duplicates_total"),
    ("fetched", "source_fetches_total"),
    ("backfilled", "source_backfilled_total"),
];

impl<S: Store> Outbox<S> {
    /// The state of each source that is configured or has events.
    pub(in crate::outbox) fn sources(
        &self,
        now: f64,
    ) -> Result<Vec<SourceHealth>, StoreUnavailable> {
        let mut sources: BTreeMap<String, SourceHealth> = BTreeMap::new();
        let new = |name: &str| SourceHealth {
            name: name.into(),
            fetching: 0,
            oldest_age_ms: None,
            held: 0,
            pause_reason: None,
            last_event_at: None,
        };
        for source in &self.settings.sources {
            sources.insert(source.name.clone(), new(&source.name));
        }
        let sql = format!(
            "SELECT source, state, COUNT(*), MIN(created_at) FROM leads WHERE source IS NOT NULL \
             AND lead IS NOT NULL AND (state = 'fetching' OR {HELD_FOR_OPERATOR}) GROUP BY 1, 2"
        );
        let rows = self.execute(&sql, &[])?;
        for row in &rows {
            let name = row.text(0).unwrap_or_default();
            let source = sources.entry(name.into()).or_insert_with(|| new(name));
            if row.text(1) == Some("held") {
                source.held = row.count(2);
            } else {
                source.fetching = row.count(2);
                source.oldest_age_ms = row.number(3).map(|at| (self.proven(now) - at).max(0.0));
            }
        }
        let [_, date_offsets] = self.date_offsets();
        let rows = self.execute("SELECT name, pause_reason, last_at FROM sources", &[])?;
        for row in &rows {
            if let Some(source) = sources.get_mut(row.text(0).unwrap_or_default()) {
                let reason = row.text(1).map(String::from);
                source.pause_reason = source.pause_reason.take().or(reason);
                let last = row.number(2).map(|at| at + date_offsets);
                source.last_event_at = source.last_event_at.or(last);
            }
        }
        Ok(sources.into_values().collect())
    }

    /// The metrics of the sources, by name.
    pub(in crate::outbox) fn source_metrics(
        &self,
        now: f64,
        put: &mut impl FnMut(&str, f64),
    ) -> Result<(), StoreUnavailable> {
        let labeled = |metric: &str, name: &str| format!("{metric}{{source=\"{name}\"}}");
        for source in self.sources(now)? {
            for (_, metric) in COUNTERS {
                put(&labeled(metric, &source.name), 0.0);
            }
            put(&labeled("source_fetching", &source.name), source.fetching.into());
            put(&labeled("source_held", &source.name), source.held.into());
            let is_paused = source.pause_reason.is_some();
            put(&labeled("source_paused", &source.name), f64::from(u8::from(is_paused)));
        }
        let columns: Vec<&str> = COUNTERS.iter().map(|(column, _)| *column).collect();
        let sql = ["SELECT name, ", &columns.join(", "), " FROM sources WHERE account = ''"];
        for row in &self.execute(&sql.concat(), &[])? {
            for (index, (_, metric)) in COUNTERS.iter().enumerate() {
                let value = row.number(index + 1).unwrap_or(0.0);
                put(&labeled(metric, row.text(0).unwrap_or_default()), value);
            }
        }
        Ok(())
    }

    /// Reviews the conditions of the sources; returns when the next age is reached.
    pub(in crate::outbox) fn review_sources(
        &self,
        review: &mut Review,
    ) -> Result<f64, StoreUnavailable> {
        let paused = self.execute(
            "SELECT name, account, pause_reason, pause_code FROM sources WHERE pause_reason IS NOT NULL",
            &[],
        )?;
        for row in &paused {
            let text = |column| row.text(column).map(String::from);
            let (source, account) = (text(0).unwrap_or_default(), text(1).unwrap_or_default());
            let reason = text(2).unwrap_or_default();
            let value = [source.as_str(), account.as_str()].join("/");
            if review.is_due(
                &["source_paused:", value.trim_end_matches('/')].concat(),
                &reason,
                false,
            ) {
                let account = Some(account).filter(|account| !account.is_empty());
                let code = row.number(3).map(|code| code as u32);
                self.alert(Alert::SourcePaused { source, account, reason, code });
            }
        }
        let held = self.execute(
            "SELECT source, reason, COUNT(*) FROM leads WHERE source IS NOT NULL AND lead IS NOT NULL \
             AND state = 'held' AND reason IN ('map_failed', 'map_invalid', 'incomplete', 'map_crashed', \
             'lead_not_found', 'source_missing') GROUP BY 1, 2",
            &[],
        )?;
        for row in &held {
            let (source, reason) =
                (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default());
            if review.is_due(&["source_leads_held:", source, "/", reason].concat(), "", false) {
                let (source, reason) = (source.into(), reason.into());
                self.alert(Alert::SourceLeadsHeld { source, reason, count: row.count(2) });
            }
        }
        let failing = self.execute(
            "SELECT source, form FROM backfills WHERE failures >= ?",
            params![MAX_BACKFILL_FAILURES],
        )?;
        for row in &failing {
            let (source, form) = (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default());
            let is_configured =
                |name: &str| self.settings.sources.iter().any(|one| one.name == name);
            let condition = ["source_backfill_failed:", source, "/", form].concat();
            if is_configured(source) && review.is_due(&condition, "", false) {
                self.alert(Alert::SourceBackfillFailed {
                    source: source.into(),
                    form: form.into(),
                });
            }
        }
        self.review_fetch_age(review)
    }

    fn review_fetch_age(&self, review: &mut Review) -> Result<f64, StoreUnavailable> {
        let waiting = self.execute(
            "SELECT source, MIN(created_at), COUNT(*) FROM leads WHERE state = 'fetching' GROUP BY source",
            &[],
        )?;
        let mut next_at = f64::INFINITY;
        for row in &waiting {
            let (Some(source), Some(oldest)) = (row.text(0), row.number(1)) else {
                continue;
            };
            let age = self.proven(review.now) - oldest;
            let level = AGES.iter().filter(|&&known| age >= known).count();
            let condition = ["source_fetch_age:", source].concat();
            if level > 0 && review.is_due(&condition, &level.to_string(), false) {
                let (source, count) = (source.into(), row.count(2));
                self.alert(Alert::SourceFetchAge { source, oldest_age_ms: age, count });
            }
            if let Some(next) = AGES.get(level) {
                next_at = next_at.min(self.when_proven(oldest + next));
            }
        }
        Ok(next_at.max(review.now + HOUR / 60.0))
    }
}
