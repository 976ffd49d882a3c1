//! One state machine under every call, in JavaScript and in Rust.
//!
//! It performs no I/O. Its driver does what a [`Step`] requests and resumes it with the result; time and random numbers
//! come from the [`Platform`].

mod attempts;
mod create_registry;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
mod drive;
mod reconcile;
mod response;
mod shared;

use crate::call::failure::{ErrorCode, Failure};
use crate::call::limiter::{Limiter, Poll, Ticket};
use crate::call::retry::MAX_WAIT;
use crate::call::transport::{Platform, Request, Response, Wait, WaitReason};
use crate::list::page::records;
use crate::request::prepared::PreparedRequest;
use crate::request::settings::{CallSettings, unlimited_if_zero};
use crate::sync::{Rc, RefCell};
use alloc::boxed::Box;
use attempts::Attempts;
use core::mem;
pub use create_registry::CreateRegistry;
use create_registry::Participant;
use reconcile::{Lookup, Unconfirmed};
pub use shared::Shared;

/// A failure. Boxed, because moving the struct itself takes more code.
pub type BoxedFailure<R> = Box<Failure<R>>;
/// The result of a call: the expected body, `None` for an empty one, or a failure.
pub type CallResult<R> = Result<Option<<R as Response>::Value>, BoxedFailure<R>>;

/// What the driver does next.
#[derive(Debug)]
pub enum Step<T> {
    /// Send the request of the call and resume with the response.
    Send,
    /// Wait for this many milliseconds and resume with nothing, or with [`TransportError::Aborted`] if
    /// the caller aborted the call.
    ///
    /// [`TransportError::Aborted`]: crate::call::transport::TransportError::Aborted
    Sleep(f64),
    /// The call has ended.
    Done(T),
}

/// A step of a [`CallMachine`].
pub type CallStep<R> = Step<CallResult<R>>;

/// One call under way.
#[derive(Debug)]
pub struct CallMachine<R: Response> {
    shared: Rc<Shared>,
    settings: CallSettings,
    attempts: Attempts<R>,
    /// Set if the attempts so far leave it open whether the lead exists.
    unconfirmed: Option<Unconfirmed<R>>,
    /// The lookup under way.
    lookup: Option<Box<Lookup<R>>>,
    /// When the lead was first sent; NaN before.
    first_sent: f64,
    /// The leads that were confirmed last before that.
    confirmed_before: [u64; 2],
    /// The call's part in a pending create.
    participant: Option<Participant>,
    state: WaitState,
    /// When the whole call must end; known from the start of the first attempt.
    deadline: Option<f64>,
    /// How long the current request may take.
    timeout: f64,
    /// Whether that is all the time the call has left.
    is_last: bool,
}

/// What the machine waits for.
#[derive(Debug)]
enum WaitState {
    /// The first step.
    Start,
    /// A permit of the limiter, since the first time; the wait until the second time was reported.
    Permit(Ticket, f64, f64),
    /// A response.
    Response,
    /// The time of the next attempt.
    Retry,
    /// The time of the next lookup.
    Lookup,
    /// The outcome of another create with the same submission id.
    OtherCreate,
}

impl<R: Response> CallMachine<R> {
    /// A call that has not started.
    #[must_use]
    pub const fn new(shared: Rc<Shared>, settings: CallSettings, request: PreparedRequest) -> Self {
        Self {
            shared,
            settings,
            attempts: Attempts::new(request),
            unconfirmed: None,
            lookup: None,
            first_sent: f64::NAN,
            confirmed_before: [0; 2],
            participant: None,
            state: WaitState::Start,
            deadline: None,
            timeout: 0.0,
            is_last: false,
        }
    }

    /// The request to send after [`Step::Send`].
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        let Attempts { request, count, rejected_token, .. } = self.attempts();
        Request {
            method: request.method,
            route: &request.route,
            target: &request.target,
            body: request.body.as_deref(),
            attempt: *count,
            timeout: self.timeout,
            rejected_token: *rejected_token,
        }
    }

    /// Whether that request has the caller's body, unchanged.
    #[must_use]
    pub fn is_body_unchanged(&self) -> bool {
        self.attempts().request.is_body_unchanged
    }

    /// Resumes the call with the result of the last step. A request is retried if its outcome and method
    /// allow it; a lead with a submission id only after a lookup has proven that the CRM does not
    /// have it.
    pub fn step(
        &mut self,
        platform: &impl Platform<Response = R>,
        response: Option<R>,
    ) -> CallStep<R> {
        let step = self.advance(platform, response);
        self.publish_create(platform, &step);
        if let Step::Done(_) = step {
            self.participant = None;
        }
        step
    }

    fn advance(
        &mut self,
        platform: &impl Platform<Response = R>,
        response: Option<R>,
    ) -> CallStep<R> {
        match (mem::replace(&mut self.state, WaitState::Start), response) {
            (WaitState::Response, Some(response)) => {
                self.release_permit(platform.now());
                self.on_response(platform, response)
            }
            (state, Some(aborted)) => {
                if let WaitState::Permit(ticket, ..) = state {
                    self.cancel_ticket(ticket);
                }
                let failure = Failure::new(ErrorCode::of(aborted.outcome()), Some(aborted));
                let failure = self.attempts().annotate(failure);
                self.finish_request(platform, Err(failure))
            }
            (WaitState::Permit(ticket, since, reported), None) => {
                self.poll_limiter(platform, platform.now(), ticket, since, reported)
            }
            (WaitState::Lookup, None) => self.start_lookup(platform),
            (WaitState::Start | WaitState::OtherCreate, None) => self.start(platform),
            (_, None) => self.enqueue(platform),
        }
    }

    /// The attempts of the current request: the call's own, or a lookup's.
    fn attempts(&self) -> &Attempts<R> {
        self.lookup.as_ref().map_or(&self.attempts, |lookup| &lookup.attempts)
    }

    fn attempts_mut(&mut self) -> &mut Attempts<R> {
        self.lookup.as_mut().map_or(&mut self.attempts, |lookup| &mut lookup.attempts)
    }

    /// Joins the limiter's queue.
    fn enqueue(&mut self, platform: &impl Platform<Response = R>) -> CallStep<R> {
        let now = platform.now();
        let enqueue = |limiter: &RefCell<Limiter>| limiter.borrow_mut().enqueue(now);
        match self.shared.limiter.as_ref().map(enqueue) {
            Some(ticket) => self.poll_limiter(platform, now, ticket, now, now),
            None => self.send(platform, now),
        }
    }

    fn poll_limiter(
        &mut self,
        platform: &impl Platform<Response = R>,
        now: f64,
        ticket: Ticket,
        since: f64,
        mut reported: f64,
    ) -> CallStep<R> {
        let poll = |limiter: &RefCell<Limiter>| limiter.borrow_mut().poll(ticket, now);
        let poll = self.shared.limiter.as_ref().map_or(Poll::Ready, poll);
        let remaining = since + unlimited_if_zero(self.settings.max_queue_wait) - now;
        let (sleep, delay) = match poll {
            Poll::Ready => return self.send(platform, now),
            Poll::Closed(wait) => (wait, wait),
            Poll::Wait(sleep, delay) => (sleep, delay),
        };
        let (code, retry_after) = if matches!(poll, Poll::Closed(wait) if wait > MAX_WAIT) {
            (ErrorCode::RateLimit, Some(delay))
        } else if self.is_past_deadline(now + sleep) {
            (ErrorCode::TotalTimeout, None)
        } else if remaining <= 0.0 {
            (ErrorCode::QueueTimeout, None)
        } else {
            if now >= reported {
                let delay = delay.min(remaining);
                platform.on_wait(&Wait { attempt: 0, delay, reason: WaitReason::RateLimit });
                reported = now + delay;
            }
            self.state = WaitState::Permit(ticket, since, reported);
            return Step::Sleep(sleep.min(remaining));
        };
        self.cancel_ticket(ticket);
        self.give_up(platform, code, retry_after)
    }

    fn send(&mut self, platform: &impl Platform<Response = R>, now: f64) -> CallStep<R> {
        let total_timeout = unlimited_if_zero(self.settings.total_timeout);
        let deadline = *self.deadline.get_or_insert(now + total_timeout);
        let remaining = deadline - now;
        if remaining <= 0.0 {
            self.release_permit(now);
            return self.give_up(platform, ErrorCode::TotalTimeout, None);
        }
        let timeout = unlimited_if_zero(self.settings.timeout);
        self.timeout = timeout.min(remaining);
        self.is_last = remaining <= timeout;
        if self.lookup.is_none() && self.first_sent.is_nan() {
            self.first_sent = now;
            self.confirmed_before = self.shared.confirmed.get();
        }
        self.attempts_mut().count += 1;
        self.state = WaitState::Response;
        Step::Send
    }

    /// Ends a request that cannot be sent in time, with the failure of its last attempt if there was
    /// one.
    fn give_up(
        &mut self,
        platform: &impl Platform<Response = R>,
        code: ErrorCode,
        retry_after: Option<f64>,
    ) -> CallStep<R> {
        let attempts = self.attempts_mut();
        let failure = attempts.last_failure.take().unwrap_or_else(|| {
            let mut failure = attempts.annotate(Failure::new(code, None));
            failure.retry_after = retry_after;
            failure
        });
        self.finish_request(platform, Err(failure))
    }

    /// Starts a wait. Returns false if it would be too long.
    fn start_wait(
        &mut self,
        platform: &impl Platform<Response = R>,
        delay: f64,
        reason: WaitReason,
    ) -> bool {
        if delay > MAX_WAIT || self.is_past_deadline(platform.now() + delay) {
            return false;
        }
        platform.on_wait(&Wait { attempt: self.attempts().count, delay, reason });
        self.state =
            if reason == WaitReason::Reconcile { WaitState::Lookup } else { WaitState::Retry };
        true
    }

    /// Handles the end of a request: the call's own, or a lookup's.
    fn finish_request(
        &mut self,
        platform: &impl Platform<Response = R>,
        result: CallResult<R>,
    ) -> CallStep<R> {
        match self.lookup.take() {
            Some(lookup) => self.on_lookup(platform, lookup, result),
            None => Step::Done(result),
        }
    }

    /// The records in the response to a list request.
    fn records(&self, request: &PreparedRequest, body: &R::Value) -> Option<R::Value> {
        // A list's path is the name of its resource.
        let resource = request.route.get(1..).unwrap_or("");
        records(body, resource, self.settings.items_key.as_deref())
    }

    /// Whether the whole call must have ended by this time.
    fn is_past_deadline(&self, time: f64) -> bool {
        self.deadline.is_some_and(|deadline| time >= deadline)
    }

    fn cancel_ticket(&self, ticket: Ticket) {
        if let Some(limiter) = &self.shared.limiter {
            limiter.borrow_mut().cancel(ticket);
        }
    }

    /// Reports to the limiter that a permitted request has ended, whatever its outcome.
    fn release_permit(&self, now: f64) {
        if let Some(limiter) = &self.shared.limiter {
            limiter.borrow_mut().release(now);
        }
    }
}
