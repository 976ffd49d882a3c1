//! The requests of operators that change leads.

use crate::outbox::clock::Reading;
use crate::outbox::contract::{BulkCommand, BulkResult, Command, CommandName};
use crate::outbox::retention::{DROPPED, Deletion};
use crate::outbox::store::{Store, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::string::String;
use alloc::vec::Vec;

/// The update of a replay. If the CRM may have the lead, it is looked up first. An event of a
/// source is mapped again.
const REPLAYED: &str = "state = CASE WHEN restored = 1 OR reason IN ('lookup_forbidden', 'ambiguous', 'unconfirmed_response', 'absence_unproven') \
                        THEN 'unconfirmed' WHEN event IS NOT NULL THEN 'fetching' ELSE 'pending' END, \
                        reason = 'replayed', next_at = ?, updated_at = ?, lookups = 0, \
                        failures = 0, refusals = 0, unconfirmed = 0, walks = 0, failed_alone = 0, \
                        failed_at = NULL, leased = 0, missing_since = NULL";

impl<S: Store> Outbox<S> {
    /// Resends a dead or held lead; if the CRM may have it, looks it up first. An event of a
    /// source, even a skipped one, is mapped again. Returns whether there was such a lead whose
    /// body is not deleted.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn replay(&self, id: &str, reading: impl Into<Reading>) -> Result<bool, OutboxError> {
        let now = self.time(reading);
        let is_replayed = self.changed(
            &[
                "UPDATE leads SET ",
                REPLAYED,
                " WHERE id = ? AND state IN ('dead', 'held', 'skipped') AND lead IS NOT NULL \
                 AND erased = 0 RETURNING seq",
            ]
            .concat(),
            now,
            id,
        )?;
        self.adopt_events(now)?;
        Ok(is_replayed)
    }

    /// Executes a command and adds it to the audit log. Returns whether the lead exists and accepts
    /// it.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn command(
        &self,
        command: &Command,
        reading: impl Into<Reading>,
    ) -> Result<bool, OutboxError> {
        let reading = reading.into();
        let Command { command: name, submission_id, token } = command;
        let is_done = self.run(*name, submission_id, reading)?;
        if is_done {
            let now = self.time(reading);
            self.enter_audit(token, name.name(), Some(submission_id), None, now)?;
        }
        Ok(is_done)
    }

    fn run(&self, name: CommandName, id: &str, reading: Reading) -> Result<bool, OutboxError> {
        match name {
            CommandName::Replay => self.replay(id, reading),
            CommandName::Release => self.release(id, reading),
            CommandName::Drop => self.drop_lead(id, reading),
            CommandName::Erase => self.erase(id, reading),
        }
    }

    /// Executes a command for all leads that became dead or held for a reason between two times,
    /// and adds it to the audit log.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn command_all(
        &self,
        command: &BulkCommand,
        reading: impl Into<Reading>,
    ) -> Result<BulkResult, OutboxError> {
        let reading = reading.into();
        let now = self.time(reading);
        let [_, date_offsets] = self.date_offsets();
        let matching = "reason = ? AND updated_at >= ? AND updated_at <= ? \
                        AND state IN ('dead', 'held', 'skipped') AND lead IS NOT NULL AND erased = 0";
        let from = command.from.map_or(0.0, |date| date - date_offsets);
        let to = command.to.map_or(9e15, |date| date - date_offsets);
        let reason = command.reason.as_str();
        let sql = ["SELECT COUNT(*) FROM leads WHERE ", matching].concat();
        let count = self.query_row(&sql, params![reason, from, to])?.map_or(0, |row| row.count(0));
        if command.count.is_some_and(|expected| expected != f64::from(count)) {
            return Ok(BulkResult { count, done: false });
        }
        let name = command.command;
        self.enter_audit(&command.token, name.name(), None, Some(count), now)?;
        if name == CommandName::Replay {
            let sql = ["UPDATE leads SET ", REPLAYED, " WHERE ", matching].concat();
            self.review_soon();
            self.execute(&sql, params![now, self.proven(now), reason, from, to])?;
            self.adopt_events(now)?;
        } else {
            let sql = ["SELECT id FROM leads WHERE ", matching].concat();
            let rows = self.execute(&sql, params![reason, from, to])?;
            let ids: Vec<String> =
                rows.iter().filter_map(|row| row.text(0).map(String::from)).collect();
            for id in ids {
                self.run(name, &id, reading)?;
            }
        }
        Ok(BulkResult { count, done: true })
    }

    /// Releases a lead that is held because of its challenge. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn release(&self, id: &str, reading: impl Into<Reading>) -> Result<bool, OutboxError> {
        let now = self.time(reading);
        self.changed(
            "UPDATE leads SET state = CASE restored WHEN 1 THEN 'unconfirmed' ELSE 'pending' END, \
             reason = 'released', next_at = ?, updated_at = ? \
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

    /// Makes the unsent leads of a restored backup unconfirmed, because they may have been sent
    /// since the backup.
    pub(in crate::outbox) fn distrust_backup(&self, now: f64) -> Result<(), OutboxError> {
        let state = self.load_state()?;
        // The confirmations in the backup precede any send since then.
        self.execute(
            "UPDATE leads SET restored = 1, confirmed_before = COALESCE(confirmed_before, ?) \
             WHERE state <> 'delivered' AND lead IS NOT NULL",
            params![state.confirmations],
        )?;
        self.execute(
            "UPDATE leads SET state = 'unconfirmed', reason = 'restored', lookups = 0, \
             next_at = ?, updated_at = ? WHERE state = 'pending' AND lead IS NOT NULL",
            params![now, self.proven(now)],
        )?;
        Ok(())
    }
}
