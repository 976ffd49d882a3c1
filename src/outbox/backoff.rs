//! How long to wait before something is tried again.

/// How long to wait after so many failures in a row (from 1): a second doubling to `most`, spread
/// over the whole of it, but a second at least. `chance` is from 0 up to 1.
pub(super) fn backoff(failures: u32, most: f64, jitter: f64) -> f64 {
    let doubled = f64::from(1_u32 << failures.saturating_sub(1).min(20)) * MIN_WAIT;
    (jitter * doubled.min(most)).max(MIN_WAIT)
}

/// The shortest wait before something is tried again, and the longest that the CRM may ask for.
pub(super) const MIN_WAIT: f64 = 1_000.0;
pub(super) const MAX_WAIT: f64 = 3_600_000.0;

/// The longest wait before something is tried again.
pub(super) const MAX_BACKOFF: f64 = 900_000.0;
