//! The sends of one request.

use super::FailureOf;
use crate::request::prepared::Call;

/// One request, with what became of it so far.
#[derive(Debug)]
pub(super) struct Sends<A> {
    pub(super) call: Call,
    pub(super) attempts: u32,
    /// How many of them were retries, which are bounded.
    retries: u32,
    /// Whether the CRM may have acted on any of them.
    pub(super) ambiguous: bool,
    /// The number of the token that was refused, until a new one was asked for.
    pub(super) refused: Option<u32>,
    /// Whether a new token was asked for already.
    pub(super) renewed: bool,
    /// The failure of the last one, to be given where there is no time for another.
    pub(super) last: Option<FailureOf<A>>,
}

impl<A> Sends<A> {
    pub(super) const fn new(call: Call) -> Self {
        Self {
            call,
            attempts: 0,
            retries: 0,
            ambiguous: false,
            refused: None,
            renewed: false,
            last: None,
        }
    }

    /// Whether the request may be sent once more; if so that is counted.
    pub(super) const fn again(&mut self, most: u32) -> bool {
        self.retries += 1;
        self.retries <= most
    }

    /// A failure as these sends tell it.
    pub(super) const fn tell(&self, mut failure: FailureOf<A>) -> FailureOf<A> {
        failure.attempts = self.attempts;
        failure.ambiguous = self.ambiguous;
        failure
    }
}
