//! The codes of failed calls. The facade turns them into messages for JavaScript, and
//! [`crate::client::error`] for Rust.

use crate::call::transport::{Fault, Outcome};
use crate::request::validate::Issue;
use alloc::boxed::Box;
use alloc::vec::Vec;

macro_rules! codes {
    ($(#[doc = $said:literal] $code:ident $name:literal;)*) => {
        /// What went wrong. The documentation of each is what it says in words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $said] $code,)*
        }

        /// Every code's name and words, in order.
        #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
        pub static CODES: &[(Code, &str, &str)] = &[$((Code::$code, $name, $said)),*];
    };
}

codes! {
    #[doc = "is invalid"]
    Validation "validation";
    #[doc = "was aborted"]
    Abort "abort";
    #[doc = "gave an unexpected response"]
    Response "response";
    #[doc = "is inconclusive"]
    Inconclusive "inconclusive";
    #[doc = "got no answer: network or CORS"]
    Connection "connection";
    #[doc = "timed out"]
    Timeout "timeout";
    #[doc = "timed out in all"]
    TotalTimeout "total_timeout";
    #[doc = "waited too long in the limiter"]
    QueueTimeout "queue_timeout";
    #[doc = "is a bad request"]
    BadRequest "bad_request";
    #[doc = "is not authenticated"]
    Authentication "authentication";
    #[doc = "is not permitted"]
    PermissionDenied "permission_denied";
    #[doc = "found nothing there"]
    NotFound "not_found";
    #[doc = "conflicts"]
    Conflict "conflict";
    #[doc = "is unprocessable"]
    UnprocessableEntity "unprocessable_entity";
    #[doc = "met the rate limit"]
    RateLimit "rate_limit";
    #[doc = "failed in the CRM"]
    ServerError "server_error";
    #[doc = "was redirected"]
    Redirect "redirect";
    #[doc = "is refused"]
    Api "api";
}

impl Code {
    /// The code of an outcome that is not the promised one.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Fault { fault, .. } => match fault {
                Fault::Connection => Self::Connection,
                Fault::Timeout => Self::Timeout,
                Fault::Aborted => Self::Abort,
                Fault::Token => Self::Authentication,
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
pub struct Failure<A> {
    /// What went wrong.
    pub code: Code,
    /// How often the request was sent.
    pub attempts: u32,
    /// Whether the CRM may have acted though no answer came.
    pub ambiguous: bool,
    /// How long the CRM asks to wait, in milliseconds.
    pub retry_after: Option<f64>,
    /// What is wrong with what was to be sent.
    pub issues: Vec<Issue>,
    /// The answer it is about, or the trace of there being none.
    pub answer: Option<A>,
    /// The failure behind this one.
    pub cause: Option<Box<Self>>,
}

impl<A> Failure<A> {
    pub(crate) fn new(code: Code, answer: Option<A>) -> Box<Self> {
        Box::new(Self {
            code,
            attempts: 0,
            ambiguous: false,
            retry_after: None,
            issues: Vec::new(),
            answer,
            cause: None,
        })
    }
}
