//! What an answer leads to: the call's end, or another send.

use super::{FailureOf, Lost, Run, Step};
use crate::call::failure::{Code, Failure};
use crate::call::retry::{backoff, may_repeat, meaning};
use crate::call::transport::{Answer, Body, Outcome, Platform, Reason};
use crate::json::value::Json as _;
use crate::request::confirmation::created_record;
use crate::request::endpoint::{Method, Output};
use crate::request::settings::Settings;

impl<A: Answer> Run<A> {
    /// What an answer leads to.
    pub(super) fn answered(&mut self, platform: &impl Platform<Answer = A>, answer: A) -> Step<A> {
        let outcome = answer.outcome();
        if matches!(outcome, Outcome::Status(200..=299)) {
            let call = &self.sends().call;
            let done = match (call.output, answer.body()) {
                // Of a lead it matters most whether it is there: it is not sent twice.
                (Output::Record(_), Body::Json(value)) if call.creates_lead => {
                    let may_carry = |lead: &A::Value| {
                        call.submission.as_ref().is_none_or(|submission| {
                            self.settings.submission_field.may_carry(lead, &submission.id)
                        })
                    };
                    created_record(&value).filter(may_carry).map(Some)
                }
                (Output::Record(_), Body::Json(value)) if !value.is_object() => None,
                (Output::Page(_), Body::Json(value)) if self.records(call, &value).is_none() => {
                    None
                }
                (_, Body::Json(value)) => Some(Some(value)),
                (Output::Record(_), Body::Empty) | (_, Body::Unreadable) => None,
                (_, Body::Empty) => Some(None),
            };
            if let Some(value) = done {
                let submission = call.submission.as_ref().filter(|_| value.is_some());
                if let Some(submission) = submission {
                    self.shared.note_confirmed(&submission.id);
                }
                if let Some(look) = &mut self.look {
                    look.date = answer.date().unwrap_or(f64::NAN);
                }
                return self.over(platform, Ok(value));
            }
        }
        let Settings { token_function, max_retries, .. } = self.settings;
        let is_last = self.is_last;
        let sends = self.sends_mut();
        if outcome == Outcome::Status(401) && token_function && !sends.renewed {
            sends.renewed = true;
            sends.refused = Some(answer.token());
            sends.last = None;
            return self.enter(platform);
        }
        sends.refused = None;
        let mut meaning = meaning(outcome);
        sends.ambiguous |= meaning.unknown && sends.call.method != Method::Get;
        let asked = answer.retry_after();
        let delay = backoff(sends.attempts, platform.random()).max(asked.unwrap_or(0.0));
        let mut failure = sends.tell(Failure::new(Code::of(outcome), Some(answer)));
        if is_last && failure.code == Code::Timeout {
            failure.code = Code::TotalTimeout;
            meaning.retry = false;
        }
        let method = sends.call.method;
        // What an earlier attempt may have deleted is gone, as it should be.
        if method == Method::Delete && sends.ambiguous && failure.code == Code::NotFound {
            return self.over(platform, Ok(None));
        }
        let is_lost =
            sends.call.submission.is_some() && meaning.unknown && failure.code != Code::Abort;
        let again = !is_lost && may_repeat(method, meaning) && sends.again(max_retries);
        failure.retry_after = asked;
        if outcome == Outcome::Status(429)
            && let Some(limiter) = &self.shared.limiter
        {
            limiter.borrow_mut().close(platform.now(), delay);
        }
        if is_lost {
            self.lost = Some(Lost { failure, retry: meaning.retry, looks: 0 });
            return self.settle(platform);
        }
        let reason = match outcome {
            Outcome::Status(status) => Reason::Status(status),
            _ if failure.code == Code::Timeout => Reason::Timeout,
            Outcome::Fault { .. } => Reason::Connection,
        };
        if !again || !self.wait(platform, delay, reason) {
            return self.over(platform, Err(failure));
        }
        self.sends_mut().last = Some(failure);
        Step::Sleep(delay)
    }

    /// Sends the request again at once, after a failure that is given where that cannot be.
    pub(super) fn send_again(
        &mut self,
        platform: &impl Platform<Answer = A>,
        failure: FailureOf<A>,
    ) -> Step<A> {
        if !self.sends.again(self.settings.max_retries) {
            return Step::Done(Err(failure));
        }
        self.sends.last = Some(failure);
        self.enter(platform)
    }
}
