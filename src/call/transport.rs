//! What a client needs from its platform: requests, clocks, timers and random numbers.
//!
//! The crate has a transport for native programs, `ReqwestTransport`, and one for wasm32, `FetchTransport`. Another one
//! implements [`Platform`] and [`Transport`], with [`PlainResponse`] as its response.

#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
use crate::call::auth::CredentialKind;
use crate::json::value::Json;
pub use crate::request::endpoint::Method;
use crate::request::validate::Issue;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
use crate::sync::{SendOutsideWasm, SyncOutsideWasm};
use crate::text::http_date::http_date;
use crate::text::http_date::retry_after;
use crate::text::timestamp::timestamp;
use alloc::string::String;
use core::fmt::Debug;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
use core::future::Future;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
use core::time::Duration;

/// One HTTP request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: Method,
    /// The route template, as in `/leads/{id}`, which logs and hooks may show.
    pub route: &'a str,
    /// The path and query below the base URL, percent-encoded.
    pub target: &'a str,
    /// The JSON body.
    pub body: Option<&'a str>,
    /// Which attempt of its call this is, from 1.
    pub attempt: u32,
    /// How long it may take in milliseconds, from requesting the token to the last byte of the body;
    /// infinite if unlimited.
    #[allow(dead_code, reason = "a build without a transport does not read it")]
    pub(crate) timeout: f64,
    /// The number of the token that the CRM rejected, if the token function is to be called again.
    pub rejected_token: Option<u32>,
}

#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
impl Request<'_> {
    /// How long the request may take, from requesting the token to the last byte of the body; `None` if
    /// unlimited.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout.is_finite().then(|| duration(self.timeout))
    }
}

/// A number of milliseconds; the longest duration if there are too many.
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub(crate) fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds.max(0.0) / 1_000.0).unwrap_or(Duration::MAX)
}

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A response with this status; 0 for a redirect in a browser, which hides the status.
    Status(u16),
    /// No response, or one that could not be read to its end.
    Error {
        /// Why.
        error: TransportError,
        /// Whether the request may have been sent.
        sent: bool,
    },
}

/// Why a request has no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportError {
    /// The connection failed.
    Connection,
    /// The timeout elapsed.
    Timeout,
    /// The caller aborted the call.
    Aborted,
    /// The token function threw, rejected, or returned no token.
    Token,
}

/// The body of a response.
#[derive(Clone, Debug)]
pub enum Body<V> {
    /// No bytes, or only white space.
    Empty,
    /// JSON.
    Json(V),
    /// Anything else.
    NotJson,
}

/// A response, or the transport error in its place.
pub trait Response: Clone + Debug {
    /// The platform's JSON values.
    type Value: Json;

    /// The outcome of the request.
    fn outcome(&self) -> Outcome;
    /// The body; [`Body::Empty`] if there is no response.
    fn body(&self) -> Body<Self::Value>;
    /// The wait that the `retry-after` header requests, in milliseconds.
    fn retry_after(&self) -> Option<f64>;
    /// The `date` header in milliseconds since 1970: the clock by which the CRM's timestamps are read.
    fn date(&self) -> Option<f64>;
    /// The `x-request-id` header, else `cf-ray`.
    fn request_id(&self) -> Option<String>;
    /// The number of the token that was sent, from 1; 0 if no token function returned it.
    fn token(&self) -> u32;
}

/// A response as plain data, for transports without a response type of their own.
#[derive(Clone, Debug)]
pub struct PlainResponse<V> {
    /// The outcome of the request.
    pub outcome: Outcome,
    /// The body; [`Body::Empty`] if there is no response.
    pub body: Body<V>,
    /// The `retry-after` header.
    pub retry_after: Option<String>,
    /// The `date` header.
    pub date: Option<String>,
    /// The `x-request-id` header, else `cf-ray`.
    pub request_id: Option<String>,
    /// The number of the token that was sent; 0 if no token function returned it.
    pub token: u32,
}

impl<V> PlainResponse<V> {
    /// A response with an outcome, without headers and body.
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

    /// A request without a response.
    #[must_use]
    pub const fn error(error: TransportError, sent: bool) -> Self {
        Self::new(Outcome::Error { error, sent })
    }
}

impl<V: Json> Response for PlainResponse<V> {
    type Value = V;

    fn outcome(&self) -> Outcome {
        self.outcome
    }

    fn body(&self) -> Body<V> {
        self.body.clone()
    }

    fn retry_after(&self) -> Option<f64> {
        retry_after(self.retry_after.as_ref()?, Response::date(self))
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

/// A platform: its responses, clocks and random numbers.
pub trait Platform {
    /// Its responses.
    type Response: Response;

    /// Milliseconds on a monotonic clock with any origin. All waits and timeouts of a call are
    /// measured by it.
    fn now(&self) -> f64;
    /// Milliseconds since 1970, for times that are stored. This clock may jump forward and back.
    fn wall_clock(&self) -> f64;
    /// A number from 0 up to 1.
    fn random(&self) -> f64;
    /// Milliseconds since 1970 of an RFC 3339 time with an offset; NaN for anything else.
    fn timestamp(&self, text: &str) -> f64 {
        timestamp(text).unwrap_or(f64::NAN)
    }
    /// Called before a call waits for a retry or in the limiter.
    fn on_wait(&self, wait: &Wait) {
        let _ = wait;
    }
    /// Called with each warning about the input, before it is sent.
    fn warn(&self, issue: &Issue) {
        let _ = issue;
    }
}

/// A platform that sends requests and waits, for Rust callers. Outside wasm a transport can be used from several threads, and its
/// futures can be moved to another thread.
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub trait Transport:
    Platform<Response: Response<Value: SendOutsideWasm + SyncOutsideWasm> + SendOutsideWasm>
    + SendOutsideWasm
    + SyncOutsideWasm
{
    /// What kind of credential it sends. Default: an access token.
    fn credential_kind(&self) -> CredentialKind {
        CredentialKind::AccessToken
    }
    /// Sends one request. Redirects are not followed.
    fn send(&self, request: Request<'_>) -> impl Future<Output = Self::Response> + SendOutsideWasm;
    /// Waits, or returns [`TransportError::Aborted`] if the caller aborts the call.
    fn sleep(
        &self,
        duration: Duration,
    ) -> impl Future<Output = Result<(), Self::Response>> + SendOutsideWasm;
}

/// A wait of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    /// The attempt that failed, from 1; 0 for a wait in the limiter.
    pub attempt: u32,
    /// The wait in milliseconds.
    pub(crate) delay: f64,
    /// Why the call waits.
    pub reason: WaitReason,
}

#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
impl Wait {
    /// The length of the wait.
    #[must_use]
    pub fn delay(&self) -> Duration {
        duration(self.delay)
    }
}

/// Why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// The status of the response.
    Status(u16),
    /// The connection failed.
    Connection,
    /// The timeout of an attempt elapsed.
    Timeout,
    /// The response to a create was lost: the lead is looked up after the wait.
    Reconcile,
    /// The limiter delays the call.
    RateLimit,
}
