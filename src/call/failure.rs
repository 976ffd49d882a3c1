//! The codes of failed calls. The facade turns them into messages for JavaScript, and
//! [`crate::client::error`] for Rust.

use crate::call::transport::{Outcome, TransportError};
use crate::request::validate::Issue;
use alloc::boxed::Box;
use alloc::vec::Vec;

macro_rules! codes {
    ($(#[doc = $message:literal] $code:ident $name:literal;)*) => {
        /// The code of a failed call. Each is documented by its message: what the request did, or, beginning
        /// with a capital letter, what follows `failed with` and the status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $(#[doc = $message] $code,)*
        }

        /// The name and the message of every code, in order.
        #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
        pub static ERROR_CODES: &[(ErrorCode, &str, &str)] = &[$((ErrorCode::$code, $name, $message)),*];
    };
}

codes! {
    #[doc = "has invalid input"]
    Validation "validation";
    #[doc = "was aborted"]
    Abort "abort";
    #[doc = "returned an unexpected response"]
    Response "response";
    #[doc = "could not be confirmed"]
    Inconclusive "inconclusive";
    #[doc = "got no response: network or CORS"]
    Connection "connection";
    #[doc = "timed out"]
    Timeout "timeout";
    #[doc = "timed out overall"]
    TotalTimeout "total_timeout";
    #[doc = "waited too long in the rate limiter"]
    QueueTimeout "queue_timeout";
    #[doc = "Bad Request"]
    BadRequest "bad_request";
    #[doc = "Unauthorized"]
    Authentication "authentication";
    #[doc = "Forbidden"]
    PermissionDenied "permission_denied";
    #[doc = "Not Found: no such record or path"]
    NotFound "not_found";
    #[doc = "Conflict"]
    Conflict "conflict";
    #[doc = "Unprocessable Content"]
    UnprocessableEntity "unprocessable_entity";
    #[doc = "Too Many Requests"]
    RateLimit "rate_limit";
    #[doc = "Server Error"]
    ServerError "server_error";
    #[doc = "Redirect"]
    Redirect "redirect";
    #[doc = "Error"]
    Api "api";
}

impl ErrorCode {
    /// The code of an outcome that is not the expected one.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Error { error, .. } => match error {
                TransportError::Connection => Self::Connection,
                TransportError::Timeout => Self::Timeout,
                TransportError::Aborted => Self::Abort,
                TransportError::Token => Self::Authentication,
            },
            Outcome::Status(status) => match status {
                200..=299 => Self::Response,
                400 => Self::BadRequest,
                401 => Self::Authentication,
                403 => Self::PermissionDenied,
                404 => Self::NotFound,
                409 => Self::Conflict,
                422 => Self::UnprocessableEntity,
                429 => Self::RateLimit,
                500..=599 => Self::ServerError,
                0 | 300..=399 => Self::Redirect,
                _ => Self::Api,
            },
        }
    }
}

/// Why a call failed.
#[derive(Clone, Debug)]
pub struct Failure<R> {
    /// The code.
    pub code: ErrorCode,
    /// How often the request was sent.
    pub attempts: u32,
    /// Whether the CRM may have processed the request although no response confirms it.
    pub ambiguous: bool,
    /// The wait that the CRM requested with `retry-after`, in milliseconds.
    pub retry_after: Option<f64>,
    /// The issues of the input.
    pub issues: Vec<Issue>,
    /// The response, or the transport error, that caused it.
    pub response: Option<R>,
    /// The failure that caused this one.
    pub cause: Option<Box<Self>>,
}

impl<R> Failure<R> {
    pub(crate) fn new(code: ErrorCode, response: Option<R>) -> Box<Self> {
        Box::new(Self {
            code,
            attempts: 0,
            ambiguous: false,
            retry_after: None,
            issues: Vec::new(),
            response,
            cause: None,
        })
    }
}
