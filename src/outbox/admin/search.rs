//! Lists, searches and exports of leads.

use crate::outbox::contract::{LeadDetail, LeadEntry, LeadPage, LeadQuery};
use crate::outbox::store::{Row, SqlValue, Store};
use crate::outbox::{Outbox, OutboxError};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// The default number of leads on a page.
pub const DEFAULT_PAGE_SIZE: f64 = 50.0;
/// The maximum number of leads on a page.
pub const MAX_PAGE_SIZE: f64 = 200.0;

/// Conditions on any text in a lead, in the event of a source, or in a later body under its id. The
/// lead of an event that is not mapped yet is empty, which is not JSON.
const IN_ANY_TEXT: [&str; 4] = [
    " AND (EXISTS (SELECT 1 FROM json_tree(NULLIF(leads.lead, '')) AS node WHERE node.type = 'text' AND ",
    ") OR EXISTS (SELECT 1 FROM json_tree(CASE WHEN json_valid(leads.event) THEN leads.event END) AS node \
     WHERE node.type = 'text' AND ",
    ") OR EXISTS (SELECT 1 FROM revisions, json_tree(revisions.lead) AS node \
     WHERE revisions.id = leads.id AND node.type = 'text' AND ",
    "))",
];

/// Whether the digits of a text end with the searched ones. Only texts of characters that occur in
/// telephone numbers match.
const IS_PHONE: &str = "node.value NOT GLOB '*[^-0-9+ ().]*' AND replace(replace(replace(replace(\
                        replace(replace(node.value, '+', ''), ' ', ''), '-', ''), '(', ''), ')', \
                        ''), '.', '') LIKE ?";

const IS_EMAIL: &str = "lower(node.value) = lower(?)";

impl<S: Store> Outbox<S> {
    /// The leads that match a query, newest first, without their bodies.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn list(&self, query: &LeadQuery) -> Result<LeadPage<LeadEntry>, OutboxError> {
        let (rows, next) = self.matching(query, "")?;
        let entry = |row: &Row| LeadEntry::read(row, self.date_offsets());
        let entries = rows.iter().map(entry).collect::<Result<_, _>>()?;
        Ok(LeadPage { entries, next })
    }

    /// Like [`list`](Self::list), with bodies, for an export.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn export(&self, query: &LeadQuery) -> Result<LeadPage<LeadDetail>, OutboxError> {
        let (rows, next) =
            self.matching(query, ", lead, custom, dropped, warnings, response, origin, event")?;
        let detail = |row: &Row| LeadDetail::read(row, self.date_offsets(), 14);
        let entries = rows.iter().map(detail).collect::<Result<_, _>>()?;
        Ok(LeadPage { entries, next })
    }

    /// The rows that match a query, and the `after` of the next ones.
    fn matching(
        &self,
        query: &LeadQuery,
        more: &str,
    ) -> Result<(Vec<Row>, Option<String>), OutboxError> {
        let limit = query
            .limit
            .filter(|limit| *limit >= 1.0)
            .unwrap_or(DEFAULT_PAGE_SIZE)
            .min(MAX_PAGE_SIZE) as u32;
        let after = query.after.as_ref().and_then(|after| after.parse::<u32>().ok());
        let [_, date_offsets] = self.date_offsets();
        let mut sql =
            ["SELECT ", LeadEntry::COLUMNS, ", seq", more, " FROM leads WHERE seq < ?"].concat();
        let mut params: Vec<SqlValue> = Vec::from([after.map_or(9e15, f64::from).into()]);
        let mut add = |condition: &str, value: SqlValue| {
            sql.push_str(condition);
            for _ in condition.matches('?') {
                params.push(value.clone());
            }
        };
        if let Some(id) = &query.submission_id {
            add(" AND id = ?", id.as_str().into());
        }
        if let Some(state) = query.state {
            add(" AND state = ?", state.name().into());
        }
        if let Some(reason) = &query.reason {
            add(" AND reason = ?", reason.as_str().into());
        }
        if let Some(from) = query.from {
            add(" AND created_at >= ?", (from - date_offsets).into());
        }
        if let Some(to) = query.to {
            add(" AND created_at <= ?", (to - date_offsets).into());
        }
        let in_any_text = |condition| {
            let [lead, event, revision, end] = IN_ANY_TEXT;
            [lead, condition, event, condition, revision, condition, end].concat()
        };
        if let Some(phone) = &query.phone {
            let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
            // A national number begins with a zero that the international one does not have.
            let digits = ["%", digits.trim_start_matches('0')].concat();
            add(&in_any_text(IS_PHONE), digits.into());
        }
        if let Some(email) = &query.email {
            add(&in_any_text(IS_EMAIL), email.trim().into());
        }
        sql.push_str(" ORDER BY seq DESC LIMIT ?");
        params.push(limit.into());
        let rows = self.execute(&sql, &params)?;
        let next = rows.last().filter(|_| rows.len() as u32 == limit);
        let next = next.map(|row| row.count(13).to_string());
        Ok((rows, next))
    }

    /// One lead with its body.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn inspect(&self, id: &str) -> Result<Option<LeadDetail>, OutboxError> {
        let query = LeadQuery { submission_id: Some(id.into()), ..LeadQuery::default() };
        let Some(mut lead) = self.export(&query)?.entries.pop() else {
            return Ok(None);
        };
        lead.revisions = self.revisions(id)?;
        Ok(Some(lead))
    }
}
