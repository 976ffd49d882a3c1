//! The transport for Rust callers on wasm32: gloo-net over the global `fetch`.

use crate::call::auth::{Credential, CredentialKind};
use crate::call::transport::{
    Body, Outcome, PlainResponse, Platform, Request, Transport, TransportError,
};
use alloc::string::String;
use core::time::Duration;
use gloo_net::http::{RequestBuilder, Response};
use js_sys::{JSON, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestRedirect};

#[wasm_bindgen]
extern "C" {
    // The globals, not those of `window`, which workers and Node.js do not have. Not gloo-net's
    // `send`, which traps if `fetch` rejects with something that is not an `Error`.
    #[wasm_bindgen(catch)]
    fn fetch(request: &web_sys::Request) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, milliseconds: f64);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;
}

/// Sends requests with `fetch`.
#[derive(Clone, Debug)]
pub struct FetchTransport {
    base_url: String,
    credential: Credential,
}

impl FetchTransport {
    /// A transport to a base URL such as `https://api.icloud-ready.com/api/v2`.
    #[must_use]
    pub fn new(base_url: &str, credential: Credential) -> Self {
        Self { base_url: base_url.trim_end_matches('/').into(), credential }
    }

    async fn fetch(
        &self,
        request: Request<'_>,
        signal: &AbortSignal,
    ) -> Result<PlainResponse<JsValue>, ()> {
        let url = [&self.base_url, request.target].concat();
        let mut builder = RequestBuilder::new(&url)
            .method(request.method.name().parse().map_err(drop)?)
            .redirect(RequestRedirect::Manual)
            .abort_signal(Some(signal))
            .header("accept", "application/json");
        for (name, value) in self.credential.headers() {
            // Setting an invalid header would panic.
            if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                return Err(());
            }
            builder = builder.header(name, &value);
        }
        let built = match request.body {
            Some(body) => builder.header("content-type", "application/json").body(body),
            None => builder.build(),
        };
        let promise = fetch(&built.map_err(drop)?.into()).map_err(drop)?;
        let raw: web_sys::Response =
            JsFuture::from(promise).await.map_err(drop)?.dyn_into().map_err(drop)?;
        let response = Response::from(raw);
        let header = |name| response.headers().get(name);
        let (retry_after, date) = (header("retry-after"), header("date"));
        let request_id = header("x-request-id").or_else(|| header("cf-ray"));
        let text = response.text().await.map_err(drop)?;
        let body = match JSON::parse(&text) {
            Ok(value) => Body::Json(value),
            Err(_) if text.trim().is_empty() => Body::Empty,
            Err(_) => Body::NotJson,
        };
        let outcome = Outcome::Status(response.status());
        Ok(PlainResponse { body, retry_after, date, request_id, ..PlainResponse::new(outcome) })
    }
}

impl Platform for FetchTransport {
    type Response = PlainResponse<JsValue>;

    fn now(&self) -> f64 {
        now()
    }

    fn wall_clock(&self) -> f64 {
        js_sys::Date::now()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

impl Transport for FetchTransport {
    fn credential_kind(&self) -> CredentialKind {
        self.credential.kind()
    }

    async fn send(&self, request: Request<'_>) -> PlainResponse<JsValue> {
        // A signal takes 32 bits of milliseconds; a longer timeout is practically unlimited.
        let signal = AbortSignal::timeout_with_u32(request.timeout.min(f64::from(u32::MAX)) as u32);
        self.fetch(request, &signal).await.unwrap_or_else(|()| {
            let error =
                if signal.aborted() { TransportError::Timeout } else { TransportError::Connection };
            PlainResponse::error(error, true)
        })
    }

    async fn sleep(&self, duration: Duration) -> Result<(), PlainResponse<JsValue>> {
        let milliseconds = duration.as_secs_f64() * 1_000.0;
        let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, milliseconds));
        let _ = JsFuture::from(promise).await;
        Ok(())
    }
}
