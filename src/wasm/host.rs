//! The facade's side of a call, and the platform over it.

#[cfg(feature = "client")]
use super::value::to_array;
#[cfg(feature = "client")]
use crate::failure::Failure;
use crate::transport::{Answer, Body, Fault, Outcome, Platform, Reason, Request, Retry};
use alloc::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// One call as the facade has it: `Exchange` in `pkg-template/src/exchange.ts`.
    #[derive(Clone, Debug)]
    pub type Host;

    #[wasm_bindgen(method, js_name = text)]
    fn value(this: &Host, index: u32) -> JsValue;
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
    pub(crate) fn sleep(this: &Host, milliseconds: f64);
    #[wasm_bindgen(method)]
    fn retrying(this: &Host, attempt: u32, delay: f64, reason: &str, status: u16);
    #[wasm_bindgen(method)]
    pub(crate) fn done(this: &Host, value: JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn failed(this: &Host, error: &JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn issue(this: &Host, path: &str, code: u8, severity: u8, message: &str) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn error(
        this: &Host,
        code: u8,
        attempts: u32,
        ambiguous: bool,
        retry_after: Option<f64>,
        issues: JsValue,
        trace: Option<Trace>,
        cause: JsValue,
    ) -> JsValue;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn now() -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    fn parse_date(date: &str) -> f64;
    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    fn random() -> f64;

    /// An answer, or the trace of there being none: `Trace` in `pkg-template/src/trace.ts`.
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
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &Trace) -> JsValue;
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

    fn retry_after(&self) -> Option<String> {
        Trace::retry_after(self).as_string()
    }

    fn request_id(&self) -> Option<String> {
        Trace::request_id(self).as_string()
    }

    fn token(&self) -> u32 {
        self.token()
    }
}

impl Host {
    /// One of the call's texts. Taken as a value first: a text of its own type has glue of its own.
    #[cfg(feature = "client")]
    pub(crate) fn text(&self, index: u32) -> Option<String> {
        self.value(index).as_string()
    }

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
        now()
    }

    fn random(&self) -> f64 {
        random()
    }

    fn parse_date(&self, date: &str) -> Option<f64> {
        Some(parse_date(date)).filter(|date| !date.is_nan())
    }

    fn retrying(&self, retry: &Retry) {
        let (reason, status) = match retry.reason {
            Reason::Status(status) => ("status", status),
            Reason::Connection => ("connection", 0),
            Reason::Timeout => ("timeout", 0),
            Reason::Reconcile => ("reconcile", 0),
        };
        self.retrying(retry.attempt, retry.delay, reason, status);
    }
}

/// The facade's error for a failure.
#[cfg(feature = "client")]
pub(crate) fn tell(host: &Host, failure: Failure<Trace>) -> JsValue {
    let issues = failure.issues.iter().map(|issue| {
        host.issue(&issue.path, issue.code as u8, issue.severity as u8, issue.message)
    });
    let issues = to_array(issues.collect());
    let cause = failure.cause.map_or(JsValue::UNDEFINED, |cause| tell(host, *cause));
    host.error(
        failure.code as u8,
        failure.attempts,
        failure.ambiguous,
        failure.retry_after,
        issues,
        failure.answer,
        cause,
    )
}
