//! A scripted server on a simulated clock: waiting takes no time, and everything is counted.

use super::fetched::PlainResponse;
use super::records::http_date;
use super::rng::Rng;
pub(crate) use super::script::{Reply, Sent};
use crate::transport::{milliseconds, timeout_of};
use icloud_ready::auth::CredentialKind;
use icloud_ready::sync::{Cell, Rc, RefCell};
use icloud_ready::transport::{Outcome, Platform, Request, Transport, TransportError, Wait};
use std::fmt;
use std::future::{Future, pending};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// The start of a simulation, in milliseconds since 1970: 18 March 2030, 20:00 UTC.
pub(crate) const BEGIN: f64 = 1_900_094_400_000.0;

type Script = Box<dyn FnMut(&Sent) -> Reply + Send>;

/// A handle on the server; it is the transport too.
#[derive(Clone, Debug)]
pub(crate) struct Fake(Rc<Server>);

struct Server {
    began: Instant,
    script: Mutex<Script>,
    credential: Cell<CredentialKind>,
    sent: RefCell<Vec<Sent>>,
    retries: RefCell<Vec<Wait>>,
    /// The result of `random`; without one, a seeded generator.
    chance: Cell<Option<f64>>,
    rng: Rng,
    /// When the caller aborts, in milliseconds from the beginning.
    abort_at: Cell<f64>,
    /// The offset of the machine's clock, and of the server's, if its responses have a date.
    ahead: Cell<f64>,
    server_ahead: Cell<Option<f64>>,
    /// Whether the monotonic clock is the machine's date.
    one_clock: Cell<bool>,
    /// The current token of the token function, and how often it was called.
    token: Cell<u32>,
    token_calls: Cell<u32>,
}

impl Fake {
    pub(crate) fn new(script: impl FnMut(&Sent) -> Reply + Send + 'static) -> Self {
        Self(Rc::new(Server {
            began: Instant::now(),
            script: Mutex::new(Box::new(script)),
            credential: Cell::new(CredentialKind::AccessToken),
            sent: RefCell::default(),
            retries: RefCell::default(),
            chance: Cell::new(None),
            rng: Rng::new(42),
            abort_at: Cell::new(f64::INFINITY),
            ahead: Cell::new(0.0),
            server_ahead: Cell::new(None),
            one_clock: Cell::new(false),
            token: Cell::new(0),
            token_calls: Cell::new(0),
        }))
    }

    /// A server that returns these responses in turn, then the last one forever.
    pub(crate) fn replying(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        Self::new(move |_| if replies.len() > 1 { replies.remove(0) } else { replies[0].clone() })
    }

    /// Makes `random` return this number.
    pub(crate) fn chance(self, chance: f64) -> Self {
        self.0.chance.set(Some(chance));
        self
    }

    /// Makes the caller abort at this time.
    pub(crate) fn abort_at(self, at: f64) -> Self {
        self.0.abort_at.set(at);
        self
    }

    /// Adds a date to responses without one.
    pub(crate) fn dated(self) -> Self {
        self.0.server_ahead.set(Some(0.0));
        self
    }

    /// Makes the machine's date its only clock.
    pub(crate) fn one_clock(self, one_clock: bool) -> Self {
        self.0.one_clock.set(one_clock);
        self
    }

    /// Sets the machine's clock, this many milliseconds ahead of the true time.
    pub(crate) fn set_clock(&self, ahead: f64) {
        self.0.ahead.set(ahead);
    }

    /// Sets the server's clock; `None`: its responses have no date.
    pub(crate) fn set_server_clock(&self, ahead: Option<f64>) {
        self.0.server_ahead.set(ahead);
    }

    /// Gives the credential a token function that returns a new token after a rejection.
    pub(crate) fn with_token_function(self) -> Self {
        self.0.token.set(1);
        self.with_credential(CredentialKind::TokenFunction)
    }

    /// Sets the kind of the credential.
    pub(crate) fn with_credential(self, kind: CredentialKind) -> Self {
        self.0.credential.set(kind);
        self
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.0.sent.borrow().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.sent.borrow().len()
    }

    pub(crate) fn forget(&self) {
        self.0.sent.borrow_mut().clear();
    }

    pub(crate) fn retries(&self) -> Vec<Wait> {
        self.0.retries.borrow().clone()
    }

    pub(crate) fn token_calls(&self) -> u32 {
        self.0.token_calls.get()
    }

    /// Milliseconds since the simulation began.
    pub(crate) fn elapsed(&self) -> f64 {
        self.0.began.elapsed().as_nanos() as f64 / 1e6
    }

    /// Waits, unless the caller aborts before.
    async fn wait(&self, wait: f64) -> Result<(), PlainResponse> {
        let left = (self.0.abort_at.get() - self.elapsed()).max(0.0);
        let (wait, end) = if left < wait {
            (left, Err(PlainResponse::error(TransportError::Aborted, true)))
        } else {
            (wait, Ok(()))
        };
        if wait.is_infinite() {
            return pending().await;
        }
        tokio::time::sleep(milliseconds(wait)).await;
        end
    }

    /// The number of the token that is sent.
    fn ask(&self, rejected: Option<u32>) -> u32 {
        let current = self.0.token.get();
        if current == 0 {
            return 0;
        }
        if rejected.is_none_or(|rejected| rejected == current) {
            self.0.token_calls.set(self.0.token_calls.get() + 1);
        }
        self.0.token.set(if rejected == Some(current) { current + 1 } else { current });
        self.0.token.get()
    }
}

impl Platform for Fake {
    type Response = PlainResponse;

    fn now(&self) -> f64 {
        if self.0.one_clock.get() { self.wall_clock() } else { self.elapsed() }
    }

    fn wall_clock(&self) -> f64 {
        BEGIN + self.elapsed() + self.0.ahead.get()
    }

    fn random(&self) -> f64 {
        self.0.chance.get().unwrap_or_else(|| self.0.rng.fraction())
    }

    fn on_wait(&self, retry: &Wait) {
        self.0.retries.borrow_mut().push(*retry);
    }
}

impl Transport for Fake {
    fn credential_kind(&self) -> CredentialKind {
        self.0.credential.get()
    }

    async fn send(&self, request: Request<'_>) -> PlainResponse {
        let sent = Sent {
            at: self.elapsed(),
            method: request.method.name(),
            route: request.route.into(),
            target: request.target.into(),
            body: request.body.map(Into::into),
            attempt: request.attempt,
            timeout: timeout_of(&request),
            token: self.ask(request.rejected_token),
        };
        let mut reply = (self.0.script.lock().expect("no panic in a script"))(&sent);
        reply.response.token = sent.token;
        if reply.after > sent.timeout {
            reply.response = PlainResponse::error(TransportError::Timeout, true);
        }
        let after = reply.after.min(sent.timeout);
        self.0.sent.borrow_mut().push(sent);
        // A response without delay is available at once, as from a browser's cache.
        if after > 0.0 || self.0.abort_at.get() <= self.elapsed() {
            match self.wait(after).await {
                Ok(()) => {}
                Err(aborted) => return aborted,
            }
        }
        if let (Outcome::Status(_), Some(ahead)) =
            (reply.response.outcome, self.0.server_ahead.get())
        {
            reply.response.date.get_or_insert(http_date(BEGIN + self.elapsed() + ahead));
        }
        reply.response
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = Result<(), PlainResponse>> {
        self.wait(duration.as_secs_f64() * 1_000.0)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("sent", &self.sent).finish_non_exhaustive()
    }
}
