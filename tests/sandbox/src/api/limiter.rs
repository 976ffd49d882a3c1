//! Two sliding windows per credential.

use std::collections::{HashMap, VecDeque};

use super::shapes::Limits;

#[derive(Debug, Default)]
pub(crate) struct Limiter {
    /// The times of the accepted requests, oldest first.
    passed: HashMap<String, VecDeque<u64>>,
}

impl Limiter {
    /// Accepts a request, or returns the milliseconds until the next one is accepted. Rejected
    /// requests do not count.
    pub(crate) fn pass(&mut self, limits: &Limits, credential: &str, now: u64) -> Result<(), u64> {
        let passed = self.passed.entry(credential.to_owned()).or_default();
        let longest = limits.minute_ms.max(limits.hour_ms);
        while passed.front().is_some_and(|at| at + longest <= now) {
            passed.pop_front();
        }
        let windows = [(limits.per_minute, limits.minute_ms), (limits.per_hour, limits.hour_ms)];
        let wait =
            windows.into_iter().filter_map(|(most, window)| wait(passed, most?, window, now)).max();
        match wait {
            Some(wait) => Err(wait),
            None => {
                passed.push_back(now);
                Ok(())
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.passed.clear();
    }
}

fn wait(passed: &VecDeque<u64>, most: u32, window: u64, now: u64) -> Option<u64> {
    if most == 0 {
        return Some(window);
    }
    // The request that must leave the window before another is accepted.
    let position = passed.len().checked_sub(most as usize)?;
    let leaves = passed.get(position)? + window;
    leaves.checked_sub(now).filter(|wait| *wait > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides() {
        let limits =
            Limits { per_minute: Some(2), per_hour: Some(3), minute_ms: 100, hour_ms: 1000 };
        let mut limiter = Limiter::default();
        assert_eq!(limiter.pass(&limits, "a", 0), Ok(()));
        assert_eq!(limiter.pass(&limits, "a", 50), Ok(()));
        assert_eq!(limiter.pass(&limits, "a", 60), Err(40));
        assert_eq!(limiter.pass(&limits, "b", 60), Ok(()), "each credential has its own");
        assert_eq!(limiter.pass(&limits, "a", 100), Ok(()));
        assert_eq!(limiter.pass(&limits, "a", 300), Err(700), "the hour's limit is reached");
        assert_eq!(limiter.pass(&limits, "a", 1000), Ok(()));
    }
}
