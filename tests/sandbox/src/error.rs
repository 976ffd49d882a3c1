use std::fmt;

/// An error that prevents the sandbox from starting or from executing a command.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The port could not be bound, or the thread or runtime not started.
    Io(std::io::Error),
    /// SQLite rejected the file or a statement.
    Store(rusqlite::Error),
    /// A switch, fault or token is unknown to the sandbox.
    Invalid(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(formatter, "the sandbox cannot start: {error}"),
            Self::Store(error) => write!(formatter, "the sandbox's database: {error}"),
            Self::Invalid(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Invalid(_) => None,
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Invalid(error.to_string())
    }
}
