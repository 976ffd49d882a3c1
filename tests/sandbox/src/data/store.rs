//! Records in SQLite: one table, with each record as JSON text.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde_json::value::RawValue;

use super::defaults::Created;
use super::record::Record;
use super::resource::Resource;
use crate::api::listing::Listing;

type Outcome<T> = Result<T, rusqlite::Error>;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS records (
        resource TEXT NOT NULL,
        number INTEGER NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        deleted INTEGER NOT NULL DEFAULT 0,
        visible_at INTEGER NOT NULL,
        PRIMARY KEY (resource, number)
    );
    CREATE UNIQUE INDEX IF NOT EXISTS records_by_id ON records (resource, id);
";

#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(SCHEMA)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection })
    }

    /// Stores one record for each element of `sent`, all or none.
    pub(crate) fn create(
        &mut self,
        resource: Resource,
        visible_at: u64,
        sent: impl IntoIterator<Item = Record>,
        build: impl Fn(Record, u64) -> Created,
    ) -> Outcome<Vec<Record>> {
        let transaction = self.connection.transaction()?;
        let mut number: u64 = transaction.query_one(
            "SELECT coalesce(max(number), 0) FROM records WHERE resource = ?1",
            [resource.name()],
            |row| row.get(0),
        )?;
        let mut records = Vec::new();
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO records (resource, number, id, body, visible_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for fields in sent {
                number += 1;
                let Created { id, record } = build(fields, number);
                insert.execute(params![
                    resource.name(),
                    number,
                    id,
                    record.to_text(),
                    visible_at
                ])?;
                records.push(record);
            }
        }
        transaction.commit()?;
        Ok(records)
    }

    pub(crate) fn get(&self, resource: Resource, id: &str) -> Outcome<Option<Record>> {
        self.connection
            .prepare_cached(
                "SELECT body FROM records WHERE resource = ?1 AND id = ?2 AND deleted = 0",
            )?
            .query_row([resource.name(), id], record)
            .optional()
    }

    /// Stores a changed record; `deleted` hides it from the API permanently.
    pub(crate) fn put(
        &self,
        resource: Resource,
        id: &str,
        record: &Record,
        deleted: bool,
    ) -> Outcome<()> {
        self.connection
            .prepare_cached(
                "UPDATE records SET body = ?3, deleted = ?4 WHERE resource = ?1 AND id = ?2",
            )?
            .execute(params![resource.name(), id, record.to_text(), deleted])?;
        Ok(())
    }

    pub(crate) fn list(
        &self,
        resource: Resource,
        listing: &Listing,
    ) -> Outcome<Vec<Box<RawValue>>> {
        let (sql, parameters) = listing.page_query(resource);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(parameters), raw)?;
        rows.collect()
    }

    pub(crate) fn total(&self, resource: Resource, listing: &Listing) -> Outcome<u64> {
        let (sql, parameters) = listing.total_query(resource);
        self.connection
            .prepare_cached(&sql)?
            .query_row(params_from_iter(parameters), |row| row.get(0))
    }

    /// Every record, oldest first; with `newest` the last ones, newest first.
    pub(crate) fn all(
        &self,
        resource: Resource,
        deleted: bool,
        newest: Option<u32>,
    ) -> Outcome<Vec<Record>> {
        let direction = if newest.is_some() { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT body FROM records WHERE resource = ?1 AND deleted <= ?2
             ORDER BY number {direction} LIMIT ?3"
        );
        // In SQLite a negative limit means no limit.
        let limit = newest.map_or(-1, i64::from);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![resource.name(), deleted, limit], record)?;
        rows.collect()
    }

    /// The number of records, and the number of deleted ones.
    pub(crate) fn count(&self, resource: Resource) -> Outcome<(u64, u64)> {
        self.connection.query_row(
            "SELECT count(*) - coalesce(sum(deleted), 0), coalesce(sum(deleted), 0)
             FROM records WHERE resource = ?1",
            [resource.name()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    pub(crate) fn clear(&self) -> Outcome<()> {
        self.connection.execute("DELETE FROM records", [])?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> Outcome<Record> {
    parsed(row, Record::parse)
}

fn raw(row: &Row<'_>) -> Outcome<Box<RawValue>> {
    parsed(row, |text| RawValue::from_string(text.to_owned()))
}

fn parsed<T>(row: &Row<'_>, parse: fn(&str) -> Result<T, serde_json::Error>) -> Outcome<T> {
    let text = row.get_ref(0)?.as_str()?;
    parse(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}
