//! One call on its way: one state machine under every call, in JavaScript and in Rust.
//!
//! It performs no I/O. Its driver does what a [`Step`] requests and resumes it with the result; time and random numbers
//! come from the [`Platform`].

mod answer;
mod creates;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
mod drive;
mod reconcile;
mod sends;

use crate::call::failure::{Code, Failure};
use crate::call::limiter::{Limiter, Ticket, Turn};
use crate::call::retry::LONGEST_WAIT;
use crate::call::transport::{Answer, Platform, Reason, Request, Wait};
use crate::list::page::{hash, records};
use crate::request::prepared::Call;
use crate::request::settings::{Settings, bound};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::cell::{Cell, RefCell};
use core::mem;
pub use creates::Creates;
use creates::Participant;
use reconcile::{Look, Lost};
use sends::Sends;

/// What a client and its siblings share.
#[derive(Debug, Default)]
pub struct Shared {
    /// The limiter, if any.
    pub limiter: Option<RefCell<Limiter>>,
    /// The number of a list's first page, once it was found out.
    pub first_page: Cell<Option<u32>>,
    /// Whether a search once found a lead by its submission id.
    pub finds_by_id: Cell<bool>,
    /// Whether a list once showed a record with a submission id.
    pub lists_ids: Cell<bool>,
    /// The submission id of a lead that the CRM has.
    pub(crate) known: RefCell<String>,
    /// The submission ids of the two leads that were confirmed last, as hashes.
    pub(crate) confirmed: Cell<[u64; 2]>,
    /// The creates under way, if two with one submission id are to make one lead.
    pub creates: Option<Rc<Creates>>,
}

impl Shared {
    /// Whether a lead is known that the CRM has.
    #[cfg(feature = "forwarder")]
    pub(crate) fn knows_lead(&self) -> bool {
        !self.known.borrow().is_empty()
    }

    /// Notes that the CRM has the lead with this submission id.
    pub fn note_confirmed(&self, id: &str) {
        let [_, newer] = self.confirmed.get();
        self.confirmed.set([newer, hash(id)]);
        *self.known.borrow_mut() = id.into();
    }
}

/// A failure. Boxed: they are handed on often, and moving them is code.
pub type FailureOf<A> = Box<Failure<A>>;
/// How a call ends: with the promised body, or `None` for an empty one, or with a failure.
pub type Ending<A> = Result<Option<<A as Answer>::Value>, FailureOf<A>>;

/// What a call asks for next.
#[derive(Debug)]
pub enum Step<A: Answer> {
    /// Make the exchange that [`Run::request`] gives, and come back with the answer.
    Send,
    /// Wait for so many milliseconds and come back with nothing, or with the trace of the caller
    /// having given up.
    Sleep(f64),
    /// It is over.
    Done(Ending<A>),
}

/// One call on its way.
#[derive(Debug)]
pub struct Run<A: Answer> {
    shared: Rc<Shared>,
    settings: Settings,
    sends: Sends<A>,
    /// The lead's sends so far left it open whether the lead exists.
    lost: Option<Lost<A>>,
    /// The CRM is being asked for the lead.
    look: Option<Box<Look<A>>>,
    /// When the lead was first sent; NaN before.
    first_sent: f64,
    /// The leads that were confirmed last before that.
    confirmed_before: [u64; 2],
    /// The call's part among the creates with its submission id.
    participant: Option<Participant>,
    /// What was asked for last.
    asked: Asked,
    /// When the whole call must be over; known from its first attempt's start.
    deadline: Option<f64>,
    /// How long the exchange may take.
    timeout: f64,
    /// Whether that is all the time the call has left.
    is_last: bool,
}

/// What the machine waits for.
#[derive(Debug)]
enum Asked {
    /// To be started.
    Start,
    /// A turn in the limiter's queue, since the first time, of which the wait until the second time
    /// was reported.
    Turn(Ticket, f64, f64),
    /// An answer.
    Answer,
    /// The time of the next attempt.
    Retry,
    /// The time to ask for a lost lead.
    Look,
    /// The outcome of another create with the same submission id.
    Other,
}

impl<A: Answer> Run<A> {
    /// A call about to start.
    #[must_use]
    pub const fn new(shared: Rc<Shared>, settings: Settings, call: Call) -> Self {
        Self {
            shared,
            settings,
            sends: Sends::new(call),
            lost: None,
            look: None,
            first_sent: f64::NAN,
            confirmed_before: [0; 2],
            participant: None,
            asked: Asked::Start,
            deadline: None,
            timeout: 0.0,
            is_last: false,
        }
    }

    /// The exchange to be made after [`Step::Send`].
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        let sends = self.sends();
        Request {
            method: sends.call.method,
            route: &sends.call.route,
            target: &sends.call.target,
            body: sends.call.body.as_deref(),
            attempt: sends.attempts,
            timeout: self.timeout,
            refused: sends.refused,
        }
    }

    /// Goes on with what the last step asked for. A request is sent again where the answer and the
    /// method allow it; a lead that carries a submission id, only after the CRM was asked for it
    /// and did not have it.
    pub fn step(&mut self, platform: &impl Platform<Answer = A>, given: Option<A>) -> Step<A> {
        let step = self.advance(platform, given);
        self.note(platform, &step);
        if let Step::Done(_) = step {
            self.participant = None;
        }
        step
    }

    fn advance(&mut self, platform: &impl Platform<Answer = A>, given: Option<A>) -> Step<A> {
        match (mem::replace(&mut self.asked, Asked::Start), given) {
            (Asked::Answer, Some(answer)) => {
                self.ended(platform.now());
                self.answered(platform, answer)
            }
            (asked, Some(trace)) => {
                if let Asked::Turn(ticket, ..) = asked {
                    self.leave(ticket);
                }
                let failure = Failure::new(Code::of(trace.outcome()), Some(trace));
                let failure = self.sends().tell(failure);
                self.over(platform, Err(failure))
            }
            (Asked::Turn(ticket, since, reported), None) => {
                self.turn(platform, ticket, since, reported)
            }
            (Asked::Look, None) => self.look(platform),
            (Asked::Start | Asked::Other, None) => self.begin(platform),
            (_, None) => self.enter(platform),
        }
    }

    /// The request that is under way: the call's, or that of a look.
    fn sends(&self) -> &Sends<A> {
        self.look.as_ref().map_or(&self.sends, |look| &look.sends)
    }

    fn sends_mut(&mut self) -> &mut Sends<A> {
        self.look.as_mut().map_or(&mut self.sends, |look| &mut look.sends)
    }

    /// Takes a place in the limiter's queue.
    fn enter(&mut self, platform: &impl Platform<Answer = A>) -> Step<A> {
        let now = platform.now();
        let enter = |limiter: &RefCell<Limiter>| limiter.borrow_mut().enter(now);
        match self.shared.limiter.as_ref().map(enter) {
            Some(ticket) => self.turn(platform, ticket, now, now),
            None => self.send(platform, now),
        }
    }

    /// Asks the limiter for a turn.
    fn turn(
        &mut self,
        platform: &impl Platform<Answer = A>,
        ticket: Ticket,
        since: f64,
        mut reported: f64,
    ) -> Step<A> {
        let now = platform.now();
        let poll = |limiter: &RefCell<Limiter>| limiter.borrow_mut().poll(ticket, now);
        let turn = self.shared.limiter.as_ref().map_or(Turn::Go, poll);
        let left = since + bound(self.settings.max_queue_wait) - now;
        let (nap, delay) = match turn {
            Turn::Go => return self.send(platform, now),
            Turn::Closed(wait) => (wait, wait),
            Turn::Wait(nap, delay) => (nap, delay),
        };
        let (code, retry_after) = if matches!(turn, Turn::Closed(wait) if wait > LONGEST_WAIT) {
            (Code::RateLimit, Some(delay))
        } else if self.is_over(now + nap) {
            (Code::TotalTimeout, None)
        } else if left <= 0.0 {
            (Code::QueueTimeout, None)
        } else {
            if now >= reported {
                let delay = delay.min(left);
                platform.waiting(&Wait { attempt: 0, delay, reason: Reason::RateLimit });
                reported = now + delay;
            }
            self.asked = Asked::Turn(ticket, since, reported);
            return Step::Sleep(nap.min(left));
        };
        self.leave(ticket);
        self.give_up(platform, code, retry_after)
    }

    fn send(&mut self, platform: &impl Platform<Answer = A>, now: f64) -> Step<A> {
        let deadline = *self.deadline.get_or_insert(now + bound(self.settings.total_timeout));
        let left = deadline - now;
        if left <= 0.0 {
            self.ended(now);
            return self.give_up(platform, Code::TotalTimeout, None);
        }
        let timeout = bound(self.settings.timeout);
        self.timeout = timeout.min(left);
        self.is_last = left <= timeout;
        if self.look.is_none() && self.first_sent.is_nan() {
            self.first_sent = now;
            self.confirmed_before = self.shared.confirmed.get();
        }
        self.sends_mut().attempts += 1;
        self.asked = Asked::Answer;
        Step::Send
    }

    /// Ends a request that nothing can be waited for any more: with the failure of its last send,
    /// if there was one.
    fn give_up(
        &mut self,
        platform: &impl Platform<Answer = A>,
        code: Code,
        retry_after: Option<f64>,
    ) -> Step<A> {
        let sends = self.sends_mut();
        let failure = sends.last.take().unwrap_or_else(|| {
            let mut failure = sends.tell(Failure::new(code, None));
            failure.retry_after = retry_after;
            failure
        });
        self.over(platform, Err(failure))
    }

    /// Begins a wait, unless it would take too long.
    fn wait(&mut self, platform: &impl Platform<Answer = A>, delay: f64, reason: Reason) -> bool {
        if delay > LONGEST_WAIT || self.is_over(platform.now() + delay) {
            return false;
        }
        platform.waiting(&Wait { attempt: self.sends().attempts, delay, reason });
        self.asked = if reason == Reason::Reconcile { Asked::Look } else { Asked::Retry };
        true
    }

    /// A request has ended: the call's, or that of a look.
    fn over(&mut self, platform: &impl Platform<Answer = A>, ending: Ending<A>) -> Step<A> {
        match self.look.take() {
            Some(look) => self.looked(platform, look, ending),
            None => Step::Done(ending),
        }
    }

    /// The records in a list's answer.
    fn records(&self, call: &Call, body: &A::Value) -> Option<A::Value> {
        // A list's path is its resource's name.
        let resource = call.route.get(1..).unwrap_or("");
        records(body, resource, self.settings.items_key.as_deref())
    }

    /// Whether the whole call must be over by then.
    fn is_over(&self, time: f64) -> bool {
        self.deadline.is_some_and(|deadline| time >= deadline)
    }

    fn leave(&self, ticket: Ticket) {
        if let Some(limiter) = &self.shared.limiter {
            limiter.borrow_mut().leave(ticket);
        }
    }

    /// A call that left counts as ended, however it ended.
    fn ended(&self, now: f64) {
        if let Some(limiter) = &self.shared.limiter {
            limiter.borrow_mut().ended(now);
        }
    }
}
