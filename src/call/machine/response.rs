//! What follows a response: the end of the call, or another attempt.

use super::{BoxedFailure, CallMachine, CallStep, Step, Unconfirmed};
use crate::call::failure::{ErrorCode, Failure};
use crate::call::retry::{backoff, classify, is_retryable};
use crate::call::transport::{Body, Outcome, Platform, Response, WaitReason};
use crate::json::value::Json as _;
use crate::request::confirmation::created_record;
use crate::request::endpoint::{Method, Output};
use crate::request::settings::CallSettings;

impl<R: Response> CallMachine<R> {
    /// Handles a response, or the lack of one.
    pub(super) fn on_response(
        &mut self,
        platform: &impl Platform<Response = R>,
        response: R,
    ) -> CallStep<R> {
        let outcome = response.outcome();
        if matches!(outcome, Outcome::Status(200..=299)) {
            let request = &self.attempts().request;
            let expected = match (request.output, response.body()) {
                // A create that is not confirmed is looked up and not sent twice, so the check is strict.
                (Output::Record(_), Body::Json(value)) if request.creates_lead => {
                    let may_have_id = |lead: &R::Value| {
                        request.submission.as_ref().is_none_or(|submission| {
                            self.settings.submission_field.may_have_id(lead, &submission.id)
                        })
                    };
                    created_record(&value).filter(may_have_id).map(Some)
                }
                (Output::Record(_), Body::Json(value)) if !value.is_object() => None,
                (Output::Page(_), Body::Json(value)) if self.records(request, &value).is_none() => {
                    None
                }
                (_, Body::Json(value)) => Some(Some(value)),
                (Output::Record(_), Body::Empty) | (_, Body::NotJson) => None,
                (_, Body::Empty) => Some(None),
            };
            if let Some(value) = expected {
                let submission = request.submission.as_ref().filter(|_| value.is_some());
                if let Some(submission) = submission {
                    self.shared.record_confirmed(&submission.id);
                }
                if let Some(lookup) = &mut self.lookup {
                    lookup.date = response.date().unwrap_or(f64::NAN);
                }
                return self.finish_request(platform, Ok(value));
            }
        }
        let CallSettings { token_function, max_retries, .. } = self.settings;
        let is_last = self.is_last;
        let attempts = self.attempts_mut();
        if outcome == Outcome::Status(401) && token_function && !attempts.has_renewed_token {
            attempts.has_renewed_token = true;
            attempts.rejected_token = Some(response.token());
            attempts.last_failure = None;
            return self.enqueue(platform);
        }
        attempts.rejected_token = None;
        let mut class = classify(outcome);
        attempts.ambiguous |= class.maybe_processed && attempts.request.method != Method::Get;
        let retry_after = response.retry_after();
        let delay = backoff(attempts.count, platform.random()).max(retry_after.unwrap_or(0.0));
        let mut failure = attempts.annotate(Failure::new(ErrorCode::of(outcome), Some(response)));
        if is_last && failure.code == ErrorCode::Timeout {
            failure.code = ErrorCode::TotalTimeout;
            class.is_transient = false;
        }
        let method = attempts.request.method;
        // An earlier attempt may have deleted the record, so a 404 is the wanted result.
        if method == Method::Delete && attempts.ambiguous && failure.code == ErrorCode::NotFound {
            return self.finish_request(platform, Ok(None));
        }
        let is_unconfirmed = attempts.request.submission.is_some()
            && class.maybe_processed
            && failure.code != ErrorCode::Abort;
        let can_retry =
            !is_unconfirmed && is_retryable(method, class) && attempts.count_retry(max_retries);
        failure.retry_after = retry_after;
        if outcome == Outcome::Status(429)
            && let Some(limiter) = &self.shared.limiter
        {
            limiter.borrow_mut().close(platform.now(), delay);
        }
        if is_unconfirmed {
            self.unconfirmed =
                Some(Unconfirmed { failure, is_transient: class.is_transient, lookups: 0 });
            return self.next_lookup(platform);
        }
        let reason = match outcome {
            Outcome::Status(status) => WaitReason::Status(status),
            _ if failure.code == ErrorCode::Timeout => WaitReason::Timeout,
            Outcome::Error { .. } => WaitReason::Connection,
        };
        if !can_retry || !self.start_wait(platform, delay, reason) {
            return self.finish_request(platform, Err(failure));
        }
        self.attempts_mut().last_failure = Some(failure);
        Step::Sleep(delay)
    }

    /// Sends the request again without a wait. Returns the failure if no retry is left.
    pub(super) fn retry_now(
        &mut self,
        platform: &impl Platform<Response = R>,
        failure: BoxedFailure<R>,
    ) -> CallStep<R> {
        if !self.attempts.count_retry(self.settings.max_retries) {
            return Step::Done(Err(failure));
        }
        self.attempts.last_failure = Some(failure);
        self.enqueue(platform)
    }
}
