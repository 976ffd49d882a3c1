//! What an answer leads to: the call's end, or another send.

use super::{FailureOf, Lost, Run, Step};
use crate::config::Settings;
use crate::endpoint::{Method, Output};
use crate::failure::{Code, Failure};
use crate::retry::{backoff, may_repeat, meaning, retry_after};
use crate::transport::{Answer, Body, Outcome, Platform, Reason};
use crate::value::Json as _;

impl<A: Answer> Run<A> {
    /// What an answer leads to.
    pub(super) fn answered(&mut self, platform: &impl Platform<Answer = A>, answer: A) -> Step<A> {
        let outcome = answer.outcome();
        if matches!(outcome, Outcome::Status(200..=299)) {
            let call = &self.sends().call;
            let done = match (call.output, answer.body()) {
                (Output::Record(_), Body::Json(value)) if !value.is_object() => None,
                (Output::Page(_), Body::Json(value)) if self.records(call, &value).is_none() => {
                    None
                }
                (_, Body::Json(value)) => Some(Some(value)),
                (Output::Record(_), Body::Empty) | (_, Body::Unreadable) => None,
                (_, Body::Empty) => Some(None),
            };
            if let Some(value) = done {
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
        let now = platform.now();
        let asked = answer
            .retry_after()
            .and_then(|header| retry_after(&header, now, |date| platform.parse_date(date)));
        let delay = asked.unwrap_or_else(|| backoff(sends.attempts, platform.random()));
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
        if outcome == Outcome::Status(429) {
            failure.retry_after = asked;
            if let Some(limiter) = &self.shared.limiter {
                limiter.borrow_mut().close(now + delay);
            }
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
