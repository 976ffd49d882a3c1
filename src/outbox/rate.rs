//! How much one client may send: a token bucket each.

use super::Outbox;
use super::contract::Rate;
use super::store::{Store, Unavailable, params};

/// A form post is let in up to so many times the limit: mobile carriers share addresses.
const WIDER: f64 = 10.0;

/// Whether a request is let in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pass {
    /// It is; `marked` where it is so only because a form posted it.
    In { marked: bool },
    /// It is not, for so many milliseconds.
    Out(f64),
}

/// What one client has left of its two buckets: its own, and the wider one of form posts.
#[derive(Clone, Copy, Debug)]
struct Buckets {
    tokens: f64,
    wide: f64,
}

impl Buckets {
    /// Fills up for the time that went by, and takes out for one request.
    fn pass(&mut self, rate: &Rate, elapsed: f64) -> Pass {
        let (each, burst) = rate.bounded();
        let filled = |held: f64, by: f64| (held + elapsed.max(0.0) * each * by).min(burst * by);
        self.tokens = filled(self.tokens, 1.0);
        self.wide = filled(self.wide, WIDER);
        let (held, by) = if rate.form { (self.wide, WIDER) } else { (self.tokens, 1.0) };
        if held < 1.0 {
            return Pass::Out((1.0 - held) / (each * by));
        }
        let marked = self.tokens < 1.0;
        if !marked {
            self.tokens -= 1.0;
        }
        self.wide = (self.wide - 1.0).max(0.0);
        Pass::In { marked }
    }

    /// How long until both are full again, when there is nothing left to remember.
    fn full_in(&self, rate: &Rate) -> f64 {
        let (each, burst) = rate.bounded();
        let missing = (burst - self.tokens).max(burst - self.wide / WIDER);
        (missing / each).clamp(0.0, 86_400_000.0)
    }
}

impl Rate {
    /// Tokens a millisecond and the most that are held, as numbers that can be reckoned with.
    fn bounded(&self) -> (f64, f64) {
        let bound = |number: f64, least| if number > least { number.min(1e9) } else { least };
        (bound(self.per_minute, 1e-9) / 60_000.0, bound(self.burst, 0.0))
    }
}

impl<S: Store> Outbox<S> {
    /// Counts a request against its client.
    pub(super) fn pass(&self, rate: &Rate, now: f64) -> Result<Pass, Unavailable> {
        let known = self.row(
            "SELECT tokens, wide, at FROM clients WHERE client = ?",
            params![rate.client.as_str()],
        )?;
        let number = |column| known.as_ref().and_then(|row| row.number(column));
        // Who comes anew makes room: what is full again need not be remembered.
        if known.is_none() {
            self.exec("DELETE FROM clients WHERE full_at <= ?", params![now])?;
        }
        let (_, burst) = rate.bounded();
        let mut buckets = Buckets {
            tokens: number(0).unwrap_or(burst),
            wide: number(1).unwrap_or(burst * WIDER),
        };
        let pass = buckets.pass(rate, now - number(2).unwrap_or(now));
        self.exec(
            "INSERT OR REPLACE INTO clients (client, tokens, wide, at, full_at) \
             VALUES (?, ?, ?, ?, ?)",
            params![
                rate.client.as_str(),
                buckets.tokens,
                buckets.wide,
                now,
                now + buckets.full_in(rate)
            ],
        )?;
        if let Pass::Out(_) = pass {
            self.count("leads_limited_total")?;
        }
        Ok(pass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(form: bool) -> Rate {
        Rate { client: "a".into(), per_minute: 10.0, burst: 20.0, form }
    }

    fn passed(buckets: &mut Buckets, rate: &Rate, times: usize) -> (usize, usize) {
        let passes: Vec<Pass> = (0..times).map(|_| buckets.pass(rate, 0.0)).collect();
        let count = |wanted| passes.iter().filter(|&&pass| pass == wanted).count();
        (count(Pass::In { marked: false }), count(Pass::In { marked: true }))
    }

    #[test]
    fn a_burst_then_so_many_a_minute() {
        let mut buckets = Buckets { tokens: 20.0, wide: 200.0 };
        assert_eq!(passed(&mut buckets, &rate(false), 30), (20, 0));
        let Pass::Out(wait) = buckets.pass(&rate(false), 0.0) else { panic!("too many") };
        assert!((wait - 6_000.0).abs() < 1e-6);
        assert_eq!(buckets.pass(&rate(false), wait + 1e-6), Pass::In { marked: false });
        assert!(matches!(buckets.pass(&rate(false), 0.0), Pass::Out(_)));
    }

    #[test]
    fn form_posts_are_marked_up_to_ten_times_that() {
        let mut buckets = Buckets { tokens: 20.0, wide: 200.0 };
        assert_eq!(passed(&mut buckets, &rate(true), 300), (20, 180));
        let Pass::Out(wait) = buckets.pass(&rate(true), 0.0) else { panic!("too many") };
        assert!((wait - 600.0).abs() < 1e-6);
    }

    #[test]
    fn no_number_upsets_it() {
        for (per_minute, burst) in
            [(0.0, 0.0), (f64::NAN, f64::NAN), (-1.0, -5.0), (f64::INFINITY, f64::INFINITY)]
        {
            let rate = Rate { client: "a".into(), per_minute, burst, form: false };
            let mut buckets = Buckets { tokens: burst, wide: burst };
            let _ = buckets.pass(&rate, 1_000.0);
            assert!(!buckets.full_in(&rate).is_nan());
        }
    }
}
