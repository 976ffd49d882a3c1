//! A call that takes a permit for each of its requests: a lookup sends several requests, and a new token
//! repeats one.

use crate::call::machine::{CallMachine, CallResult, Step};
use crate::call::transport::{Platform, Response};
use crate::outbox::Outbox;
use crate::outbox::clock::Reading;
use crate::outbox::dispatch::permits::CallPermit;
use crate::outbox::store::{Store, StoreUnavailable};
use core::mem;

/// The longest wait for a permit, in milliseconds. If it would be longer, the call ends.
const MAX_PERMIT_WAIT: f64 = 120_000.0;

/// The result of a [`RateLimitedCall`]: that of the call, `None` if it stopped before a request, or the
/// time of the next permit if that is too late.
pub(in crate::outbox) type RateLimitedResult<R> = Result<Option<CallResult<R>>, f64>;

/// A call, with the permit of its next or current request.
#[derive(Debug)]
pub(in crate::outbox) struct RateLimitedCall<R: Response> {
    pub(in crate::outbox) machine: CallMachine<R>,
    permit: Option<CallPermit>,
    state: PermitState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PermitState {
    /// The call has not started, or is waiting between requests.
    None,
    /// A request waits for a permit.
    Waiting,
    /// A request is in progress.
    Sending,
}

impl<R: Response> RateLimitedCall<R> {
    pub(in crate::outbox) const fn new(
        machine: CallMachine<R>,
        permit: Option<CallPermit>,
    ) -> Self {
        Self { machine, permit, state: PermitState::None }
    }

    /// Resumes the call. It stops before a request for which `stops_before` returns true.
    pub(in crate::outbox) fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Response = R>,
        response: Option<R>,
        stops_before: impl Fn(&CallMachine<R>) -> bool,
    ) -> Step<RateLimitedResult<R>> {
        let reading = Reading { now: platform.now(), wall: platform.wall_clock() };
        let now = outbox.time(reading);
        let state = mem::replace(&mut self.state, PermitState::None);
        if state == PermitState::Sending
            && let Some(permit) = self.permit.take()
        {
            // If that fails, the date of the next response replaces it.
            let date = response.as_ref().and_then(Response::date);
            let _ = date.map(|date| outbox.observe_crm_date(date));
            // If that fails, the permit is released a little later.
            let _ = outbox.release_permit(permit, now);
        }
        // An aborted wait for a permit ends the request like a response.
        if state != PermitState::Waiting || response.is_some() {
            match self.machine.step(platform, response) {
                Step::Send if stops_before(&self.machine) => return self.finish(outbox, None),
                Step::Send => {}
                Step::Sleep(milliseconds) => return Step::Sleep(milliseconds),
                Step::Done(result) => return self.finish(outbox, Some(result)),
            }
        }
        let permit = match self.permit {
            Some(_) => Ok(Ok(())),
            None => self.request_permit(outbox, now),
        };
        match permit {
            Ok(Ok(())) => {
                self.state = PermitState::Sending;
                Step::Send
            }
            Ok(Err(at)) if at - now <= MAX_PERMIT_WAIT => {
                self.state = PermitState::Waiting;
                Step::Sleep(at - now)
            }
            Ok(Err(at)) => Step::Done(Err(at)),
            Err(StoreUnavailable(_)) => Step::Done(Err(now)),
        }
    }

    fn request_permit<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        now: f64,
    ) -> Result<Result<(), f64>, StoreUnavailable> {
        // While the CRM rejects requests, a lookup in progress waits too.
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

    /// Ends the call and releases an unused permit.
    fn finish<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        result: Option<CallResult<R>>,
    ) -> Step<RateLimitedResult<R>> {
        if let Some(permit) = self.permit.take() {
            let _ = outbox.release_unused_permit(permit);
        }
        Step::Done(Ok(result))
    }
}
