//! What somebody who runs the forwarder sees and does.

use super::contract::{Detail, Entry, Health, Listed, Query, Revision, State};
use super::store::{Row, Store, params};
use super::{Error, Outbox};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// How many leads a list has if nothing is said, and how many at most.
const PAGE: f64 = 100.0;
const LONGEST_PAGE: f64 = 1_000.0;

impl<S: Store> Outbox<S> {
    /// How the outbox is.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn health(&self, now: f64) -> Result<Health, Error> {
        let facts = self.facts()?;
        let (backlog, oldest) = self.backlog()?;
        Ok(Health {
            backlog,
            oldest_age_ms: oldest.map(|oldest| (now - oldest).max(0.0)),
            parked: facts.parked.map_or(Value::Bool(false), Value::String),
            reconcile: match facts.reconcile.as_deref() {
                Some("available") => "available",
                Some(_) => "unavailable",
                None => "unknown",
            },
        })
    }

    /// Numbers to watch, by name.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn metrics(&self, now: f64) -> Result<Map<String, Value>, Error> {
        let mut metrics = Map::new();
        let mut put = |name: &str, value: f64| {
            metrics.insert(name.into(), value.into());
        };
        for name in [
            "leads_accepted_total",
            "leads_repeated_total",
            "leads_conflict_total",
            "leads_limited_total",
            "leads_done_total",
            "leads_dead_total",
            "sends_total",
            "looks_total",
        ] {
            put(name, 0.0);
        }
        // Every lead there ever was had the next number.
        let accepted = self.row("SELECT MAX(seq) FROM leads", &[])?;
        put("leads_accepted_total", accepted.and_then(|row| row.number(0)).unwrap_or(0.0));
        for row in self.exec("SELECT name, value FROM facts WHERE name LIKE '%_total'", &[])? {
            if let (Some(name), Some(value)) = (row.text(0), row.number(1)) {
                put(name, value);
            }
        }
        for state in State::ALL {
            put(&format!("leads{{state=\"{}\"}}", state.name()), 0.0);
        }
        for row in self.exec("SELECT state, COUNT(*) FROM leads GROUP BY state", &[])? {
            if let Some(state) = row.text(0).and_then(State::named) {
                put(&format!("leads{{state=\"{}\"}}", state.name()), row.count(1).into());
            }
        }
        let health = self.health(now)?;
        let [minute, hour] = self.permits_taken(now)?;
        put("backlog", health.backlog.into());
        put("oldest_age_seconds", health.oldest_age_ms.unwrap_or(0.0) / 1_000.0);
        put("parked", f64::from(u8::from(health.parked != Value::Bool(false))));
        put("reconcile_unavailable", f64::from(u8::from(health.reconcile == "unavailable")));
        put("calls{window=\"minute\"}", minute.into());
        put("calls{window=\"hour\"}", hour.into());
        Ok(metrics)
    }

    /// The leads in the outbox, newest first, without what they say.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn list(&self, query: &Query) -> Result<Listed, Error> {
        let limit = query.limit.filter(|limit| *limit >= 1.0).unwrap_or(PAGE).min(LONGEST_PAGE);
        let limit = limit as u32;
        let after = query.after.as_ref().and_then(|after| after.parse::<u32>().ok());
        let rows = self.exec(
            &format!(
                "SELECT {}, seq FROM leads WHERE seq < ? AND (? IS NULL OR state = ?) \
                 ORDER BY seq DESC LIMIT ?",
                Entry::COLUMNS
            ),
            params![
                after.map_or(9e15, f64::from),
                query.state.map(State::name),
                query.state.map(State::name),
                limit
            ],
        )?;
        let next = rows.last().filter(|_| rows.len() as u32 == limit);
        Ok(Listed {
            next: next.map(|row| row.count(11).to_string()),
            entries: rows.iter().map(Entry::read).collect::<Result<_, _>>()?,
        })
    }

    /// One lead with what it says.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn inspect(&self, id: &str) -> Result<Option<Detail>, Error> {
        let row = self.row(
            &format!(
                "SELECT {}, lead, custom, dropped, warnings FROM leads WHERE id = ?",
                Entry::COLUMNS
            ),
            params![id],
        )?;
        let Some(row) = row else {
            return Ok(None);
        };
        let revisions =
            self.exec("SELECT at, lead FROM revisions WHERE id = ? ORDER BY at", params![id])?;
        let revision =
            |row: &Row| Revision { at: row.number(0).unwrap_or(0.0), lead: json(row, 1) };
        Ok(Some(Detail {
            entry: Entry::read(&row)?,
            lead: json(&row, 11),
            custom: json(&row, 12),
            dropped: json(&row, 13),
            warnings: json(&row, 14),
            revisions: revisions.iter().map(revision).collect::<Vec<_>>(),
        }))
    }

    /// Sends a dead or held lead again; where the CRM may have it, looks first. Gives whether
    /// there was such a lead, with its body.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn replay(&self, id: &str, now: f64) -> Result<bool, Error> {
        self.changed(
            "UPDATE leads SET state = CASE WHEN reason IN ('may_not_look', 'ambiguous') \
             THEN 'unsure' ELSE 'ready' END, \
             reason = 'replayed', next_at = ?, updated_at = ?, looks = 0, failures = 0 \
             WHERE id = ? AND state IN ('dead', 'held') AND lead IS NOT NULL AND erased = 0 \
             RETURNING seq",
            now,
            id,
        )
    }

    /// Lets a lead go that is held for its challenge. Gives whether there was one.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn release(&self, id: &str, now: f64) -> Result<bool, Error> {
        self.changed(
            "UPDATE leads SET state = 'ready', reason = 'released', next_at = ?, updated_at = ? \
             WHERE id = ? AND state = 'held' AND reason = 'challenge' RETURNING seq",
            now,
            id,
        )
    }

    /// Gives up a dead or held lead: what it says goes, its id stays. Gives whether there was one.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn drop_lead(&self, id: &str, now: f64) -> Result<bool, Error> {
        let found = self.row(
            "SELECT 1 FROM leads WHERE id = ? AND state IN ('dead', 'held') AND lead IS NOT NULL",
            params![id],
        )?;
        if found.is_some() {
            self.forget(id, Some("dropped"), 0.0, now)?;
        }
        Ok(found.is_some())
    }

    /// Erases what a lead says, at once, or as soon as its answer is there; its id stays. Gives
    /// whether there is such a lead.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach.
    pub fn erase(&self, id: &str, now: f64) -> Result<bool, Error> {
        let known = self.row(
            "UPDATE leads SET erased = MAX(erased, 1) WHERE id = ? RETURNING erased",
            params![id],
        )?;
        self.finish_erasures(now)?;
        Ok(known.is_some())
    }

    fn changed(&self, sql: &str, now: f64, id: &str) -> Result<bool, Error> {
        Ok(self.row(sql, params![now, now, id])?.is_some())
    }
}

fn json(row: &Row, column: usize) -> Option<Value> {
    row.text(column).and_then(|text| serde_json::from_str(text).ok())
}
