//! The transport for Rust callers outside wasm: reqwest, with TLS by rustls.

extern crate std;

use crate::call::auth::{Credential, CredentialKind};
use crate::call::transport::{
    Body, Outcome, PlainResponse, Platform, Request, Transport, TransportError,
};
use alloc::string::{String, ToString as _};
use core::fmt;
use core::time::Duration;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde_json::Value;
use std::net::IpAddr;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Sends requests with reqwest, on a Tokio runtime.
///
/// Redirects are not followed and cookies are not kept. Certificates are checked against the system's roots. A proxy is taken
/// from the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). A clone shares the connections.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
    base_url: String,
    credential: CredentialKind,
    start: Instant,
}

/// Why a [`ReqwestTransport`] cannot be created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The base URL is not an `http` or `https` URL, or has a query or a fragment.
    BaseUrl,
    /// The base URL is `http` and not on loopback: the credential would be sent in clear text.
    InsecureBaseUrl,
    /// The credential contains a character that a header cannot contain.
    Credential,
    /// TLS or the proxy cannot be set up: what reqwest reported.
    Client(String),
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl => formatter.write_str("baseURL is not a valid URL"),
            Self::InsecureBaseUrl => formatter.write_str(
                "baseURL must be https, or http on loopback; or use with_insecure_base_url",
            ),
            Self::Credential => formatter.write_str("the credential is not a valid header"),
            Self::Client(error) => write!(formatter, "the HTTP client cannot be created: {error}"),
        }
    }
}

impl core::error::Error for ConfigurationError {}

impl ReqwestTransport {
    /// A transport to a base URL such as `https://api.icloud-ready.com/api/v2`.
    ///
    /// # Errors
    ///
    /// If the base URL is invalid, or `http` and not on loopback; if the credential is invalid, or TLS cannot be set up.
    pub fn new(base_url: &str, credential: Credential) -> Result<Self, ConfigurationError> {
        let url = Url::parse(base_url).map_err(|_| ConfigurationError::BaseUrl)?;
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(ConfigurationError::InsecureBaseUrl);
        }
        Self::with_insecure_base_url(base_url, credential)
    }

    /// A transport to a base URL that may be `http` on any host: the credential and the leads are then sent in clear text.
    ///
    /// # Errors
    ///
    /// If the base URL or the credential is invalid, or TLS cannot be set up.
    pub fn with_insecure_base_url(
        base_url: &str,
        credential: Credential,
    ) -> Result<Self, ConfigurationError> {
        let base_url = base_url.trim_end_matches('/');
        let url = Url::parse(base_url).map_err(|_| ConfigurationError::BaseUrl)?;
        let is_plain = url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || !is_plain {
            return Err(ConfigurationError::BaseUrl);
        }
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, JSON);
        for (name, value) in credential.headers() {
            let mut value =
                HeaderValue::try_from(value).map_err(|_| ConfigurationError::Credential)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let client = Client::builder()
            .user_agent(concat!("icloud-ready/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .redirect(Policy::none())
            .build()
            .map_err(|error| ConfigurationError::Client(error.to_string()))?;
        Ok(Self {
            client,
            base_url: base_url.into(),
            credential: credential.kind(),
            start: Instant::now(),
        })
    }

    async fn exchange(&self, request: Request<'_>) -> reqwest::Result<PlainResponse<Value>> {
        let url = [&self.base_url, request.target].concat();
        let method = request.method.name();
        // The names are those of standard methods.
        let method = method.parse().unwrap_or(reqwest::Method::GET);
        let mut builder = self.client.request(method, url);
        // It covers the connection, the response and its body.
        if let Some(timeout) = request.timeout() {
            builder = builder.timeout(timeout);
        }
        if let Some(body) = request.body {
            builder = builder.header(CONTENT_TYPE, JSON).body(String::from(body));
        }
        let response = builder.send().await?;
        let header = |name| Some(response.headers().get(name)?.to_str().ok()?.to_string());
        let (retry_after, date) = (header("retry-after"), header("date"));
        let request_id = header("x-request-id").or_else(|| header("cf-ray"));
        let outcome = Outcome::Status(response.status().as_u16());
        let text = response.bytes().await?;
        let body = match serde_json::from_slice(&text) {
            Ok(value) => Body::Json(value),
            Err(_) if text.iter().all(u8::is_ascii_whitespace) => Body::Empty,
            Err(_) => Body::NotJson,
        };
        Ok(PlainResponse { body, retry_after, date, request_id, ..PlainResponse::new(outcome) })
    }
}

/// Whether a URL's host is this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Platform for ReqwestTransport {
    type Response = PlainResponse<Value>;

    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1_000.0
    }

    fn wall_clock(&self) -> f64 {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        since_1970.as_secs_f64() * 1_000.0
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}

impl Transport for ReqwestTransport {
    fn credential_kind(&self) -> CredentialKind {
        self.credential
    }

    async fn send(&self, request: Request<'_>) -> PlainResponse<Value> {
        self.exchange(request).await.unwrap_or_else(|error| {
            let kind = if error.is_timeout() {
                TransportError::Timeout
            } else {
                TransportError::Connection
            };
            // Without a connection nothing was sent.
            PlainResponse::error(kind, !error.is_connect() && !error.is_builder())
        })
    }

    async fn sleep(&self, duration: Duration) -> Result<(), PlainResponse<Value>> {
        tokio::time::sleep(duration).await;
        Ok(())
    }
}
