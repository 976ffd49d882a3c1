//! The rate limit of visitors: a token bucket per client.
//!
//! Buckets in use are kept in memory and stored once a second, because a write for each request would cost
//! as much as storing its lead; a crash loses one second. Only a digest of the client's name is
//! stored.

use crate::outbox::Outbox;
use crate::outbox::contract::RateLimit;
use crate::outbox::identity::mac_hex;
use crate::outbox::store::{Store, StoreUnavailable, params};
use alloc::collections::BTreeMap;
use alloc::string::String;
use core::mem;

/// The interval between writes of the buckets in memory, in milliseconds.
const FLUSH_INTERVAL: f64 = 1_000.0;

/// The factor of the limit for form posts: users of mobile carriers share addresses.
const FORM_BURST_FACTOR: f64 = 10.0;

/// Whether a request is allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::outbox) enum RateDecision {
    /// It is allowed; `marked` if only because it is a form post.
    Allowed { marked: bool },
    /// It is not allowed for this many milliseconds.
    Limited(f64),
}

/// The buckets that were used since they were last stored.
#[derive(Debug, Default)]
pub(in crate::outbox) struct ClientBuckets {
    used: BTreeMap<String, Buckets>,
    written_at: f64,
}

impl ClientBuckets {
    /// When the buckets are stored next; infinite if there is nothing to store.
    fn due(&self) -> f64 {
        if self.used.is_empty() { f64::INFINITY } else { self.written_at + FLUSH_INTERVAL }
    }
}

/// The two buckets of a client: the general one, and the larger one for form posts.
#[derive(Clone, Copy, Debug)]
struct Buckets {
    tokens: f64,
    wide: f64,
    /// The time of these token counts.
    at: f64,
    /// When both will be full again, so that they need not be stored.
    full_at: f64,
}

impl Buckets {
    fn full(rate: &RateLimit, now: f64) -> Self {
        let (_, burst) = rate.bounded();
        Self { tokens: burst, wide: burst * FORM_BURST_FACTOR, at: now, full_at: now }
    }

    /// Refills the buckets for the elapsed time and takes a token for one request.
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
    /// Tokens per millisecond and the bucket size, limited to reasonable numbers.
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

    /// Stores the buckets in use, if that is due; returns when it is due next.
    pub(in crate::outbox) fn write_clients(&self, now: f64) -> Result<f64, StoreUnavailable> {
        let due = self.clients.borrow().due();
        // Stored at once if the clock was set back.
        if due > now && due <= now + FLUSH_INTERVAL || due.is_infinite() {
            return Ok(due);
        }
        // Full buckets need not be stored.
        self.execute("DELETE FROM clients WHERE full_at <= ?", params![now])?;
        let used = mem::take(&mut self.clients.borrow_mut().used);
        for (client, Buckets { tokens, wide, at, full_at }) in &used {
            self.execute(
                "INSERT OR REPLACE INTO clients (client, tokens, wide, at, full_at) \
                 VALUES (?, ?, ?, ?, ?)",
                params![self.client(client), *tokens, *wide, *at, *full_at],
            )?;
        }
        self.clients.borrow_mut().written_at = now;
        Ok(f64::INFINITY)
    }

    /// The stored buckets of a client.
    fn stored(&self, client: &str) -> Result<Option<Buckets>, StoreUnavailable> {
        let row = self.query_row(
            "SELECT tokens, wide, at, full_at FROM clients WHERE client = ?",
            params![self.client(client)],
        )?;
        let number = |column| row.as_ref().and_then(|row| row.number(column));
        Ok(number(0)
            .zip(number(1))
            .zip(number(2).zip(number(3)))
            .map(|((tokens, wide), (at, full_at))| Buckets { tokens, wide, at, full_at }))
    }

    /// The digest of a client's name.
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
    fn after_a_burst_requests_are_limited_to_the_rate() {
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
    fn form_posts_beyond_the_limit_are_marked() {
        let mut buckets = Buckets::full(&rate(true), 0.0);
        assert_eq!(passed(&mut buckets, &rate(true), 300), (20, 180));
        let RateDecision::Limited(wait) = buckets.take_token(&rate(true), 0.0) else {
            panic!("too many")
        };
        assert!((wait - 600.0).abs() < 1e-6);
    }

    #[test]
    fn extreme_numbers_are_harmless() {
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
