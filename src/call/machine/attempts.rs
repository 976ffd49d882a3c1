//! The attempts of one request.

use super::BoxedFailure;
use crate::request::prepared::PreparedRequest;

/// One request and the state of its attempts.
#[derive(Debug)]
pub(super) struct Attempts<R> {
    pub(super) request: PreparedRequest,
    /// How many attempts were made.
    pub(super) count: u32,
    /// How many of them were retries, whose number is limited.
    retries: u32,
    /// Whether the CRM may have processed one of them.
    pub(super) ambiguous: bool,
    /// The number of the token that the CRM rejected, until a new one was requested.
    pub(super) rejected_token: Option<u32>,
    /// Whether a new token was already requested.
    pub(super) has_renewed_token: bool,
    /// The failure of the last attempt, returned if there is no time for another one.
    pub(super) last_failure: Option<BoxedFailure<R>>,
}

impl<R> Attempts<R> {
    pub(super) const fn new(request: PreparedRequest) -> Self {
        Self {
            request,
            count: 0,
            retries: 0,
            ambiguous: false,
            rejected_token: None,
            has_renewed_token: false,
            last_failure: None,
        }
    }

    /// Whether the limit allows another retry. Counts it.
    pub(super) const fn count_retry(&mut self, max_retries: u32) -> bool {
        self.retries += 1;
        self.retries <= max_retries
    }

    /// Adds the number and the ambiguity of these attempts to a failure.
    pub(super) const fn annotate(&self, mut failure: BoxedFailure<R>) -> BoxedFailure<R> {
        failure.attempts = self.count;
        failure.ambiguous = self.ambiguous;
        failure
    }
}
