//! The facade's side of a call, and the platform over it.

#[cfg(feature = "client")]
use crate::call::failure::Failure;
use crate::call::transport::{Answer, Body, Fault, Outcome, Platform, Reason, Request, Wait};
use crate::request::validate::Issue;
use crate::text::timestamp::is_timestamp;
use alloc::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// One call as the facade has it: `CallHost` in `pkg-template/src/client/call.ts`.
    #[derive(Clone, Debug)]
    pub type Host;

    #[wasm_bindgen(method, js_name = text)]
    pub(crate) fn value(this: &Host, index: u32) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn number(this: &Host, index: u32) -> f64;
    #[wasm_bindgen(method)]
    fn send(
        this: &Host,
        method: &str,
        route: &str,
        target: &str,
        body: Option<&str>,
        timeout: f64,
        refused: u32,
        attempt: u32,
    );
    #[wasm_bindgen(method)]
    fn now(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    pub(crate) fn sleep(this: &Host, milliseconds: f64);
    #[wasm_bindgen(method)]
    fn waiting(this: &Host, attempt: u32, delay: f64, reason: &str, status: u16);
    #[wasm_bindgen(method)]
    pub(crate) fn done(this: &Host, value: JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn failed(this: &Host, error: &JsValue);
    /// Keeps an issue for the error that is made next, or logs it where `severity` is [`LOGGED`].
    #[wasm_bindgen(method)]
    pub(crate) fn issue(this: &Host, path: &str, code: u8, severity: u8, message: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn error(
        this: &Host,
        code: u8,
        attempts: u32,
        ambiguous: bool,
        retry_after: Option<f64>,
        trace: Option<Trace>,
        cause: JsValue,
    ) -> JsValue;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn wall_clock() -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    fn parse_date(text: &str) -> f64;
    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    fn random() -> f64;

    /// An answer, or the trace of there being none: `Attempt` in `pkg-template/src/base/attempt.ts`.
    #[derive(Clone, Debug)]
    pub type Trace;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Trace) -> u16;
    /// 0 none, 1 connection, 2 timeout, 3 aborted, 4 token.
    #[wasm_bindgen(method, getter)]
    fn fault(this: &Trace) -> u8;
    #[wasm_bindgen(method, getter)]
    fn sent(this: &Trace) -> bool;
    /// 0 empty, 1 JSON, 2 unreadable.
    #[wasm_bindgen(method, getter)]
    fn shape(this: &Trace) -> u8;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Trace) -> JsValue;
    /// NaN: no wait.
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &Trace) -> f64;
    /// NaN: no date.
    #[wasm_bindgen(method, getter)]
    fn date(this: &Trace) -> f64;
    #[wasm_bindgen(method, getter, js_name = requestId)]
    fn request_id(this: &Trace) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn token(this: &Trace) -> u32;
}

impl Answer for Trace {
    type Value = JsValue;

    fn outcome(&self) -> Outcome {
        let fault = match self.fault() {
            0 => return Outcome::Status(self.status()),
            1 => Fault::Connection,
            2 => Fault::Timeout,
            3 => Fault::Aborted,
            _ => Fault::Token,
        };
        Outcome::Fault { fault, sent: self.sent() }
    }

    fn body(&self) -> Body<JsValue> {
        match self.shape() {
            0 => Body::Empty,
            1 => Body::Json(self.body()),
            _ => Body::Unreadable,
        }
    }

    fn retry_after(&self) -> Option<f64> {
        Some(Trace::retry_after(self)).filter(|wait| !wait.is_nan())
    }

    fn date(&self) -> Option<f64> {
        Some(Trace::date(self)).filter(|date| !date.is_nan())
    }

    fn request_id(&self) -> Option<String> {
        Trace::request_id(self).as_string()
    }

    fn token(&self) -> u32 {
        self.token()
    }
}

impl Host {
    /// Makes an exchange; the facade resumes the call with its trace.
    pub(crate) fn exchange(&self, request: Request<'_>) {
        self.send(
            request.method.name(),
            request.route,
            request.target,
            request.body,
            request.timeout,
            request.refused.unwrap_or(0),
            request.attempt,
        );
    }
}

impl Platform for Host {
    type Answer = Trace;

    fn now(&self) -> f64 {
        Host::now(self)
    }

    fn wall_clock(&self) -> f64 {
        wall_clock()
    }

    fn random(&self) -> f64 {
        random()
    }

    fn timestamp(&self, text: &str) -> f64 {
        // The host's own parser, of what it cannot take for anything else, is the smaller one.
        if is_timestamp(text) { parse_date(text) } else { f64::NAN }
    }

    fn waiting(&self, wait: &Wait) {
        let (reason, status) = match wait.reason {
            Reason::Status(status) => ("status", status),
            Reason::Connection => ("connection", 0),
            Reason::Timeout => ("timeout", 0),
            Reason::Reconcile => ("reconcile", 0),
            Reason::RateLimit => ("rate_limit", 0),
        };
        self.waiting(wait.attempt, wait.delay, reason, status);
    }

    fn warn(&self, issue: &Issue) {
        self.issue(&issue.path, issue.code as u8, LOGGED, issue.message);
    }
}

/// The severity of a warning that ends nothing.
const LOGGED: u8 = 2;

/// The facade's error for a failure.
#[cfg(feature = "client")]
pub(crate) fn tell(host: &Host, failure: Failure<Trace>) -> JsValue {
    let cause = failure.cause.map_or(JsValue::UNDEFINED, |cause| tell(host, *cause));
    for issue in &failure.issues {
        host.issue(&issue.path, issue.code as u8, issue.severity as u8, issue.message);
    }
    host.error(
        failure.code as u8,
        failure.attempts,
        failure.ambiguous,
        failure.retry_after,
        failure.answer,
        cause,
    )
}
