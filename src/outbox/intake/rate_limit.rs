//! How much one client may send: a token bucket each.
//!
//! The buckets of those who came within the last second are in memory, and are stored once a
//! second: who dies in between forgets that second, where a write for each request would cost as
//! much as storing its lead. A client's name is in memory alone; what is stored is its digest.

use crate::outbox::Outbox;
use crate::outbox::contract::RateLimit;
use crate::outbox::identity::mac_hex;
use crate::outbox::store::{Store, StoreUnavailable, params};
use alloc::collections::BTreeMap;
use alloc::string::String;
use core::mem;

/// How long buckets stay in memory before they are stored, in milliseconds.
const FLUSH_INTERVAL: f64 = 1_000.0;

/// A form post is let in up to so many times the limit: mobile carriers share addresses.
const FORM_BURST_FACTOR: f64 = 10.0;

/// Whether a request is let in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::outbox) enum RateDecision {
    /// It is; `marked` where it is so only because a form posted it.
    Allowed { marked: bool },
    /// It is not, for so many milliseconds.
    Limited(f64),
}

/// The buckets that were used since they were last stored.
#[derive(Debug, Default)]
pub(in crate::outbox) struct ClientBuckets {
    used: BTreeMap<String, Buckets>,
    written_at: f64,
}

impl ClientBuckets {
    /// When there is something to store; infinite where there is nothing.
    fn due(&self) -> f64 {
        if self.used.is_empty() { f64::INFINITY } else { self.written_at + FLUSH_INTERVAL }
    }
}

/// What one client has left of its two buckets: its own, and the wider one of form posts.
#[derive(Clone, Copy, Debug)]
struct Buckets {
    tokens: f64,
    wide: f64,
    /// When that was so.
    at: f64,
    /// When both will be full again, and there is nothing left to remember.
    full_at: f64,
}

impl Buckets {
    fn full(rate: &RateLimit, now: f64) -> Self {
        let (_, burst) = rate.bounded();
        Self { tokens: burst, wide: burst * FORM_BURST_FACTOR, at: now, full_at: now }
    }

    /// Fills up for the time that went by, and takes out for one request.
    fn take_token(&mut self, rate: &RateLimit, now: f64) -> RateDecision {
        let (each, burst) = rate.bounded();
        let elapsed = (now - self.at).max(0.0);
        let filled = |held: f64, by: f64| (held + elapsed * each * by).min(burst * by);
        self.tokens = filled(self.tokens, 1.0);
        self.wide = filled(self.wide, FORM_BURST_FACTOR);
        self.at = now;
        let (held, by) =
            if rate.form { (self.wide, FORM_BURST_FACTOR) } else { (self.tokens, 1.0) };
        let pass = if held < 1.0 {
            RateDecision::Limited((1.0 - held) / (each * by))
        } else {
            let marked = self.tokens < 1.0;
            if !marked {
                self.tokens -= 1.0;
            }
            self.wide = (self.wide - 1.0).max(0.0);
            RateDecision::Allowed { marked }
        };
        let missing = (burst - self.tokens).max(burst - self.wide / FORM_BURST_FACTOR);
        self.full_at = now + (missing / each).clamp(0.0, 86_400_000.0);
        pass
    }
}

impl RateLimit {
    /// Tokens a millisecond and the most that are held, as numbers that can be reckoned with.
    fn bounded(&self) -> (f64, f64) {
        let bound = |number: f64, least| if number > least { number.min(1e9) } else { least };
        (bound(self.per_minute, 1e-9) / 60_000.0, bound(self.burst, 0.0))
    }
}

impl<S: Store> Outbox<S> {
    /// Counts a request against its client.
    pub(in crate::outbox) fn check_rate(
        &self,
        rate: &RateLimit,
        now: f64,
    ) -> Result<RateDecision, StoreUnavailable> {
        let used = self.clients.borrow().used.get(&rate.client).copied();
        let mut buckets = match used {
            Some(buckets) => buckets,
            None => self.stored(&rate.client)?.unwrap_or_else(|| Buckets::full(rate, now)),
        };
        let pass = buckets.take_token(rate, now);
        self.clients.borrow_mut().used.insert(rate.client.clone(), buckets);
        self.write_clients(now)?;
        if let RateDecision::Limited(_) = pass {
            self.count("requests_rate_limited_total")?;
        }
        Ok(pass)
    }

    /// Stores the buckets that were used, if it is time to; returns when it is for the others.
    pub(in crate::outbox) fn write_clients(&self, now: f64) -> Result<f64, StoreUnavailable> {
        let due = self.clients.borrow().due();
        // However far off it is, where the clock was set back.
        if due > now && due <= now + FLUSH_INTERVAL || due.is_infinite() {
            return Ok(due);
        }
        // What is full again need not be remembered.
        self.exec("DELETE FROM clients WHERE full_at <= ?", params![now])?;
        let used = mem::take(&mut self.clients.borrow_mut().used);
        for (client, Buckets { tokens, wide, at, full_at }) in &used {
            self.exec(
                "INSERT OR REPLACE INTO clients (client, tokens, wide, at, full_at) \
                 VALUES (?, ?, ?, ?, ?)",
                params![self.client(client), *tokens, *wide, *at, *full_at],
            )?;
        }
        self.clients.borrow_mut().written_at = now;
        Ok(f64::INFINITY)
    }

    /// What was stored of a client.
    fn stored(&self, client: &str) -> Result<Option<Buckets>, StoreUnavailable> {
        let row = self.row(
            "SELECT tokens, wide, at, full_at FROM clients WHERE client = ?",
            params![self.client(client)],
        )?;
        let number = |column| row.as_ref().and_then(|row| row.number(column));
        Ok(number(0)
            .zip(number(1))
            .zip(number(2).zip(number(3)))
            .map(|((tokens, wide), (at, full_at))| Buckets { tokens, wide, at, full_at }))
    }

    /// The name that a client is stored under.
    pub(in crate::outbox) fn client(&self, client: &str) -> String {
        mac_hex(&self.key, &["client", client])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(form: bool) -> RateLimit {
        RateLimit { client: "a".into(), per_minute: 10.0, burst: 20.0, form }
    }

    fn passed(buckets: &mut Buckets, rate: &RateLimit, times: usize) -> (usize, usize) {
        let passes: Vec<RateDecision> = (0..times).map(|_| buckets.take_token(rate, 0.0)).collect();
        let count = |wanted| passes.iter().filter(|&&pass| pass == wanted).count();
        (
            count(RateDecision::Allowed { marked: false }),
            count(RateDecision::Allowed { marked: true }),
        )
    }

    #[test]
    fn a_burst_then_so_many_a_minute() {
        let mut buckets = Buckets::full(&rate(false), 0.0);
        assert_eq!(passed(&mut buckets, &rate(false), 30), (20, 0));
        let RateDecision::Limited(wait) = buckets.take_token(&rate(false), 0.0) else {
            panic!("too many")
        };
        assert!((wait - 6_000.0).abs() < 1e-6);
        assert_eq!(
            buckets.take_token(&rate(false), wait + 1e-6),
            RateDecision::Allowed { marked: false }
        );
        assert!(matches!(buckets.take_token(&rate(false), wait + 1e-6), RateDecision::Limited(_)));
    }

    #[test]
    fn form_posts_are_marked_up_to_ten_times_that() {
        let mut buckets = Buckets::full(&rate(true), 0.0);
        assert_eq!(passed(&mut buckets, &rate(true), 300), (20, 180));
        let RateDecision::Limited(wait) = buckets.take_token(&rate(true), 0.0) else {
            panic!("too many")
        };
        assert!((wait - 600.0).abs() < 1e-6);
    }

    #[test]
    fn no_number_upsets_it() {
        for (per_minute, burst) in
            [(0.0, 0.0), (f64::NAN, f64::NAN), (-1.0, -5.0), (f64::INFINITY, f64::INFINITY)]
        {
            let rate = RateLimit { client: "a".into(), per_minute, burst, form: false };
            let mut buckets = Buckets { tokens: burst, wide: burst, at: 0.0, full_at: 0.0 };
            let _ = buckets.take_token(&rate, 1_000.0);
            assert!(!buckets.full_at.is_nan());
        }
    }
}
