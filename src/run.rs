//! One call on its way: one state machine under every call, in JavaScript and in Rust.

use crate::call::Call;
use crate::config::{Settings, bound};
use crate::endpoint::{Method, Output};
use crate::failure::{Code, Failure};
use crate::limiter::{Limiter, Ticket, Turn};
use crate::page::records;
use crate::retry::{LONGEST_WAIT, Meaning, backoff, may_repeat, meaning, retry_after};
use crate::transport::{Answer, Body, Json as _, Outcome, Reason, Request, Retry, Transport};
use alloc::boxed::Box;
use core::cell::{Cell, RefCell};

/// What a client and its siblings share.
#[derive(Debug, Default)]
pub struct Shared {
    /// The limiter, if any.
    pub limiter: Option<RefCell<Limiter>>,
    /// The number of a list's first page, once it was found out.
    pub first_page: Cell<Option<u32>>,
    /// Whether a search once found a lead by its submission id.
    pub finds_by_id: Cell<bool>,
}

/// The value type of a transport's answers.
pub type ValueOf<T> = <<T as Transport>::Answer as Answer>::Value;
/// The failures of a transport. Boxed: they are handed on often, and moving them is code.
pub type FailureOf<T> = Box<Failure<<T as Transport>::Answer>>;

/// One call on its way.
#[allow(missing_debug_implementations, reason = "it borrows the platform")]
pub struct Run<'a, T: Transport> {
    /// The platform.
    pub transport: &'a T,
    /// What the client's calls share.
    pub shared: &'a Shared,
    /// How the call behaves.
    pub settings: &'a Settings,
    /// When the whole call must be over; known from its first attempt's start.
    deadline: Cell<Option<f64>>,
    /// How often the last request was sent.
    attempts: Cell<u32>,
}

/// The sends of one request.
#[derive(Debug)]
pub(crate) struct Sends<'a> {
    pub(crate) call: &'a Call,
    attempts: u32,
    /// How many of them were retries, which are bounded.
    retries: u32,
    /// Whether the CRM may have acted on any of them.
    ambiguous: bool,
    /// The number of the token that was refused, until a new one is asked for.
    refused: Option<u32>,
    /// Whether a new token was asked for already.
    renewed: bool,
}

impl<'a> Sends<'a> {
    pub(crate) const fn new(call: &'a Call) -> Self {
        Self { call, attempts: 0, retries: 0, ambiguous: false, refused: None, renewed: false }
    }

    /// Whether the request may be sent once more; if so that is counted.
    pub(crate) const fn again(&mut self, settings: &Settings) -> bool {
        self.retries += 1;
        self.retries <= settings.max_retries
    }

    /// A failure as these sends tell it.
    pub(crate) const fn tell<A>(&self, mut failure: Box<Failure<A>>) -> Box<Failure<A>> {
        failure.attempts = self.attempts;
        failure.ambiguous = self.ambiguous;
        failure
    }
}

/// What came of one send.
#[derive(Debug)]
enum Next<A: Answer> {
    /// The promised answer, or an empty one where that is no breach.
    Done(Option<A::Value>),
    /// The token was refused: ask for a new one and send again at once.
    Reauthorize,
    /// An error, what it means, and how long to wait before the next attempt.
    Failed(Box<Failure<A>>, Meaning, f64),
}

impl<'a, T: Transport> Run<'a, T> {
    /// A call about to start.
    pub const fn new(transport: &'a T, shared: &'a Shared, settings: &'a Settings) -> Self {
        Self { transport, shared, settings, deadline: Cell::new(None), attempts: Cell::new(0) }
    }

    /// Makes the call and gives the promised body, or `None` for an empty one. Sends again where
    /// the answer and the method allow it; a lead that carries a submission id, only after the CRM
    /// was asked for it and did not have it.
    ///
    /// # Errors
    ///
    /// Every failure but that of a call that could not be made ready.
    pub async fn call(&self, call: &Call) -> Result<Option<ValueOf<T>>, FailureOf<T>> {
        let mut sends = Sends::new(call);
        let mut last = None;
        if let (Some(submission), true) = (&call.submission, self.settings.look_first) {
            let found = self.look_first(&sends, submission).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        loop {
            let (failure, meaning, delay) = match self.send(&mut sends, last).await? {
                Next::Done(value) => return Ok(value),
                Next::Reauthorize => {
                    last = None;
                    continue;
                }
                Next::Failed(failure, meaning, delay) => (failure, meaning, delay),
            };
            // What an earlier attempt may have deleted is gone, as it should be.
            if call.method == Method::Delete && sends.ambiguous && failure.code == Code::NotFound {
                return Ok(None);
            }
            last = Some(match &call.submission {
                Some(submission) if meaning.unknown && failure.code != Code::Abort => {
                    let (failure, found) = self.reconcile(&sends, submission, failure).await?;
                    if found.is_some() {
                        return Ok(found);
                    }
                    if !meaning.retry || !sends.again(self.settings) {
                        return Err(failure);
                    }
                    failure
                }
                _ if !may_repeat(call.method, meaning) || !sends.again(self.settings) => {
                    return Err(failure);
                }
                _ => {
                    let reason = match failure.answer.as_ref().map(Answer::outcome) {
                        Some(Outcome::Status(status)) => Reason::Status(status),
                        _ if failure.code == Code::Timeout => Reason::Timeout,
                        _ => Reason::Connection,
                    };
                    self.wait(&sends, failure, delay, reason).await?
                }
            });
        }
    }

    /// The failure that an answer is which the caller's type cannot hold.
    #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
    pub(crate) fn undecodable(&self, method: Method) -> FailureOf<T> {
        let mut failure = Failure::new(Code::Response, None);
        failure.attempts = self.attempts.get();
        failure.ambiguous = method != Method::Get;
        failure
    }

    /// The records in a list's answer.
    pub(crate) fn records(&self, call: &Call, body: &ValueOf<T>) -> Option<ValueOf<T>> {
        // A list's path is its resource's name.
        let resource = call.route.get(1..).unwrap_or("");
        records(body, resource, self.settings.items_key.as_deref())
    }

    /// Passes the limiter and sends once. `last` is the failure of the send before, to be given
    /// where a wait would be too long.
    async fn send(
        &self,
        sends: &mut Sends<'_>,
        last: Option<FailureOf<T>>,
    ) -> Result<Next<T::Answer>, FailureOf<T>> {
        let last = self.admit(sends, last).await?;
        let _ended = Ended(self);
        let now = self.transport.now();
        let deadline =
            self.deadline.get().unwrap_or_else(|| now + bound(self.settings.total_timeout));
        self.deadline.set(Some(deadline));
        let left = deadline - now;
        if left <= 0.0 {
            return Err(last.unwrap_or_else(|| sends.tell(Failure::new(Code::TotalTimeout, None))));
        }
        sends.attempts += 1;
        self.attempts.set(sends.attempts);
        let timeout = bound(self.settings.timeout);
        let call = sends.call;
        let answer = self
            .transport
            .send(Request {
                method: call.method,
                route: &call.route,
                target: &call.target,
                body: call.body.as_deref(),
                attempt: sends.attempts,
                timeout: timeout.min(left),
                refused: sends.refused.take(),
            })
            .await;
        Ok(self.next(sends, answer, left <= timeout))
    }

    /// What an answer leads to. `last_call`: a timeout would be the whole call's.
    fn next(&self, sends: &mut Sends<'_>, answer: T::Answer, last_call: bool) -> Next<T::Answer> {
        let outcome = answer.outcome();
        if matches!(outcome, Outcome::Status(200..=299)) {
            match (sends.call.output, answer.body()) {
                (Output::Record(_), Body::Json(value)) if !value.is_object() => {}
                (Output::Page(_), Body::Json(value))
                    if self.records(sends.call, &value).is_none() => {}
                (_, Body::Json(value)) => return Next::Done(Some(value)),
                (Output::Record(_), Body::Empty) | (_, Body::Unreadable) => {}
                (_, Body::Empty) => return Next::Done(None),
            }
        }
        if outcome == Outcome::Status(401) && self.settings.token_function && !sends.renewed {
            sends.renewed = true;
            sends.refused = Some(answer.token());
            return Next::Reauthorize;
        }
        let mut meaning = meaning(outcome);
        sends.ambiguous |= meaning.unknown && sends.call.method != Method::Get;
        let now = self.transport.now();
        let asked = answer
            .retry_after()
            .and_then(|header| retry_after(&header, now, |date| self.transport.parse_date(date)));
        let delay = asked.unwrap_or_else(|| backoff(sends.attempts, self.transport.random()));
        let mut failure = Self::failure(sends, answer);
        if outcome == Outcome::Status(429) {
            failure.retry_after = asked;
            if let Some(limiter) = &self.shared.limiter {
                limiter.borrow_mut().close(now + delay);
            }
        }
        if last_call && failure.code == Code::Timeout {
            failure.code = Code::TotalTimeout;
            meaning.retry = false;
        }
        Next::Failed(failure, meaning, delay)
    }

    /// Waits for the limiter. `last` is given back, or is the failure where the wait is too long.
    async fn admit(
        &self,
        sends: &Sends<'_>,
        last: Option<FailureOf<T>>,
    ) -> Result<Option<FailureOf<T>>, FailureOf<T>> {
        let Some(limiter) = &self.shared.limiter else {
            return Ok(last);
        };
        let began = self.transport.now();
        let ticket = limiter.borrow_mut().enter(began);
        let _place = Place { limiter, ticket };
        loop {
            let now = self.transport.now();
            let turn = limiter.borrow_mut().poll(ticket, now);
            let wait = match turn {
                Turn::Go => return Ok(last),
                Turn::Wait(wait) => wait,
                Turn::Closed(wait) if wait > LONGEST_WAIT => {
                    return Err(last.unwrap_or_else(|| {
                        let mut closed = Failure::new(Code::RateLimit, None);
                        closed.retry_after = Some(wait);
                        sends.tell(closed)
                    }));
                }
                Turn::Closed(wait) => wait,
            };
            if self.is_over(wait) {
                return Err(
                    last.unwrap_or_else(|| sends.tell(Failure::new(Code::TotalTimeout, None)))
                );
            }
            let left = began + bound(self.settings.max_queue_wait) - now;
            if left <= 0.0 {
                return Err(
                    last.unwrap_or_else(|| sends.tell(Failure::new(Code::QueueTimeout, None)))
                );
            }
            self.sleep(sends, wait.min(left)).await?;
        }
    }

    /// Waits before the next attempt, or gives the failure where that would take too long.
    pub(crate) async fn wait(
        &self,
        sends: &Sends<'_>,
        failure: FailureOf<T>,
        delay: f64,
        reason: Reason,
    ) -> Result<FailureOf<T>, FailureOf<T>> {
        if delay > LONGEST_WAIT || self.is_over(delay) {
            return Err(failure);
        }
        self.transport.retrying(&Retry { attempt: sends.attempts, delay, reason });
        self.sleep(sends, delay).await?;
        Ok(failure)
    }

    async fn sleep(&self, sends: &Sends<'_>, wait: f64) -> Result<(), FailureOf<T>> {
        self.transport.sleep(wait).await.map_err(|trace| Self::failure(sends, trace))
    }

    /// Whether a wait from now would end after the whole call must be over.
    fn is_over(&self, wait: f64) -> bool {
        self.deadline.get().is_some_and(|deadline| self.transport.now() + wait >= deadline)
    }

    fn failure(sends: &Sends<'_>, answer: T::Answer) -> FailureOf<T> {
        sends.tell(Failure::new(Code::of(answer.outcome()), Some(answer)))
    }
}

/// A place in the limiter's queue, given up however the wait ends.
struct Place<'a> {
    limiter: &'a RefCell<Limiter>,
    ticket: Ticket,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.limiter.borrow_mut().leave(self.ticket);
    }
}

/// A call that left, counted as ended however it ends.
struct Ended<'r, 'a, T: Transport>(&'r Run<'a, T>);

impl<T: Transport> Drop for Ended<'_, '_, T> {
    fn drop(&mut self) {
        if let Some(limiter) = &self.0.shared.limiter {
            limiter.borrow_mut().ended(self.0.transport.now());
        }
    }
}
