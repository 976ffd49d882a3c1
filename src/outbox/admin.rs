//! The requests of operators.

use crate::outbox::alerts::StoppedLeads;
use crate::outbox::clock::Reading;
use crate::outbox::contract::{
    Health, LastFailure, LeadDetail, LeadEntry, LeadPage, LeadQuery, LeadRevision, LeadState,
    RefusalKind, ReplayQuery,
};
use crate::outbox::dispatch::slowdown::REFUSALS;
use crate::outbox::retention::{DROPPED, Deletion};
use crate::outbox::store::{Row, Store, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// The change of a replay. If the CRM may have the lead, it is looked up first.
const REPLAYED: &str = "state = CASE WHEN reason IN ('lookup_forbidden', 'ambiguous', 'unconfirmed_response', 'absence_unproven') \
                        THEN 'unconfirmed' ELSE 'pending' END, \
                        reason = 'replayed', next_at = ?, updated_at = ?, lookups = 0, \
                        failures = 0, refusals = 0, unconfirmed = 0, walks = 0, failed_alone = 0, \
                        failed_at = NULL";

/// The default and the maximum number of leads in a list.
const DEFAULT_PAGE_SIZE: f64 = 100.0;
const MAX_PAGE_SIZE: f64 = 1_000.0;

impl<S: Store> Outbox<S> {
    /// Writes a row to find out whether leads can be stored. The host commits it and limits how often this
    /// is requested.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn ready(&self, reading: impl Into<Reading>) -> Result<(), OutboxError> {
        let now = self.time(reading);
        Ok(self.set(&[("ready_at", now.into())])?)
    }

    /// The health of the outbox.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn health(&self, reading: impl Into<Reading>) -> Result<Health, OutboxError> {
        let now = self.read_only_time(reading);
        let state = self.load_state()?;
        let slow_reason = state.is_slow().then(|| REFUSALS.into());
        let pause_reason = state.pause_reason.or(slow_reason);
        let (backlog, oldest) = self.backlog()?;
        let StoppedLeads { dead, held, .. } = self.count_stopped()?;
        let (poison, _) = self.count_poison()?;
        let [_, date_offsets] = self.date_offsets();
        Ok(Health {
            backlog,
            dead,
            held,
            poison,
            last_failure: state.failure_at.map(|at| LastFailure {
                cause: state.failure_cause,
                status: state.failure_status,
                at: at + date_offsets,
            }),
            oldest_age_ms: oldest.map(|oldest| (self.proven(now) - oldest).max(0.0)),
            paused: pause_reason.is_some(),
            pause_reason,
            clock_offset_ms: self.clock_offset(),
            reconcile: match state.reconcile.as_deref() {
                Some("available") => "available",
                Some(_) => "unavailable",
                None => "unknown",
            },
            refused_origins: self.refusals(RefusalKind::Origin, now)?,
            unknown_paths: self.refusals(RefusalKind::Path, now)?,
        })
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
        for name in [
            "leads_accepted_total",
            "leads_duplicate_total",
            "leads_conflict_total",
            "requests_rate_limited_total",
            "leads_delivered_total",
            "leads_dead_total",
            "origin_refused_total",
            "path_not_found_total",
            "admin_auth_failed_total",
            "sends_total",
            "lookups_total",
        ] {
            put(name, 0.0);
        }
        for row in self.execute("SELECT name, value FROM facts WHERE name LIKE '%_total'", &[])? {
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
        let health = self.health(reading)?;
        let [minute, hour] = self.permits_taken(now)?;
        put("backlog", health.backlog.into());
        put("poison_leads", health.poison.into());
        put("oldest_age_seconds", health.oldest_age_ms.unwrap_or(0.0) / 1_000.0);
        put("paused", f64::from(u8::from(health.paused)));
        put("reconcile_unavailable", f64::from(u8::from(health.reconcile == "unavailable")));
        put("crm_calls{window=\"minute\"}", minute.into());
        put("crm_calls{window=\"hour\"}", hour.into());
        Ok(metrics)
    }

    /// The leads in the outbox, newest first, without their bodies.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn list(&self, query: &LeadQuery) -> Result<LeadPage, OutboxError> {
        let limit = query
            .limit
            .filter(|limit| *limit >= 1.0)
            .unwrap_or(DEFAULT_PAGE_SIZE)
            .min(MAX_PAGE_SIZE);
        let limit = limit as u32;
        let after = query.after.as_ref().and_then(|after| after.parse::<u32>().ok());
        let rows = self.execute(
            &format!(
                "SELECT {}, seq FROM leads WHERE seq < ? AND (? IS NULL OR state = ?) \
                 ORDER BY seq DESC LIMIT ?",
                LeadEntry::COLUMNS
            ),
            params![
                after.map_or(9e15, f64::from),
                query.state.map(LeadState::name),
                query.state.map(LeadState::name),
                limit
            ],
        )?;
        let next = rows.last().filter(|_| rows.len() as u32 == limit);
        Ok(LeadPage {
            next: next.map(|row| row.count(12).to_string()),
            entries: rows
                .iter()
                .map(|row| LeadEntry::read(row, self.date_offsets()))
                .collect::<Result<_, _>>()?,
        })
    }

    /// One lead with its body.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn inspect(&self, id: &str) -> Result<Option<LeadDetail>, OutboxError> {
        let row = self.query_row(
            &format!(
                "SELECT {}, lead, custom, dropped, warnings, response FROM leads WHERE id = ?",
                LeadEntry::COLUMNS
            ),
            params![id],
        )?;
        let Some(row) = row else {
            return Ok(None);
        };
        let [_, date_offsets] = self.date_offsets();
        let revisions =
            self.execute("SELECT at, lead FROM revisions WHERE id = ? ORDER BY at", params![id])?;
        let revision = |row: &Row| LeadRevision {
            at: row.number(0).unwrap_or(0.0) + date_offsets,
            lead: json(row, 1),
        };
        Ok(Some(LeadDetail {
            entry: LeadEntry::read(&row, self.date_offsets())?,
            lead: json(&row, 12),
            custom: json(&row, 13),
            dropped: json(&row, 14),
            warnings: json(&row, 15),
            response: row.text(16).map(String::from),
            revisions: revisions.iter().map(revision).collect::<Vec<_>>(),
        }))
    }

    /// Resends a dead or held lead; if the CRM may have it, looks it up first. Returns whether there was such
    /// a lead whose body is not deleted.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn replay(&self, id: &str, reading: impl Into<Reading>) -> Result<bool, OutboxError> {
        let now = self.time(reading);
        self.changed(
            &[
                "UPDATE leads SET ",
                REPLAYED,
                " WHERE id = ? AND state IN ('dead', 'held') AND lead IS NOT NULL \
                 AND erased = 0 RETURNING seq",
            ]
            .concat(),
            now,
            id,
        )
    }

    /// Replays all leads that became dead or held for this reason between two times. Returns how many.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn replay_all(
        &self,
        query: &ReplayQuery,
        reading: impl Into<Reading>,
    ) -> Result<u32, OutboxError> {
        let now = self.time(reading);
        let [_, date_offsets] = self.date_offsets();
        let which = "reason = ? AND updated_at >= ? AND updated_at <= ? \
                     AND state IN ('dead', 'held') AND lead IS NOT NULL AND erased = 0";
        let from = query.from.map_or(0.0, |date| date - date_offsets);
        let to = query.to.map_or(9e15, |date| date - date_offsets);
        let reason = query.reason.as_str();
        let sql = ["SELECT COUNT(*) FROM leads WHERE ", which].concat();
        let count = self.query_row(&sql, params![reason, from, to])?.map_or(0, |row| row.count(0));
        let sql = ["UPDATE leads SET ", REPLAYED, " WHERE ", which].concat();
        self.review_soon();
        self.execute(&sql, params![now, self.proven(now), reason, from, to])?;
        Ok(count)
    }

    /// Releases a lead that is held because of its challenge. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn release(&self, id: &str, reading: impl Into<Reading>) -> Result<bool, OutboxError> {
        let now = self.time(reading);
        self.changed(
            "UPDATE leads SET state = 'pending', reason = 'released', next_at = ?, updated_at = ? \
             WHERE id = ? AND state = 'held' AND reason = 'challenge' RETURNING seq",
            now,
            id,
        )
    }

    /// Drops a lead that is not delivered, at once or as soon as its response arrives: its body is deleted,
    /// its id is kept. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn drop_lead(&self, id: &str, reading: impl Into<Reading>) -> Result<bool, OutboxError> {
        let now = self.time(reading);
        self.review_soon();
        let found = self.query_row(
            "SELECT state IN ('sending', 'reconciling') FROM leads \
             WHERE id = ? AND state <> 'delivered' AND erased = 0 AND lead IS NOT NULL",
            params![id],
        )?;
        let Some(found) = found else {
            return Ok(false);
        };
        if found.number(0) == Some(1.0) {
            let sql = "UPDATE leads SET erased = 1, reason = ? WHERE id = ?";
            self.execute(sql, params![DROPPED, id])?;
        } else {
            self.erase_body(id, Some(DROPPED), Deletion::Dropped, self.proven(now))?;
        }
        Ok(true)
    }

    /// Erases the body of a lead, at once or as soon as its response arrives; its id is kept. Returns whether
    /// there is such a lead.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn erase(&self, id: &str, reading: impl Into<Reading>) -> Result<bool, OutboxError> {
        let now = self.time(reading);
        let known = self.query_row(
            "UPDATE leads SET erased = MAX(erased, 1) WHERE id = ? RETURNING erased",
            params![id],
        )?;
        self.review_soon();
        self.finish_erasures(now)?;
        Ok(known.is_some())
    }

    fn changed(&self, sql: &str, now: f64, id: &str) -> Result<bool, OutboxError> {
        self.review_soon();
        Ok(self.query_row(sql, params![now, self.proven(now), id])?.is_some())
    }
}

fn json(row: &Row, column: usize) -> Option<Value> {
    row.text(column).and_then(|text| serde_json::from_str(text).ok())
}
