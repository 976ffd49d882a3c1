//! A call that takes a permit for each of its requests: a look is several, and a new token sends
//! again.

use super::Outbox;
use super::permits::Permit;
use super::store::{Store, Unavailable};
use crate::run::{Ending, Run, Step};
use crate::transport::{Answer, Platform};
use core::mem;

/// No call waits longer than this for a permit; it ends instead.
const LONGEST_WAIT: f64 = 120_000.0;

/// What is asked for next.
#[derive(Debug)]
pub enum Ask<D> {
    /// Make the exchange that [`Run::request`] gives, and come back with the answer.
    Send,
    /// Wait for so many milliseconds and come back with nothing, or with the trace of having given
    /// up.
    Sleep(f64),
    /// It is over.
    Done(D),
}

/// The call, with the permit of the request that is next or under way.
#[derive(Debug)]
pub(super) struct Metered<A: Answer> {
    pub(super) run: Run<A>,
    permit: Option<Permit>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The call itself waits, or is to begin.
    Call,
    /// A request waits for a permit.
    Permit,
    /// A request is under way.
    Request,
}

impl<A: Answer> Metered<A> {
    pub(super) const fn new(run: Run<A>, permit: Option<Permit>) -> Self {
        Self { run, permit, state: State::Call }
    }

    /// Goes on. The end is that of the call; `None` where it would begin a request that `until`
    /// knows; or the time when there will be a permit.
    pub(super) fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Answer = A>,
        given: Option<A>,
        until: impl Fn(&Run<A>) -> bool,
    ) -> Ask<Result<Option<Ending<A>>, f64>> {
        let now = platform.now();
        let state = mem::replace(&mut self.state, State::Call);
        if state == State::Request
            && let Some(permit) = self.permit.take()
        {
            // Should that fail the permit is taken a little longer.
            let _ = outbox.give_back(permit, now);
        }
        // A wait for a permit that was given up ends the request, as its answer would.
        if state != State::Permit || given.is_some() {
            match self.run.step(platform, given) {
                Step::Send if until(&self.run) => return self.over(outbox, None),
                Step::Send => {}
                Step::Sleep(milliseconds) => return Ask::Sleep(milliseconds),
                Step::Done(ending) => return self.over(outbox, Some(ending)),
            }
        }
        let permit = match self.permit {
            Some(_) => Ok(Ok(())),
            None => self.ask_permit(outbox, now),
        };
        match permit {
            Ok(Ok(())) => {
                self.state = State::Request;
                Ask::Send
            }
            Ok(Err(at)) if at - now <= LONGEST_WAIT => {
                self.state = State::Permit;
                Ask::Sleep(at - now)
            }
            Ok(Err(at)) => Ask::Done(Err(at)),
            Err(Unavailable) => Ask::Done(Err(now)),
        }
    }

    fn ask_permit<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        now: f64,
    ) -> Result<Result<(), f64>, Unavailable> {
        Ok(match outbox.permit(now)? {
            Ok(permit) => {
                outbox.take(permit, now)?;
                self.permit = Some(permit);
                Ok(())
            }
            Err(at) => Err(at),
        })
    }

    /// What was not needed is given back.
    fn over<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        ending: Option<Ending<A>>,
    ) -> Ask<Result<Option<Ending<A>>, f64>> {
        if let Some(permit) = self.permit.take() {
            let _ = outbox.give_back(permit, 0.0);
        }
        Ask::Done(Ok(ending))
    }
}
