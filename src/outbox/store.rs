//! The store: a SQLite database behind one function.

use alloc::string::String;
use alloc::vec::Vec;

/// A SQLite database. Statements use only what all supported databases have in common: no PRAGMA, no
/// transaction, parameters as plain `?`, 100 of them at most, every number a double, and distinct
/// column names, because some databases return rows as objects.
pub trait Store {
    /// Executes one statement and returns its rows.
    ///
    /// # Errors
    ///
    /// If the store is unavailable. It is then unknown whether the statement was executed.
    fn exec(&self, sql: &str, params: &[SqlValue]) -> Result<Vec<Row>, StoreUnavailable>;
}

/// The store is unavailable, with SQLite's code, such as `SQLITE_FULL`, if the host knows one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreUnavailable(pub Option<&'static str>);

/// SQLite's primary codes. An extended code such as `SQLITE_IOERR_WRITE` is reduced to its primary
/// code.
const SQLITE_CODES: [&str; 24] = [
    "SQLITE_ABORT",
    "SQLITE_AUTH",
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_CONSTRAINT",
    "SQLITE_CORRUPT",
    "SQLITE_ERROR",
    "SQLITE_FULL",
    "SQLITE_INTERNAL",
    "SQLITE_INTERRUPT",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_MISMATCH",
    "SQLITE_MISUSE",
    "SQLITE_NOLFS",
    "SQLITE_NOMEM",
    "SQLITE_NOTADB",
    "SQLITE_NOTFOUND",
    "SQLITE_PERM",
    "SQLITE_PROTOCOL",
    "SQLITE_RANGE",
    "SQLITE_READONLY",
    "SQLITE_SCHEMA",
    "SQLITE_TOOBIG",
];

impl StoreUnavailable {
    /// With the code that a text contains. The rest of the text is not kept, because it may contain
    /// personal data.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(SQLITE_CODES.into_iter().find(|code| text.contains(code)))
    }
}

/// A value in a row or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue {
    /// `NULL`
    Null,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// One row of a result.
#[derive(Clone, Debug, Default)]
pub struct Row(pub Vec<SqlValue>);

impl Row {
    /// The text in this column, if it is text.
    #[must_use]
    pub fn text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(SqlValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number in this column, if it is a number.
    #[must_use]
    pub fn number(&self, column: usize) -> Option<f64> {
        match self.0.get(column) {
            Some(SqlValue::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The number in this column as a count; 0 if it is not a number.
    #[must_use]
    pub fn count(&self, column: usize) -> u32 {
        self.number(column).unwrap_or(0.0) as u32
    }
}

impl From<f64> for SqlValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for SqlValue {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for SqlValue {
    fn from(flag: bool) -> Self {
        Self::Number(flag.into())
    }
}

impl From<&str> for SqlValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for SqlValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for SqlValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::outbox::store::SqlValue::from($value)),*] };
}
pub(crate) use params;
