//! What is retried, and after which wait: pure functions.

use crate::call::transport::{Outcome, TransportError};
use crate::request::endpoint::Method;

/// The longest wait that a call starts, in milliseconds.
pub const MAX_WAIT: f64 = 60_000.0;

/// What an outcome means for a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryClass {
    /// Whether another attempt may succeed.
    pub is_transient: bool,
    /// Whether the CRM may have processed the request.
    pub maybe_processed: bool,
}

/// Classifies an outcome that is not the expected one.
#[must_use]
pub fn classify(outcome: Outcome) -> RetryClass {
    let (is_transient, maybe_processed) = match outcome {
        Outcome::Error { error: TransportError::Connection | TransportError::Timeout, sent } => {
            (true, sent)
        }
        Outcome::Error { error: TransportError::Aborted | TransportError::Token, sent } => {
            (false, sent)
        }
        Outcome::Status(429) => (true, false),
        Outcome::Status(408 | 425 | 500 | 502 | 503 | 504 | 520..=524) => (true, true),
        Outcome::Status(400..=499) => (false, false),
        // Another 5xx, a redirect, or an unexpected 2xx response.
        Outcome::Status(_) => (false, true),
    };
    RetryClass { is_transient, maybe_processed }
}

/// Whether a request of this method may be sent again. A `POST` only if it certainly was not processed.
#[must_use]
pub fn is_retryable(method: Method, class: RetryClass) -> bool {
    class.is_transient && (method != Method::Post || !class.maybe_processed)
}

/// The wait after attempt number `attempt` (from 1), in milliseconds: full jitter, 0.5 s doubling to
/// 8 s. `random` is from 0 up to 1.
#[must_use]
pub fn backoff(attempt: u32, random: f64) -> f64 {
    random * f64::from(500_u32 << attempt.clamp(1, 5).wrapping_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn error(error: TransportError, sent: bool) -> Outcome {
        Outcome::Error { error, sent }
    }

    fn row(outcome: Outcome) -> (bool, bool) {
        let class = classify(outcome);
        (class.is_transient, class.maybe_processed)
    }

    #[test]
    fn every_status_is_classified() {
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
    fn a_request_that_was_not_sent_was_not_processed() {
        for sent in [true, false] {
            assert_eq!(row(error(TransportError::Connection, sent)), (true, sent));
            assert_eq!(row(error(TransportError::Timeout, sent)), (true, sent));
            assert_eq!(row(error(TransportError::Aborted, sent)), (false, sent));
            assert_eq!(row(error(TransportError::Token, sent)), (false, sent));
        }
    }

    #[test]
    fn a_post_is_retried_only_if_it_was_not_processed() {
        for (outcome, post, put) in [
            (Outcome::Status(429), true, true),
            (Outcome::Status(503), false, true),
            (Outcome::Status(400), false, false),
            (error(TransportError::Connection, true), false, true),
            (error(TransportError::Timeout, false), true, true),
            (error(TransportError::Aborted, false), false, false),
        ] {
            assert_eq!(is_retryable(Method::Post, classify(outcome)), post, "{outcome:?}");
            for method in [Method::Get, Method::Put, Method::Patch, Method::Delete] {
                assert_eq!(is_retryable(method, classify(outcome)), put, "{outcome:?}");
            }
        }
    }

    #[test]
    fn the_back_off_doubles_to_eight_seconds_with_full_jitter() {
        let most: Vec<f64> = (1..8).map(|attempt| backoff(attempt, 1.0)).collect();
        assert_eq!(most, [500.0, 1000.0, 2000.0, 4000.0, 8000.0, 8000.0, 8000.0]);
        assert_eq!(backoff(3, 0.0), 0.0);
        assert_eq!(backoff(u32::MAX, 1.0), 8000.0);
    }
}
