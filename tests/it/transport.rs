//! A transport over real sockets, as a native Rust caller implements it.

use crate::support::fetched::{PlainResponse, fetched};
use crate::support::rng::Rng;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use icloud_ready::auth::{Credential, CredentialKind};
use icloud_ready::sync::{Cell, Rc};
use icloud_ready::transport::{Platform, Request, Transport, TransportError};
use std::error::Error;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// HTTP/1.1, one connection per request, without TLS: its servers are on this machine.
#[derive(Clone, Debug)]
pub(crate) struct Socket {
    /// Host and port.
    authority: String,
    /// The base URL's path.
    prefix: String,
    credential: Credential,
    rng: Rc<Rng>,
    began: Instant,
}

impl Socket {
    /// A transport to a base URL, as in `http://127.0.0.1:8080/api/v2`.
    pub(crate) fn new(base_url: &str, credential: Credential) -> Self {
        let rest = base_url.strip_prefix("http://").expect("a base URL");
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = if path.is_empty() { String::new() } else { ["/", path].concat() };
        Self {
            authority: authority.into(),
            prefix,
            credential,
            rng: Rc::new(Rng::new(7)),
            began: Instant::now(),
        }
    }

    /// Redirects are responses like any other: they are not followed.
    async fn exchange(
        &self,
        request: Request<'_>,
        sent: &Cell<bool>,
    ) -> Result<PlainResponse, Box<dyn Error + Send + Sync>> {
        let target = [&self.prefix, request.target].concat();
        let mut builder = hyper::Request::builder()
            .method(request.method.name())
            .uri(target)
            .header(HOST, &self.authority)
            .header(ACCEPT, "application/json");
        for (name, value) in self.credential.headers() {
            builder = builder.header(name, value);
        }
        if request.body.is_some() {
            builder = builder.header(CONTENT_TYPE, "application/json");
        }
        let body = Bytes::copy_from_slice(request.body.unwrap_or("").as_bytes());
        let message = builder.body(Full::new(body))?;

        let stream = TcpStream::connect(&self.authority).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Ends with this request, however that ends.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        sent.set(true);
        let (head, body) = sender.send_request(message).await?.into_parts();
        let header = |name| head.headers.get(name)?.to_str().ok().map(str::to_owned);
        // To the last byte: a truncated response is an error.
        let body = body.collect().await?.to_bytes();
        Ok(PlainResponse {
            retry_after: header("retry-after"),
            date: header("date"),
            request_id: header("x-request-id").or_else(|| header("cf-ray")),
            ..fetched(head.status.as_u16(), &body)
        })
    }
}

impl Platform for Socket {
    type Response = PlainResponse;

    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1_000.0
    }

    fn wall_clock(&self) -> f64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
        since.as_secs_f64() * 1_000.0
    }

    fn random(&self) -> f64 {
        self.rng.fraction()
    }
}

impl Transport for Socket {
    fn credential_kind(&self) -> CredentialKind {
        self.credential.kind()
    }

    async fn send(&self, request: Request<'_>) -> PlainResponse {
        let sent = Cell::new(false);
        let exchange = self.exchange(request, &sent);
        let found = match request.timeout() {
            Some(timeout) => tokio::time::timeout(timeout, exchange).await,
            None => Ok(exchange.await),
        };
        match found {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => PlainResponse::error(TransportError::Connection, sent.get()),
            Err(_) => PlainResponse::error(TransportError::Timeout, sent.get()),
        }
    }

    async fn sleep(&self, duration: Duration) -> Result<(), PlainResponse> {
        tokio::time::sleep(duration).await;
        Ok(())
    }
}

pub(crate) fn milliseconds(count: f64) -> Duration {
    Duration::from_secs_f64(count / 1_000.0)
}

/// The timeout of a request in milliseconds, infinite if unlimited.
pub(crate) fn timeout_of(request: &Request<'_>) -> f64 {
    request.timeout().map_or(f64::INFINITY, |timeout| timeout.as_secs_f64() * 1_000.0)
}
