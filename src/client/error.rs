//! Errors as Rust callers get them, in words that hold no secret and no personal data.

use crate::call::failure::{CODES, Code, Failure};
use crate::call::transport::{Answer, Body, Outcome};
use crate::json::value::Json as _;
use crate::request::validate::Issue;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// What kind of error it is; each is a class in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was to be sent is refused; nothing was sent.
    Validation,
    /// The caller gave up.
    Abort,
    /// A success that is not what was promised.
    Response,
    /// The connection failed.
    Connection,
    /// One of the three clocks ran out.
    Timeout,
    /// The CRM answered with a status other than success, or the client knows it would.
    Api,
}

/// An error of the client.
#[derive(Clone, Debug)]
pub struct Error {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// A word to switch on, as in `rate_limit` or `total_timeout`.
    pub code: &'static str,
    /// What happened: the operation, the route's template, the status; nothing that was sent or
    /// received.
    pub message: String,
    /// The operation, as in `leads.create`.
    pub operation: String,
    /// How often the request was sent.
    pub attempts: u32,
    /// Whether the CRM may have acted though no answer came.
    pub ambiguous: bool,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The CRM's id of the request.
    pub request_id: Option<String>,
    /// How long the CRM asks to wait, in milliseconds.
    pub retry_after: Option<f64>,
    /// What is wrong with what was to be sent.
    pub issues: Vec<Issue>,
    /// The body of the answer as JSON text. It may hold personal data: print it with care.
    pub body: Option<String>,
    /// The error behind this one.
    pub cause: Option<Box<Error>>,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl Error {
    /// The failure of an operation in words.
    pub(crate) fn of<A: Answer>(failure: Failure<A>, operation: &str, route: &str) -> Self {
        let Failure { code, attempts, ambiguous, retry_after, issues, answer, cause } = failure;
        let status = answer.as_ref().and_then(|answer| match answer.outcome() {
            Outcome::Status(status) => Some(status),
            Outcome::Fault { .. } => None,
        });
        Self {
            attempts,
            ambiguous,
            request_id: answer.as_ref().and_then(Answer::request_id),
            retry_after,
            body: answer.and_then(|answer| match answer.body() {
                Body::Json(value) => Some(value.print()),
                _ => None,
            }),
            cause: cause.map(|cause| Box::new(Self::of(*cause, operation, route))),
            ..Self::new(code, operation, route, status, issues)
        }
    }

    /// What is to be sent is refused.
    pub(crate) fn refused(operation: &str, issues: Vec<Issue>) -> Self {
        Self::new(Code::Validation, operation, "the call", None, issues)
    }

    fn new(
        code: Code,
        operation: &str,
        route: &str,
        status: Option<u16>,
        issues: Vec<Issue>,
    ) -> Self {
        let (name, said) = CODES
            .iter()
            .find(|(known, ..)| *known == code)
            .map_or(("api", ""), |&(_, name, said)| (name, said));
        let mut message = [operation, ": ", route, " ", said].concat();
        if let Some(status) = status {
            message.push_str(&[" (", &status.to_string(), ")"].concat());
        }
        for (index, issue) in issues.iter().enumerate() {
            message.push_str(if index == 0 { ": " } else { "; " });
            message.push_str(&issue.to_string());
        }
        Self {
            kind: kind(code),
            code: name,
            message,
            operation: operation.into(),
            attempts: 0,
            ambiguous: false,
            status,
            request_id: None,
            retry_after: None,
            issues,
            body: None,
            cause: None,
        }
    }
}

const fn kind(code: Code) -> ErrorKind {
    match code {
        Code::Validation => ErrorKind::Validation,
        Code::Abort => ErrorKind::Abort,
        Code::Response | Code::Inconclusive => ErrorKind::Response,
        Code::Connection => ErrorKind::Connection,
        Code::Timeout | Code::TotalTimeout | Code::QueueTimeout => ErrorKind::Timeout,
        _ => ErrorKind::Api,
    }
}
