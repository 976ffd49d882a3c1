//! The store: a SQLite database behind one function.

use alloc::string::String;
use alloc::vec::Vec;

/// A SQLite database. What is asked of it is the dialect that every SQLite here has in common:
/// no PRAGMA, no transaction, parameters as plain `?`, no more than 100 of them, every number a
/// double, and no two columns of an answer with one name: some stores give rows as objects.
pub trait Store {
    /// Runs one statement and gives its rows.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach. Whether the statement was carried out is then not known.
    fn exec(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Unavailable>;
}

/// The store is out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

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
