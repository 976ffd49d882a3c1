//! Decides what to do next for the sources and claims it.

use super::accounts::Account;
use super::{BackfillForm, LEASE, SourceSettings};
use crate::outbox::clock::Reading;
use crate::outbox::contract::{ClaimedEvent, HoldReason, SourceJob, SourceStep, parse_marks};
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use crate::text::decimal;
use alloc::string::String;
use alloc::vec::Vec;

/// The number of events per mapping.
const MAP_BATCH_SIZE: usize = 20;

/// How often mapping an event may crash the process.
const MAX_CRASHES: u32 = 3;

/// The maximum number of concurrent fetches of an account.
const MAX_FETCHES: u32 = 2;

/// The columns of a claimed event.
const CLAIMED: &str = "id, claim, source, account, event, marks, created_at";

impl<S: Store> Outbox<S> {
    /// Claims the next job for the sources, or returns when to call again. `may_fetch`: whether the host can send
    /// another request.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn next_source(
        &self,
        may_fetch: bool,
        reading: impl Into<Reading>,
    ) -> Result<SourceStep, OutboxError> {
        let now = self.time(reading);
        let mut wake = f64::INFINITY;
        let events = self.claim_mappings(now, &mut wake)?;
        if !events.is_empty() {
            return Ok(SourceStep::Job(SourceJob::Map { events }));
        }
        let sources = if may_fetch { self.settings.sources.as_slice() } else { &[] };
        for source in sources {
            if let Some(event) = self.claim_fetch(source, now, &mut wake)? {
                return Ok(SourceStep::Job(SourceJob::Fetch { event }));
            }
            for form in &source.backfill {
                if let Some(job) = self.claim_backfill(source, form, now, &mut wake)? {
                    return Ok(SourceStep::Job(job));
                }
            }
        }
        Ok(SourceStep::Wait(self.to_host_clock(wake)))
    }

    /// Claims events to be mapped. The claim is stored first, with the number of mappings that have
    /// not returned: an option `map` that never returns, or that exhausts the memory, must not
    /// block the other events.
    fn claim_mappings(
        &self,
        now: f64,
        wake: &mut f64,
    ) -> Result<Vec<ClaimedEvent>, StoreUnavailable> {
        let due = self.execute(
            "SELECT seq, failures, id, next_at FROM leads \
             WHERE state = 'fetching' AND thin = 0 ORDER BY next_at LIMIT ?",
            params![MAP_BATCH_SIZE as u32],
        )?;
        let mut batch = Vec::new();
        for row in &due {
            let (failures, at) = (row.count(1), row.number(3).unwrap_or(now));
            if at > now {
                *wake = wake.min(at);
                break;
            }
            if failures >= MAX_CRASHES {
                self.hold_event(row.text(2).unwrap_or_default(), HoldReason::MapCrashed, now)?;
                continue;
            }
            // An event that crashed a process is mapped alone.
            if failures > 0 && !batch.is_empty() {
                break;
            }
            batch.push(decimal(row.count(0)));
            if failures > 0 {
                break;
            }
        }
        if batch.is_empty() {
            // Held events left space in the batch: claim again at once.
            if wake.is_infinite() && !due.is_empty() {
                *wake = now;
            }
            return Ok(Vec::new());
        }
        let sql = [
            "UPDATE leads SET claim = claim + 1, failures = failures + 1, leased = 1, next_at = ? \
             WHERE seq IN (",
            &batch.join(","),
            ") RETURNING ",
            CLAIMED,
        ];
        let rows = self.execute(&sql.concat(), params![now + LEASE])?;
        Ok(rows.iter().filter_map(|row| self.claimed_event(row)).collect())
    }

    /// Claims a thin event of a source.
    fn claim_fetch(
        &self,
        source: &SourceSettings,
        now: f64,
        wake: &mut f64,
    ) -> Result<Option<ClaimedEvent>, StoreUnavailable> {
        let name = source.name.as_str();
        let mut next = self.earliest_thin_event(name, None)?;
        while let Some((account, event_at)) = next {
            next = self.earliest_thin_event(name, Some(&account))?;
            let account = self.account(name, &account)?;
            let due_at = event_at.max(account.open_at());
            if due_at > now {
                *wake = wake.min(due_at);
                continue;
            }
            let max = if account.pause_reason.is_some() { 1 } else { MAX_FETCHES };
            // The end of a fetch triggers the next call.
            if self.count_fetches(&account, now)? >= max {
                continue;
            }
            if let Err(at) = self.take_fetch_token(&account, now) {
                *wake = wake.min(at);
                continue;
            }
            let sql = [
                "UPDATE leads SET claim = claim + 1, leased = 1, next_at = ? WHERE seq = \
                 (SELECT seq FROM leads WHERE state = 'fetching' AND thin = 1 AND source = ? AND account = ? \
                 AND next_at <= ? ORDER BY next_at LIMIT 1) RETURNING ",
                CLAIMED,
            ];
            let claimed = self
                .query_row(&sql.concat(), params![now + LEASE, name, account.name.as_str(), now])?;
            if let Some(event) = claimed.as_ref().and_then(|row| self.claimed_event(row)) {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The first account of a source after another one that has thin events, and when the earliest of them is due.
    /// One row of the index per account: thousands of events may wait for a token.
    fn earliest_thin_event(
        &self,
        source: &str,
        after: Option<&str>,
    ) -> Result<Option<(String, f64)>, StoreUnavailable> {
        let sql = [
            "SELECT account, next_at FROM leads WHERE state = 'fetching' AND thin = 1 AND source = ? \
             AND account ",
            if after.is_some() { ">" } else { ">=" },
            " ? ORDER BY account, next_at LIMIT 1",
        ];
        let row = self.query_row(&sql.concat(), params![source, after.unwrap_or_default()])?;
        Ok(row.and_then(|row| Some((row.text(0)?.into(), row.number(1)?))))
    }

    /// The number of an account's fetches under way. Their events are due when their claims expire.
    fn count_fetches(&self, account: &Account, now: f64) -> Result<u32, StoreUnavailable> {
        let row = self.query_row(
            "SELECT COUNT(*) FROM leads WHERE state = 'fetching' AND thin = 1 AND source = ? \
             AND account = ? AND next_at > ? AND next_at <= ? AND leased = 1",
            params![account.source.as_str(), account.name.as_str(), now, now + LEASE],
        )?;
        Ok(row.map_or(0, |row| row.count(0)))
    }

    /// Claims a page of a form's leads.
    fn claim_backfill(
        &self,
        source: &SourceSettings,
        form: &BackfillForm,
        now: f64,
        wake: &mut f64,
    ) -> Result<Option<SourceJob>, StoreUnavailable> {
        let account: Account = self.account(&source.name, &form.account)?;
        let due_at = self.backfill_due(source, form, now)?.max(account.open_at());
        // A fetch is a better trial: a form may have no leads.
        let waits = account.pause_reason.is_some() && self.has_thin_event(&account)?;
        if due_at > now || waits {
            *wake = wake.min(if waits { f64::INFINITY } else { due_at });
            return Ok(None);
        }
        if let Err(at) = self.take_fetch_token(&account, now) {
            *wake = wake.min(at);
            return Ok(None);
        }
        self.start_backfill(source, form, now).map(Some)
    }

    fn has_thin_event(&self, account: &Account) -> Result<bool, StoreUnavailable> {
        let row = self.query_row(
            "SELECT 1 FROM leads WHERE state = 'fetching' AND thin = 1 AND source = ? AND account = ? LIMIT 1",
            params![account.source.as_str(), account.name.as_str()],
        )?;
        Ok(row.is_some())
    }

    fn claimed_event(&self, row: &Row) -> Option<ClaimedEvent> {
        let text = |column| row.text(column).map(String::from);
        let [_, date_offsets] = self.date_offsets();
        Some(ClaimedEvent {
            id: text(0)?,
            claim: row.number(1)?,
            source: text(2)?,
            account: text(3).unwrap_or_default(),
            data: text(4)?,
            marks: parse_marks(row.text(5)),
            received_at: row.number(6)? + date_offsets,
        })
    }
}
