//! The waits between attempts.

/// The wait after consecutive failures (from 1): full jitter, a second doubling to `max`, at least
/// a second. `jitter` is in [0, 1).
pub(super) fn backoff(failures: u32, max: f64, jitter: f64) -> f64 {
    let doubled = f64::from(1_u32 << failures.saturating_sub(1).min(20)) * MIN_WAIT;
    (jitter * doubled.min(max)).max(MIN_WAIT)
}

/// The shortest wait, and the longest that `Retry-After` may request.
pub(super) const MIN_WAIT: f64 = 1_000.0;
pub(super) const MAX_WAIT: f64 = 3_600_000.0;

/// The longest back-off.
pub(super) const MAX_BACKOFF: f64 = 900_000.0;
