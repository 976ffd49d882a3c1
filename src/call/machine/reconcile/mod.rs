//! Creates a lead exactly once: after every ambiguous outcome the CRM is asked whether it has the
//! lead, which is sent again only if it is proven absent.

mod lookup;

use super::{Attempts, BoxedFailure, CallMachine, CallResult, CallStep, Step};
use crate::call::failure::{ErrorCode, Failure};
use crate::call::transport::{Outcome, Platform, Response, WaitReason};
pub(super) use lookup::Lookup;

/// A lead that may or may not have arrived.
#[derive(Debug)]
pub(super) struct Unconfirmed<R> {
    /// The failure of its attempt. The failure of the last lookup, if any, is its cause.
    pub(super) failure: BoxedFailure<R>,
    /// Whether another attempt may succeed.
    pub(super) is_transient: bool,
    /// How often the lead was looked up.
    pub(super) lookups: usize,
}

impl<R: Response> CallMachine<R> {
    /// Waits for the next lookup: a later one may find what an earlier one could not. A lookup that
    /// fails never leads to another attempt: the call ends with the failure of the attempt, whose
    /// cause is the failure of the lookup.
    pub(super) fn next_lookup(&mut self, platform: &impl Platform<Response = R>) -> CallStep<R> {
        let Some(mut unconfirmed) = self.unconfirmed.take() else {
            return self.enqueue(platform);
        };
        let delays = &self.settings.reconcile_delays;
        let delays = if delays.is_empty() { &[0.0][..] } else { delays };
        match delays.get(unconfirmed.lookups).copied() {
            Some(delay) if self.start_wait(platform, delay, WaitReason::Reconcile) => {
                unconfirmed.lookups += 1;
                self.unconfirmed = Some(unconfirmed);
                Step::Sleep(delay)
            }
            None if unconfirmed.failure.cause.is_none() && unconfirmed.is_transient => {
                self.retry_now(platform, unconfirmed.failure)
            }
            _ => Step::Done(Err(unconfirmed.failure)),
        }
    }

    /// Acts on the result of a lookup. `Ok(None)` means proven absent; everything less certain is a
    /// failure.
    fn finish_lookup(
        &mut self,
        platform: &impl Platform<Response = R>,
        result: CallResult<R>,
    ) -> CallStep<R> {
        let mut failure = match result {
            Ok(None) => return self.next_lookup(platform),
            Ok(found) => return Step::Done(Ok(found)),
            Err(failure) => failure,
        };
        let outcome = failure.response.as_ref().map(Response::outcome);
        // The CRM may forbid lookups and still allow the same credential to create leads.
        let is_forbidden = matches!(outcome, Some(Outcome::Status(401 | 403 | 404)));
        match &mut self.unconfirmed {
            // An abort or the total timeout is the outcome itself, not its cause.
            Some(unconfirmed)
                if !matches!(failure.code, ErrorCode::Abort | ErrorCode::TotalTimeout) =>
            {
                unconfirmed.failure.cause = Some(failure);
                if is_forbidden {
                    unconfirmed.lookups = usize::MAX;
                }
                self.next_lookup(platform)
            }
            None if is_forbidden => {
                let mut inconclusive = inconclusive();
                inconclusive.cause = Some(failure);
                Step::Done(Err(inconclusive))
            }
            _ => {
                failure = self.attempts.annotate(failure);
                Step::Done(Err(failure))
            }
        }
    }
}

fn inconclusive<R>() -> BoxedFailure<R> {
    Failure::new(ErrorCode::Inconclusive, None)
}
