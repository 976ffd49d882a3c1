//! The store: SQLite, with a process that can die before or after any statement.

use icloud_ready::outbox::store::{Row, SqlValue, Store, StoreUnavailable};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ToSql, params_from_iter, types::ToSqlOutput};
use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

/// A database that survives the processes that use it.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    connection: Rc<Connection>,
    process: Rc<Process>,
}

/// One process: it stays dead once it has died.
#[derive(Debug, Default)]
struct Process {
    dead: Cell<bool>,
    /// How many statements remain until it dies, if that is set; the last one is executed if
    /// `after` is true, and its result is lost.
    statements: Cell<Option<u32>>,
    after: Cell<bool>,
}

impl Database {
    pub(crate) fn new() -> Self {
        let connection = Connection::open_in_memory().expect("a database");
        connection.set_prepared_statement_cache_capacity(64);
        Self { connection: Rc::new(connection), process: Rc::default() }
    }

    /// An existing database.
    pub(crate) fn of(sql: &str) -> Self {
        let database = Self::new();
        database.connection.execute_batch(sql).expect("the statements of a database");
        database
    }

    /// The same database for a new process.
    pub(crate) fn reopened(&self) -> Self {
        self.process.dead.set(true);
        Self { connection: Rc::clone(&self.connection), process: Rc::default() }
    }

    /// Makes the process die at a statement, before or after it.
    pub(crate) fn die_at(&self, statement: u32, after: bool) {
        self.process.statements.set(Some(statement));
        self.process.after.set(after);
    }

    /// Makes the process die now.
    pub(crate) fn die(&self) {
        self.process.dead.set(true);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.process.dead.get()
    }

    /// The rows of a statement, even if the process is dead.
    pub(crate) fn rows(&self, sql: &str, params: &[SqlValue]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let names: HashSet<&str> = statement.column_names().collect();
        assert_eq!(names.len(), columns, "columns of one name: {sql}");
        let params: Vec<Param<'_>> = params.iter().map(Param).collect();
        let rows = statement.query_map(params_from_iter(params), |row| {
            (0..columns).map(|column| row.get_ref(column).map(value)).collect::<Result<_, _>>()
        })?;
        rows.map(|row| row.map(Row)).collect()
    }

    /// The first number of a result.
    pub(crate) fn number(&self, sql: &str) -> f64 {
        self.rows(sql, &[]).unwrap().first().and_then(|row| row.number(0)).unwrap_or(f64::NAN)
    }

    /// The first column of a result, as text.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.rows(sql, &[]).unwrap();
        rows.iter().map(|row| row.text(0).unwrap_or_default().to_owned()).collect()
    }
}

impl Store for Database {
    fn exec(&self, sql: &str, params: &[SqlValue]) -> Result<Vec<Row>, StoreUnavailable> {
        let process = &self.process;
        if process.dead.get() {
            return Err(StoreUnavailable::default());
        }
        if let Some(left) = process.statements.get() {
            process.statements.set(left.checked_sub(1));
            if left == 0 {
                process.dead.set(true);
                if !process.after.get() {
                    return Err(StoreUnavailable::default());
                }
            }
        }
        let rows = self.rows(sql, params).unwrap_or_else(|error| panic!("{error}: {sql}"));
        if process.dead.get() { Err(StoreUnavailable::default()) } else { Ok(rows) }
    }
}

struct Param<'a>(&'a SqlValue);

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            SqlValue::Null => ValueRef::Null,
            SqlValue::Number(number) => ValueRef::Real(*number),
            SqlValue::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn value(value: ValueRef<'_>) -> SqlValue {
    match value {
        ValueRef::Null => SqlValue::Null,
        ValueRef::Integer(number) => SqlValue::Number(number as f64),
        ValueRef::Real(number) => SqlValue::Number(number),
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            SqlValue::Text(String::from_utf8_lossy(text).into_owned())
        }
    }
}
