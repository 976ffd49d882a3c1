//! The accounts of a source, each with its token: their pauses and their limits.

use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::store::{SqlValue, Store, StoreUnavailable, params};
use alloc::collections::BTreeMap;
use alloc::string::String;

/// The maximum number of requests of an account per second, and at once.
const REQUESTS_PER_SECOND: f64 = 10.0;
const BURST: f64 = 20.0;

/// The number of consecutive rejected requests that pauses fetching: a missing permission looks
/// like a lead that does not exist.
const MAX_REJECTED: u32 = 5;

/// The longest wait for the next trial after one that failed for a different reason than the
/// pause's.
const MAX_UNRELATED_WAIT: f64 = 60_000.0;

/// The token buckets of the accounts in this process, by source and account. A restart fills them, which exceeds the
/// rate by one burst.
pub(in crate::outbox) type FetchBuckets = BTreeMap<(String, String), Bucket>;

/// A token bucket.
#[derive(Clone, Copy, Debug)]
pub(in crate::outbox) struct Bucket {
    tokens: f64,
    at: f64,
}

/// An account of a source. A source whose accounts share a token has one, with an empty name.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub(super) source: String,
    pub(super) name: String,
    /// Why fetching is paused, as a code, and the platform's code.
    pub(super) pause_reason: Option<String>,
    /// When the next trial may begin, and how many have failed.
    trial_at: f64,
    failures: u32,
    /// How many requests in a row were rejected.
    rejected: u32,
    /// Until when the platform rejects requests, and how often it asked to wait in a row.
    closed_until: f64,
    limited: u32,
}

impl Account {
    /// When the next request may be sent.
    pub(super) fn open_at(&self) -> f64 {
        let trial_at = if self.pause_reason.is_some() { self.trial_at } else { 0.0 };
        trial_at.max(self.closed_until)
    }
}

impl<S: Store> Outbox<S> {
    /// An account as it is stored.
    pub(super) fn account(&self, source: &str, name: &str) -> Result<Account, StoreUnavailable> {
        let row = self.query_row(
            "SELECT pause_reason, trial_at, failures, rejected, closed_until, limited \
             FROM sources WHERE name = ? AND account = ?",
            params![source, name],
        )?;
        let (source, name) = (source.into(), name.into());
        Ok(row.map_or_else(
            || Account {
                source: String::clone(&source),
                name: String::clone(&name),
                ..Account::default()
            },
            |row| Account {
                source: String::clone(&source),
                name: String::clone(&name),
                pause_reason: row.text(0).map(String::from),
                trial_at: row.number(1).unwrap_or(0.0),
                failures: row.count(2),
                rejected: row.count(3),
                closed_until: row.number(4).unwrap_or(0.0),
                limited: row.count(5),
            },
        ))
    }

    fn store_account(&self, account: &Account, code: Option<u32>) -> Result<(), StoreUnavailable> {
        self.execute(
            "INSERT INTO sources (name, account, pause_reason, pause_code, trial_at, failures, rejected, \
             closed_until, limited) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (name, account) DO UPDATE SET pause_reason = excluded.pause_reason, \
             pause_code = COALESCE(excluded.pause_code, pause_code), trial_at = excluded.trial_at, \
             failures = excluded.failures, rejected = excluded.rejected, \
             closed_until = excluded.closed_until, limited = excluded.limited",
            params![
                account.source.as_str(),
                account.name.as_str(),
                account.pause_reason.as_deref(),
                code,
                account.trial_at,
                account.failures,
                account.rejected,
                account.closed_until,
                account.limited
            ],
        )
        .map(drop)
    }

    /// The platform responded as expected: a pause ends.
    pub(super) fn resume_account(
        &self,
        account: &Account,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        let Account { source, name, pause_reason, rejected, limited, .. } = account;
        if pause_reason.is_none() && *rejected == 0 && *limited == 0 {
            return Ok(());
        }
        let (source, name) = (String::clone(source), String::clone(name));
        self.store_account(&Account { source, name, ..Account::default() }, None)?;
        if pause_reason.is_some() {
            self.review_soon();
            // Events that failed meanwhile need not wait for their back-off.
            self.execute(
                "UPDATE leads SET next_at = ? WHERE state = 'fetching' AND thin = 1 AND source = ? \
                 AND account = ? AND leased = 0 AND next_at > ?",
                params![now, account.source.as_str(), account.name.as_str(), now],
            )?;
        }
        Ok(())
    }

    /// Pauses an account, or continues its pause after a failed trial.
    pub(super) fn pause_account(
        &self,
        account: &Account,
        reason: &str,
        code: Option<u32>,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        let failures = account.failures + 1;
        let paused = Account {
            pause_reason: Some(reason.into()),
            trial_at: now + backoff(failures, MAX_BACKOFF, jitter),
            failures,
            ..account.clone()
        };
        self.review_soon();
        self.store_account(&paused, code)
    }

    /// A request was rejected. Enough of them in a row pause the account. Returns whether it is paused.
    pub(super) fn reject(
        &self,
        account: &Account,
        reason: &str,
        code: Option<u32>,
        now: f64,
        jitter: f64,
    ) -> Result<bool, StoreUnavailable> {
        let rejected = account.rejected + 1;
        let account = Account { rejected, ..account.clone() };
        if account.pause_reason.is_some() || rejected >= MAX_REJECTED {
            let reason = account.pause_reason.clone().unwrap_or_else(|| reason.into());
            self.pause_account(&account, &reason, code, now, jitter)?;
            return Ok(true);
        }
        self.store_account(&account, None)?;
        Ok(false)
    }

    /// The platform requested a wait. Returns its end.
    pub(super) fn close_account(
        &self,
        account: &Account,
        wait: f64,
        now: f64,
        jitter: f64,
    ) -> Result<f64, StoreUnavailable> {
        // Of concurrent requests only the first one counts.
        let limited = account.limited + u32::from(account.closed_until <= now);
        let until = now + wait.max(backoff(limited, MAX_BACKOFF, jitter));
        let closed_until = account.closed_until.max(until);
        self.store_account(&Account { closed_until, limited, ..account.clone() }, None)?;
        Ok(closed_until)
    }

    /// A trial failed for a reason unrelated to the pause's: the pause continues without a longer
    /// back-off, and the next trial is soon.
    pub(super) fn fail_trial(
        &self,
        account: &Account,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        match &account.pause_reason {
            Some(_) => {
                let trial_at = now + backoff(account.failures, MAX_UNRELATED_WAIT, jitter);
                self.store_account(&Account { trial_at, ..account.clone() }, None)
            }
            None => Ok(()),
        }
    }

    /// Takes a token for a request of an account, or returns when there is one.
    pub(super) fn take_fetch_token(&self, account: &Account, now: f64) -> Result<(), f64> {
        let mut buckets = self.fetch_buckets.borrow_mut();
        let key = (account.source.clone(), account.name.clone());
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: BURST, at: now });
        let refilled = (now - bucket.at).max(0.0) / 1_000.0 * REQUESTS_PER_SECOND;
        bucket.tokens = (bucket.tokens + refilled).min(BURST);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return Err(now + (1.0 - bucket.tokens) / REQUESTS_PER_SECOND * 1_000.0);
        }
        bucket.tokens -= 1.0;
        Ok(())
    }

    /// Limits the waits of the sources to the longest that could start now.
    pub(in crate::outbox) fn limit_source_waits(&self, now: f64) -> Result<(), StoreUnavailable> {
        let latest = now + MAX_BACKOFF;
        self.execute(
            "UPDATE sources SET trial_at = MIN(trial_at, ?), closed_until = MIN(closed_until, ?)",
            params![latest, now + crate::outbox::backoff::MAX_WAIT],
        )?;
        // Removes the claims of a dead process.
        self.execute(
            "UPDATE leads SET next_at = CASE leased WHEN 1 THEN ? ELSE MIN(next_at, ?) END, leased = 0 \
             WHERE state = 'fetching' AND (leased = 1 OR next_at > ?)",
            params![now, now + crate::outbox::backoff::MAX_WAIT, now + crate::outbox::backoff::MAX_WAIT],
        )?;
        let longest = self.settings.sources.iter().map(|source| source.backfill_interval);
        let longest = longest.fold(MAX_BACKOFF, f64::max);
        let backfills = params![SqlValue::Number(now), now + longest];
        self.execute(
            "UPDATE backfills SET next_at = CASE leased WHEN 1 THEN ? ELSE MIN(next_at, ?) END, leased = 0",
            backfills,
        )
        .map(drop)
    }
}
