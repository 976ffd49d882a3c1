//! The store: a SQLite database behind one function.

use alloc::string::String;
use alloc::vec::Vec;

/// A SQLite database. What is asked of it is the dialect that every SQLite here has in common:
/// no PRAGMA, no transaction, parameters as plain `?`, no more than 100 of them, every number a
/// double, and no two columns of an answer with one name: some stores give rows as objects.
pub trait Store {
    /// Runs one statement and returns its rows.
    ///
    /// # Errors
    ///
    /// If the store is unavailable. Whether the statement was carried out is then not known.
    fn exec(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreUnavailable>;
}

/// The store is unavailable; with SQLite's code, as `SQLITE_FULL`, where the host gave one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreUnavailable(pub Option<&'static str>);

/// SQLite's codes; of a longer one, as `SQLITE_IOERR_WRITE`, its beginning counts.
const CODES: [&str; 24] = [
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
    /// With the code that a text names. Nothing else of the text is kept: it may quote anything.
    #[must_use]
    pub fn because(text: &str) -> Self {
        Self(CODES.into_iter().find(|code| text.contains(code)))
    }
}

/// What a store holds in one place.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `NULL`
    Null,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// One row of an answer.
#[derive(Clone, Debug, Default)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The text in this column, if it is text.
    #[must_use]
    pub fn text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number in this column, if it is a number.
    #[must_use]
    pub fn number(&self, column: usize) -> Option<f64> {
        match self.0.get(column) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A number that counts something.
    #[must_use]
    pub fn count(&self, column: usize) -> u32 {
        self.number(column).unwrap_or(0.0) as u32
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Number(flag.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::outbox::store::Value::from($value)),*] };
}
pub(crate) use params;
