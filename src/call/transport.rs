//! What the core asks of the platform it runs on: an exchange, a clock, a timer, a die.
//!
//! For wasm32 the crate ships a transport; native callers bring one, as the tests do.

use crate::json::value::Json;
use crate::request::endpoint::Method;
use crate::request::validate::Issue;
use crate::text::http_date::http_date;
use crate::text::http_date::retry_after;
use crate::text::timestamp::timestamp;
use alloc::string::String;
use core::fmt::Debug;
use core::future::Future;

/// One HTTP exchange to be made.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: Method,
    /// The path's template, as in `/leads/{id}`: what logs and hooks may show.
    pub route: &'a str,
    /// The path and query below the base URL, ready for the wire.
    pub target: &'a str,
    /// The JSON body.
    pub body: Option<&'a str>,
    /// Which attempt of its call this is, from 1.
    pub attempt: u32,
    /// How long it may take in milliseconds, from asking for the token to the body's last byte;
    /// infinite where there is no bound.
    pub timeout: f64,
    /// The number of the token that was refused, where a token function is to be asked anew.
    pub refused: Option<u32>,
}

/// What became of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer with this status; 0 where a browser hides that of a redirect.
    Status(u16),
    /// No answer, or none that could be read to its end.
    Fault {
        /// Why.
        fault: Fault,
        /// Whether the request had left by then.
        sent: bool,
    },
}

/// Why an exchange has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection failed.
    Connection,
    /// The time was up.
    Timeout,
    /// The caller gave up.
    Aborted,
    /// The token function threw, rejected, or gave no token.
    Token,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Body<V> {
    /// No bytes, or white space alone.
    Empty,
    /// JSON.
    Json(V),
    /// Anything else.
    Unreadable,
}

/// An answer, or the trace of there being none.
pub trait Answer: Clone + Debug {
    /// The platform's JSON values.
    type Value: Json;

    /// What became of the exchange.
    fn outcome(&self) -> Outcome;
    /// The body; [`Body::Empty`] where there is no answer.
    fn body(&self) -> Body<Self::Value>;
    /// The wait that the `retry-after` header asks for, in milliseconds: see
    /// [`retry_after`](crate::text::http_date::retry_after).
    fn retry_after(&self) -> Option<f64>;
    /// The `date` header in milliseconds since 1970: the only clock that what the CRM says of times
    /// can be read by.
    fn date(&self) -> Option<f64>;
    /// The `x-request-id` header, else `cf-ray`.
    fn request_id(&self) -> Option<String>;
    /// The number of the token that was sent; counts from 1, 0 where it is not of a function.
    fn token(&self) -> u32;
}

/// An answer as plain data, for a transport whose platform has no object of its own to pass on.
#[derive(Clone, Debug)]
pub struct Fetched<V> {
    /// What became of the exchange.
    pub outcome: Outcome,
    /// The body; [`Body::Empty`] where there is no answer.
    pub body: Body<V>,
    /// The `retry-after` header.
    pub retry_after: Option<String>,
    /// The `date` header.
    pub date: Option<String>,
    /// The `x-request-id` header, else `cf-ray`.
    pub request_id: Option<String>,
    /// The number of the token that was sent; 0 where it is not of a function.
    pub token: u32,
}

impl<V> Fetched<V> {
    /// An answer of which nothing but its outcome is known yet.
    #[must_use]
    pub const fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            body: Body::Empty,
            retry_after: None,
            date: None,
            request_id: None,
            token: 0,
        }
    }

    /// The trace of there being no answer.
    #[must_use]
    pub const fn fault(fault: Fault, sent: bool) -> Self {
        Self::new(Outcome::Fault { fault, sent })
    }
}

impl<V: Json> Answer for Fetched<V> {
    type Value = V;

    fn outcome(&self) -> Outcome {
        self.outcome
    }

    fn body(&self) -> Body<V> {
        self.body.clone()
    }

    fn retry_after(&self) -> Option<f64> {
        retry_after(self.retry_after.as_ref()?, Answer::date(self))
    }

    fn date(&self) -> Option<f64> {
        http_date(self.date.as_ref()?)
    }

    fn request_id(&self) -> Option<String> {
        self.request_id.clone()
    }

    fn token(&self) -> u32 {
        self.token
    }
}

/// The platform: its answers, its clocks and its die.
pub trait Platform {
    /// Its answers.
    type Answer: Answer;

    /// Milliseconds on a monotonic clock, from any beginning: whatever is done to the machine's
    /// date, this goes on as time does. All waits and bounds of a call are measured by it.
    fn now(&self) -> f64;
    /// Milliseconds since 1970, for times that outlive the process: the outbox's. The machine's
    /// date may jump at any moment, ahead and back.
    fn wall_clock(&self) -> f64;
    /// A number from 0 up to 1.
    fn random(&self) -> f64;
    /// Milliseconds since 1970 of an RFC 3339 time with its zone; NaN of anything else.
    fn timestamp(&self, text: &str) -> f64 {
        timestamp(text).unwrap_or(f64::NAN)
    }
    /// Called before a call waits: to try again, or in the limiter.
    fn waiting(&self, wait: &Wait) {
        let _ = wait;
    }
    /// Called with each warning about what is sent, before it is sent.
    fn warn(&self, issue: &Issue) {
        let _ = issue;
    }
}

/// A platform that makes exchanges and waits.
pub trait Transport: Platform {
    /// Makes one exchange. Redirects are not followed.
    fn send(&self, request: Request<'_>) -> impl Future<Output = Self::Answer>;
    /// Waits, or gives the trace of the caller having given up.
    fn sleep(&self, milliseconds: f64) -> impl Future<Output = Result<(), Self::Answer>>;
}

/// A wait of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    /// The attempt that failed, from 1; 0 for a wait in the limiter.
    pub attempt: u32,
    /// The wait in milliseconds.
    pub delay: f64,
    /// Why.
    pub reason: Reason,
}

/// Why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The answer's status.
    Status(u16),
    /// The connection failed.
    Connection,
    /// An attempt's time was up.
    Timeout,
    /// A create's answer was lost: the CRM is asked whether it has the lead.
    Reconcile,
    /// The limiter holds the call back.
    RateLimit,
}
