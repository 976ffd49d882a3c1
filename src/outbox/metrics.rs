//! The metrics: what the store contains now, and counters that are stored, so that neither a restart nor a
//! purge makes them fall. Histograms are stored by bucket; the host adds the buckets up.

use crate::outbox::clock::Reading;
use crate::outbox::contract::LeadState;
use crate::outbox::dispatch::job::{Job, JobKind};
use crate::outbox::dispatch::job_call::{Diagnostics, JobOutcome};
use crate::outbox::store::{SqlValue, Store, StoreUnavailable};
use crate::outbox::{Outbox, OutboxError, SCHEMA_VERSION};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// A histogram of durations in seconds.
pub(super) struct Histogram {
    name: &'static str,
    bounds: &'static [f64],
}

/// The duration of sending a lead.
const SEND_DURATION: Histogram = Histogram {
    name: "send_duration_seconds",
    bounds: &[0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0],
};

/// The age of a lead when the CRM confirmed it.
pub(super) const DELIVERY_AGE: Histogram = Histogram {
    name: "delivery_age_seconds",
    bounds: &[1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0],
};

/// Counters without labels, which are in `facts`.
const COUNTERS: [&str; 12] = [
    "leads_accepted_total",
    "leads_duplicate_total",
    "leads_conflict_total",
    "requests_rate_limited_total",
    "leads_delivered_total",
    "leads_dead_total",
    "origin_refused_total",
    "path_not_found_total",
    "admin_auth_failed_total",
    "source_auth_failed_total",
    "sends_total",
    "lookups_total",
];

impl Histogram {
    /// The name of a bucket's counter.
    fn bucket(&self, bound: Option<f64>) -> String {
        match bound {
            Some(bound) => format!("{}_bucket{{le=\"{bound}\"}}", self.name),
            None => format!("{}_bucket{{le=\"+Inf\"}}", self.name),
        }
    }

    fn sum(&self) -> String {
        [self.name, "_sum"].concat()
    }
}

impl<S: Store> Outbox<S> {
    /// Adds to counters, in one statement.
    pub(super) fn add_counters(&self, added: &[(&str, f64)]) -> Result<(), StoreUnavailable> {
        // Two parameters each, at most 100 per statement.
        for part in added.chunks(50) {
            let placeholders: Vec<&str> = part.iter().map(|_| "(?, ?)").collect();
            let sql = [
                "INSERT INTO counters (name, value) VALUES ",
                &placeholders.join(", "),
                " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            ];
            let params: Vec<SqlValue> = part
                .iter()
                .flat_map(|(name, value)| [SqlValue::from(*name), SqlValue::from(*value)])
                .collect();
            self.execute(&sql.concat(), &params)?;
        }
        Ok(())
    }

    /// Adds a duration in milliseconds to a histogram.
    pub(super) fn observe(
        &self,
        histogram: &Histogram,
        milliseconds: f64,
    ) -> Result<(), StoreUnavailable> {
        let seconds = milliseconds.max(0.0) / 1_000.0;
        let bound = histogram.bounds.iter().copied().find(|&bound| seconds <= bound);
        self.add_counters(&[(&histogram.bucket(bound), 1.0), (&histogram.sum(), seconds)])
    }

    /// Counts an attempt by its kind and its cause, and measures a send.
    pub(super) fn count_attempt(
        &self,
        job: &Job,
        outcome: &JobOutcome,
        diagnostics: &Diagnostics,
        duration: f64,
    ) -> Result<(), StoreUnavailable> {
        if matches!(outcome, JobOutcome::NoPermitUntil(_)) {
            return Ok(());
        }
        let (kind, cause) = (job.kind.name(), cause_of(outcome, diagnostics));
        let name = ["attempts_total{kind=\"", kind, "\",cause=\"", &cause, "\"}"].concat();
        self.add_counters(&[(&name, 1.0)])?;
        if job.kind == JobKind::Send && !matches!(outcome, JobOutcome::Invalid) {
            self.observe(&SEND_DURATION, duration)?;
        }
        Ok(())
    }

    /// The metrics by name.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn metrics(&self, reading: impl Into<Reading>) -> Result<Map<String, Value>, OutboxError> {
        let reading = reading.into();
        let now = self.read_only_time(reading);
        let mut metrics = Map::new();
        let mut put = |name: &str, value: f64| {
            metrics.insert(name.into(), value.into());
        };
        for name in COUNTERS {
            put(name, 0.0);
        }
        for limit in ["leads", "bytes", "address_leads", "address_bytes", "disk", "connections"] {
            put(&format!("leads_refused_total{{limit=\"{limit}\"}}"), 0.0);
        }
        put("attempts_total{kind=\"send\",cause=\"none\"}", 0.0);
        for source in &self.settings.sources {
            put(&format!("source_unreadable_total{{source=\"{}\"}}", source.name), 0.0);
        }
        for histogram in [SEND_DURATION, DELIVERY_AGE] {
            for bound in histogram.bounds.iter().copied().map(Some).chain([None]) {
                put(&histogram.bucket(bound), 0.0);
            }
            put(&histogram.sum(), 0.0);
        }
        let stored = "SELECT name, value FROM facts WHERE name LIKE '%_total' \
                      UNION ALL SELECT name, value FROM counters";
        for row in self.execute(stored, &[])? {
            if let (Some(name), Some(value)) = (row.text(0), row.number(1)) {
                put(name, value);
            }
        }
        for state in LeadState::ALL {
            put(&format!("leads{{state=\"{}\"}}", state.name()), 0.0);
        }
        let mut accepted = self.load_state()?.purged;
        for row in self.execute("SELECT state, COUNT(*) FROM leads GROUP BY state", &[])? {
            accepted += row.number(1).unwrap_or(0.0);
            if let Some(state) = row.text(0).and_then(LeadState::named) {
                put(&format!("leads{{state=\"{}\"}}", state.name()), row.count(1).into());
            }
        }
        put("leads_accepted_total", accepted);
        self.source_metrics(now, &mut put)?;
        let health = self.health(reading)?;
        let [minute, hour] = self.permits_taken(now)?;
        put("backlog", health.backlog.into());
        put("poison_leads", health.poison.into());
        put("oldest_age_seconds", health.oldest_age_ms.unwrap_or(0.0) / 1_000.0);
        put("paused", f64::from(u8::from(health.paused)));
        put("reconcile_unavailable", f64::from(u8::from(health.reconcile == "unavailable")));
        put("crm_calls{window=\"minute\"}", minute.into());
        put("crm_calls{window=\"hour\"}", hour.into());
        let waiting = self.count_waiting(None, now)?;
        put("stored_leads", waiting.leads);
        put("stored_bytes", waiting.bytes);
        put("capacity_leads", self.settings.capacity.leads);
        put("capacity_bytes", self.settings.capacity.bytes);
        let version = env!("CARGO_PKG_VERSION");
        put(&format!("build_info{{version=\"{version}\",schema=\"{SCHEMA_VERSION}\"}}"), 1.0);
        Ok(metrics)
    }
}

/// Why an attempt failed, as a code; `none` if it did not.
pub(super) fn cause_of<'a>(outcome: &JobOutcome, diagnostics: &'a Diagnostics) -> Cow<'a, str> {
    let (status, otherwise) = match outcome {
        JobOutcome::Created(_) | JobOutcome::PageRead(_) => return Cow::Borrowed("none"),
        JobOutcome::Absent => return Cow::Borrowed("absent"),
        JobOutcome::Invalid => return Cow::Borrowed("invalid"),
        JobOutcome::Unconfirmed(_) => return Cow::Borrowed("unconfirmed_response"),
        JobOutcome::Inconclusive { .. } => return Cow::Borrowed("inconclusive"),
        JobOutcome::NoPermitUntil(_) => return Cow::Borrowed("no_permit"),
        JobOutcome::RateLimited(_) => (Some(429), ""),
        JobOutcome::Refused(status) | JobOutcome::LookupForbidden(status) => (Some(*status), ""),
        JobOutcome::Misconfigured { reason, status, .. } => (*status, *reason),
        JobOutcome::NotSent { .. } => (None, "unreachable"),
        JobOutcome::OutcomeUnknown { status, .. } | JobOutcome::LookupFailed { status, .. } => {
            (*status, "no_response")
        }
    };
    match (status, &diagnostics.cause) {
        (Some(status), _) => Cow::Owned(format!("http_{status}")),
        (None, Some(cause)) => Cow::Borrowed(cause),
        (None, None) => Cow::Borrowed(otherwise),
    }
}
