//! The facade's side of a call, and the platform based on it.

#[cfg(feature = "client")]
use crate::call::failure::Failure;
use crate::call::transport::{
    Body, Outcome, Platform, Request, Response, TransportError, Wait, WaitReason,
};
use crate::request::validate::Issue;
use crate::text::timestamp::is_timestamp;
use alloc::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The facade's side of one call: `CallHost` in `pkg-template/src/client/call.ts`.
    #[derive(Clone, Debug)]
    pub type CallHost;

    #[wasm_bindgen(method, js_name = text)]
    pub(crate) fn value(this: &CallHost, index: u32) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn number(this: &CallHost, index: u32) -> f64;
    /// Without a `target` it is the route. Without a `body` the facade sends the call's own, if the method is not `GET`.
    #[wasm_bindgen(method)]
    fn send(
        this: &CallHost,
        method: &str,
        route: &str,
        target: Option<&str>,
        body: Option<&str>,
        timeout: f64,
        rejected_token: u32,
        attempt: u32,
    );
    #[wasm_bindgen(method)]
    fn now(this: &CallHost) -> f64;
    #[wasm_bindgen(method)]
    pub(crate) fn sleep(this: &CallHost, milliseconds: f64);
    #[wasm_bindgen(method, js_name = waiting)]
    fn report_wait(this: &CallHost, attempt: u32, delay: f64, reason: &str, status: u16);
    #[wasm_bindgen(method)]
    pub(crate) fn done(this: &CallHost, value: JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn failed(this: &CallHost, error: &JsValue);
    /// Stores an issue for the next error, or logs it if `severity` is [`LOGGED`].
    #[wasm_bindgen(method)]
    pub(crate) fn issue(this: &CallHost, path: &str, code: u8, severity: u8, message: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn error(
        this: &CallHost,
        code: u8,
        attempts: u32,
        ambiguous: bool,
        retry_after: Option<f64>,
        attempt: Option<Attempt>,
        cause: JsValue,
    ) -> JsValue;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn wall_clock() -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = parse)]
    fn parse_date(text: &str) -> f64;
    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    fn random() -> f64;

    /// A response, or the transport error in its place: `Attempt` in `pkg-template/src/base/attempt.ts`.
    #[derive(Clone, Debug)]
    pub type Attempt;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Attempt) -> u16;
    /// 0 none, 1 connection, 2 timeout, 3 aborted, 4 token.
    #[wasm_bindgen(method, getter, js_name = fault)]
    fn error(this: &Attempt) -> u8;
    #[wasm_bindgen(method, getter)]
    fn sent(this: &Attempt) -> bool;
    /// 0 empty, 1 JSON, 2 anything else.
    #[wasm_bindgen(method, getter)]
    fn shape(this: &Attempt) -> u8;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Attempt) -> JsValue;
    /// NaN if it is missing.
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &Attempt) -> f64;
    /// NaN if it is missing.
    #[wasm_bindgen(method, getter)]
    fn date(this: &Attempt) -> f64;
    #[wasm_bindgen(method, getter, js_name = requestId)]
    fn request_id(this: &Attempt) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn token(this: &Attempt) -> u32;
}

impl Response for Attempt {
    type Value = JsValue;

    fn outcome(&self) -> Outcome {
        let error = match self.error() {
            0 => return Outcome::Status(self.status()),
            1 => TransportError::Connection,
            2 => TransportError::Timeout,
            3 => TransportError::Aborted,
            _ => TransportError::Token,
        };
        Outcome::Error { error, sent: self.sent() }
    }

    fn body(&self) -> Body<JsValue> {
        match self.shape() {
            0 => Body::Empty,
            1 => Body::Json(self.body()),
            _ => Body::NotJson,
        }
    }

    fn retry_after(&self) -> Option<f64> {
        Some(Attempt::retry_after(self)).filter(|wait| !wait.is_nan())
    }

    fn date(&self) -> Option<f64> {
        Some(Attempt::date(self)).filter(|date| !date.is_nan())
    }

    fn request_id(&self) -> Option<String> {
        Attempt::request_id(self).as_string()
    }

    fn token(&self) -> u32 {
        self.token()
    }
}

impl CallHost {
    /// Sends a request. The facade resumes the call with the attempt.
    pub(crate) fn send_request(&self, request: Request<'_>) {
        self.send(
            request.method.name(),
            request.route,
            (request.target != request.route).then_some(request.target),
            request.body,
            request.timeout,
            request.rejected_token.unwrap_or(0),
            request.attempt,
        );
    }
}

impl Platform for CallHost {
    type Response = Attempt;

    fn now(&self) -> f64 {
        CallHost::now(self)
    }

    fn wall_clock(&self) -> f64 {
        wall_clock()
    }

    fn random(&self) -> f64 {
        random()
    }

    fn timestamp(&self, text: &str) -> f64 {
        // JavaScript's parser is smaller in the wasm, and reads this format the same in every engine.
        if is_timestamp(text) { parse_date(text) } else { f64::NAN }
    }

    fn on_wait(&self, wait: &Wait) {
        let (reason, status) = match wait.reason {
            WaitReason::Status(status) => ("status", status),
            WaitReason::Connection => ("connection", 0),
            WaitReason::Timeout => ("timeout", 0),
            WaitReason::Reconcile => ("reconcile", 0),
            WaitReason::RateLimit => ("rate_limit", 0),
        };
        self.report_wait(wait.attempt, wait.delay, reason, status);
    }

    fn warn(&self, issue: &Issue) {
        self.issue(&issue.path, issue.code as u8, LOGGED, issue.message);
    }
}

/// The severity of a warning that is only logged.
const LOGGED: u8 = 2;

/// The facade's error for a failure.
#[cfg(feature = "client")]
pub(crate) fn to_js_error(host: &CallHost, failure: Failure<Attempt>) -> JsValue {
    let cause = failure.cause.map_or(JsValue::UNDEFINED, |cause| to_js_error(host, *cause));
    for issue in &failure.issues {
        host.issue(&issue.path, issue.code as u8, issue.severity as u8, issue.message);
    }
    host.error(
        failure.code as u8,
        failure.attempts,
        failure.ambiguous,
        failure.retry_after,
        failure.response,
        cause,
    )
}
