//! Errors for Rust callers. They contain no secrets; only `body` may contain personal data.

use crate::call::failure::{ERROR_CODES, ErrorCode, Failure};
use crate::call::transport::{Body, Outcome, Response, duration};
use crate::json::value::Json as _;
use crate::request::validate::Issue;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is invalid. Nothing was sent.
    Validation,
    /// The caller aborted the call.
    Abort,
    /// An unexpected 2xx response, or an inconclusive lookup.
    Response,
    /// There was no response.
    Connection,
    /// One of the three timeouts elapsed: `timeout`, `total_timeout` or `queue_timeout`.
    Timeout,
    /// The CRM responded with an error status, or the limiter is closed after a 429.
    Api,
}

/// An error of the client. Its `Debug` output does not contain the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Error {
    /// The kind of error.
    pub kind: ErrorKind,
    /// The error code: `validation`, `abort`, `response`, `inconclusive`, `connection`, `timeout`, `total_timeout`,
    /// `queue_timeout`, `bad_request`, `authentication`, `permission_denied`, `not_found`, `conflict`,
    /// `unprocessable_entity`, `rate_limit`, `server_error`, `redirect` or `api`. More may be added.
    pub code: &'static str,
    /// What failed: the operation, the route template and the status. It contains nothing that was sent
    /// or received.
    pub message: String,
    /// The operation, as in `leads.create`.
    pub operation: String,
    /// How often the request was sent.
    pub attempts: u32,
    /// Whether the CRM may have processed the request although no response confirms it.
    pub ambiguous: bool,
    /// The status of the response.
    pub status: Option<u16>,
    /// The CRM's request id: `x-request-id`, or `cf-ray`.
    pub request_id: Option<String>,
    /// The wait that the CRM requested with `retry-after`.
    pub retry_after: Option<Duration>,
    /// The issues of the input.
    pub issues: Vec<Issue>,
    /// The body of the response as JSON text. It may contain personal data: do not log it.
    pub body: Option<String>,
    /// The error that caused this one.
    pub cause: Option<Box<Error>>,
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("message", &self.message)
            .field("operation", &self.operation)
            .field("attempts", &self.attempts)
            .field("ambiguous", &self.ambiguous)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("retry_after", &self.retry_after)
            .field("issues", &self.issues)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
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
    /// The error for a failure. `route`: the method and the route template.
    pub(crate) fn of<R: Response>(failure: Failure<R>, operation: &str, route: &str) -> Self {
        let Failure { code, attempts, ambiguous, retry_after, issues, response, cause } = failure;
        let status = response.as_ref().and_then(|response| match response.outcome() {
            Outcome::Status(status) => Some(status),
            Outcome::Error { .. } => None,
        });
        Self {
            attempts,
            ambiguous,
            request_id: response.as_ref().and_then(Response::request_id),
            retry_after: retry_after.map(duration),
            body: response.and_then(|response| match response.body() {
                Body::Json(value) => Some(value.print()),
                _ => None,
            }),
            cause: cause.map(|cause| Box::new(Self::of(*cause, operation, route))),
            ..Self::new(code, operation, route, status, issues)
        }
    }

    /// The error for invalid input.
    pub(crate) fn invalid(operation: &str, issues: Vec<Issue>) -> Self {
        Self::new(ErrorCode::Validation, operation, "the call", None, issues)
    }

    fn new(
        code: ErrorCode,
        operation: &str,
        route: &str,
        status: Option<u16>,
        issues: Vec<Issue>,
    ) -> Self {
        let (name, text) = ERROR_CODES
            .iter()
            .find(|(known, ..)| *known == code)
            .map_or(("api", ""), |&(_, name, text)| (name, text));
        // Only browsers have CORS.
        let is_native = cfg!(not(target_arch = "wasm32")) && code == ErrorCode::Connection;
        let text = if is_native { "got no response" } else { text };
        let status_text = status.map(|status| status.to_string());
        let failure = match (text.starts_with(char::is_uppercase), &status_text) {
            (true, Some(status)) => ["failed with ", status, " ", text].concat(),
            (true, None) => ["failed: ", text].concat(),
            (false, Some(status)) => [text, " (", status, ")"].concat(),
            (false, None) => text.to_string(),
        };
        let mut message = [operation, ": ", route, " ", &failure].concat();
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

const fn kind(code: ErrorCode) -> ErrorKind {
    match code {
        ErrorCode::Validation => ErrorKind::Validation,
        ErrorCode::Abort => ErrorKind::Abort,
        ErrorCode::Response | ErrorCode::Inconclusive => ErrorKind::Response,
        ErrorCode::Connection => ErrorKind::Connection,
        ErrorCode::Timeout | ErrorCode::TotalTimeout | ErrorCode::QueueTimeout => {
            ErrorKind::Timeout
        }
        _ => ErrorKind::Api,
    }
}
