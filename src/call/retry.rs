//! What an answer means, and how long to wait before trying again: pure functions.

use crate::call::transport::{Fault, Outcome};
use crate::request::endpoint::Method;

/// No wait longer than this is begun, in milliseconds.
pub const LONGEST_WAIT: f64 = 60_000.0;

/// What an answer (or its absence) says of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Whether trying again may help.
    pub retry: bool,
    /// Whether the CRM may have acted all the same.
    pub unknown: bool,
    /// Whether the request certainly was not processed, so that any method may be tried again.
    pub unprocessed: bool,
}

/// What an answer other than the promised one means.
#[must_use]
pub fn meaning(outcome: Outcome) -> Meaning {
    let (retry, unknown) = match outcome {
        Outcome::Fault { fault: Fault::Connection | Fault::Timeout, sent } => (true, sent),
        Outcome::Fault { fault: Fault::Aborted | Fault::Token, sent } => (false, sent),
        Outcome::Status(429) => (true, false),
        Outcome::Status(408 | 425 | 500 | 502 | 503 | 504 | 520..=524) => (true, true),
        Outcome::Status(400..=499) => (false, false),
        // Another 5xx, a redirect, or a 2xx that is not what was promised.
        Outcome::Status(_) => (false, true),
    };
    Meaning { retry, unknown, unprocessed: retry && !unknown }
}

/// Whether a request of this method may be sent again after such an answer.
#[must_use]
pub fn may_repeat(method: Method, meaning: Meaning) -> bool {
    meaning.retry && (method != Method::Post || meaning.unprocessed)
}

/// The wait before the attempt after `attempt` (from 1), in milliseconds: full jitter, half a
/// second doubling to eight. `random` is from 0 up to 1.
#[must_use]
pub fn backoff(attempt: u32, random: f64) -> f64 {
    random * f64::from(500_u32 << attempt.clamp(1, 5).wrapping_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn fault(fault: Fault, sent: bool) -> Outcome {
        Outcome::Fault { fault, sent }
    }

    fn row(outcome: Outcome) -> (bool, bool) {
        let meaning = meaning(outcome);
        (meaning.retry, meaning.unknown)
    }

    #[test]
    fn every_status_has_its_row() {
        for status in 200..=599 {
            let expected = match status {
                429 => (true, false),
                408 | 425 | 500 | 502 | 503 | 504 | 520..=524 => (true, true),
                400..=499 => (false, false),
                _ => (false, true),
            };
            assert_eq!(row(Outcome::Status(status)), expected, "{status}");
        }
    }

    #[test]
    fn what_never_left_was_not_acted_on() {
        for sent in [true, false] {
            assert_eq!(row(fault(Fault::Connection, sent)), (true, sent));
            assert_eq!(row(fault(Fault::Timeout, sent)), (true, sent));
            assert_eq!(row(fault(Fault::Aborted, sent)), (false, sent));
            assert_eq!(row(fault(Fault::Token, sent)), (false, sent));
        }
    }

    #[test]
    fn a_post_is_repeated_only_where_nothing_was_processed() {
        for (outcome, post, put) in [
            (Outcome::Status(429), true, true),
            (Outcome::Status(503), false, true),
            (Outcome::Status(400), false, false),
            (fault(Fault::Connection, true), false, true),
            (fault(Fault::Timeout, false), true, true),
            (fault(Fault::Aborted, false), false, false),
        ] {
            assert_eq!(may_repeat(Method::Post, meaning(outcome)), post, "{outcome:?}");
            for method in [Method::Get, Method::Put, Method::Patch, Method::Delete] {
                assert_eq!(may_repeat(method, meaning(outcome)), put, "{outcome:?}");
            }
        }
    }

    #[test]
    fn the_back_off_doubles_to_eight_seconds_and_is_spread() {
        let most: Vec<f64> = (1..8).map(|attempt| backoff(attempt, 1.0)).collect();
        assert_eq!(most, [500.0, 1000.0, 2000.0, 4000.0, 8000.0, 8000.0, 8000.0]);
        assert_eq!(backoff(3, 0.0), 0.0);
        assert_eq!(backoff(u32::MAX, 1.0), 8000.0);
    }
}
