//! A call that takes a permit for each of its requests: a lookup is several, and a new token sends
//! again.

use crate::call::machine::{Ending, Run, Step};
use crate::call::transport::{Answer, Platform};
use crate::outbox::Outbox;
use crate::outbox::clock::Reading;
use crate::outbox::dispatch::permits::CallPermit;
use crate::outbox::store::{Store, StoreUnavailable};
use core::mem;

/// No call waits longer than this for a permit; it ends instead.
const MAX_WAIT: f64 = 120_000.0;

/// What is asked for next.
#[derive(Debug)]
pub enum CallStep<D> {
    /// Make the request that [`Run::request`] gives, and come back with the answer.
    Send,
    /// Wait for so many milliseconds and come back with nothing, or with the trace of having given
    /// up.
    Sleep(f64),
    /// It is over.
    Done(D),
}

/// The call, with the permit of the request that is next or under way.
#[derive(Debug)]
pub(in crate::outbox) struct RateLimitedCall<A: Answer> {
    pub(in crate::outbox) run: Run<A>,
    permit: Option<CallPermit>,
    state: CallState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallState {
    /// The call itself waits, or is to begin.
    Call,
    /// A request waits for a permit.
    Permit,
    /// A request is under way.
    Request,
}

impl<A: Answer> RateLimitedCall<A> {
    pub(in crate::outbox) const fn new(run: Run<A>, permit: Option<CallPermit>) -> Self {
        Self { run, permit, state: CallState::Call }
    }

    /// Goes on. The end is that of the call; `None` where it would begin a request that `until`
    /// knows; or the time when there will be a permit.
    pub(in crate::outbox) fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Answer = A>,
        given: Option<A>,
        until: impl Fn(&Run<A>) -> bool,
    ) -> CallStep<Result<Option<Ending<A>>, f64>> {
        let reading = Reading { now: platform.now(), wall: platform.wall_clock() };
        let now = outbox.time(reading);
        let state = mem::replace(&mut self.state, CallState::Call);
        if state == CallState::Request
            && let Some(permit) = self.permit.take()
        {
            // If that fails the next answer's date does as well.
            let date = given.as_ref().and_then(Answer::date);
            let _ = date.map(|date| outbox.observe_crm_date(date));
            // If that fails the permit is taken a little longer.
            let _ = outbox.release_permit(permit, now);
        }
        // A wait for a permit that was given up ends the request, as its answer would.
        if state != CallState::Permit || given.is_some() {
            match self.run.step(platform, given) {
                Step::Send if until(&self.run) => return self.over(outbox, None),
                Step::Send => {}
                Step::Sleep(milliseconds) => return CallStep::Sleep(milliseconds),
                Step::Done(ending) => return self.over(outbox, Some(ending)),
            }
        }
        let permit = match self.permit {
            Some(_) => Ok(Ok(())),
            None => self.ask_permit(outbox, now),
        };
        match permit {
            Ok(Ok(())) => {
                self.state = CallState::Request;
                CallStep::Send
            }
            Ok(Err(at)) if at - now <= MAX_WAIT => {
                self.state = CallState::Permit;
                CallStep::Sleep(at - now)
            }
            Ok(Err(at)) => CallStep::Done(Err(at)),
            Err(StoreUnavailable(_)) => CallStep::Done(Err(now)),
        }
    }

    fn ask_permit<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        now: f64,
    ) -> Result<Result<(), f64>, StoreUnavailable> {
        // A lookup that is under way waits as the others do.
        let closed_until = outbox.closed_until()?;
        if closed_until > now {
            return Ok(Err(closed_until));
        }
        Ok(match outbox.permit(now)? {
            Ok(permit) => {
                outbox.take_permit(permit, now)?;
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
    ) -> CallStep<Result<Option<Ending<A>>, f64>> {
        if let Some(permit) = self.permit.take() {
            let _ = outbox.release_unused_permit(permit);
        }
        CallStep::Done(Ok(ending))
    }
}
