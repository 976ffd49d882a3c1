//! One walk through the CRM's list, most recent lead first, for all leads of which no search has
//! told whether the CRM has them.
//!
//! A walk reads the list twice where one page is not enough: deletions pull records to pages that
//! came already. It takes a tenth of the budget at most, survives the process, and is made once an
//! hour for what is left.

mod page;
mod proof;

pub use page::{WalkPage, WalkRecord};

use crate::call::machine::Shared;
use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::dispatch::claim::{Job, JobKind};
use crate::outbox::dispatch::job_call::JobOutcome;
use crate::outbox::dispatch::outcome::bounded_wait;
use crate::outbox::dispatch::permits::CallPermit;
use crate::outbox::settings::AmbiguousPolicy;
use crate::outbox::state::OutboxState;
use crate::outbox::store::{Store, StoreUnavailable, Value, params};
use crate::request::absence::AbsenceProof;
use crate::text::decimal;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Why a lead takes part in walks, or is held after the last one.
pub(in crate::outbox) const UNPROVEN: &str = "absence_unproven";

/// How many walks may leave a lead without proof before it is held: three soon after each other, for
/// leads that arrive meanwhile may spoil one, and 24 an hour apart.
pub(in crate::outbox) const MAX_WALKS: u32 = 3 + 24;
const HOUR: f64 = 3_600_000.0;

/// How long it is from a walk that leaves a lead without proof, after so many earlier ones, to the
/// next: a minute, 4 and 16 minutes, then an hour.
pub(in crate::outbox) fn walk_interval(walks: u32) -> f64 {
    HOUR.min(f64::from(60_000_u32 << (2 * walks.min(4))))
}

/// How many pages one reading has at most: what the budget allows in an hour.
const MAX_PAGES: u32 = 400;

/// The part of the budget that walks take.
const SHARE: f64 = 0.1;

/// A walk under way, as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::outbox) struct ListWalk {
    number: f64,
    /// Whether it is the second reading.
    is_second: bool,
    failures: u32,
    /// The lowest numbers of confirmations met in this reading, the lowest first.
    confirmations: Vec<f64>,
    walk: AbsenceProof,
}

impl ListWalk {
    /// The query for its next page.
    pub(in crate::outbox) fn query(&self, counts_from_one: bool) -> String {
        match self.walk.next_page(counts_from_one) {
            None => r#"{"limit":50}"#.into(),
            Some(page) => [r#"{"limit":50,"page":"#, &decimal(page), "}"].concat(),
        }
    }
}

impl<S: Store> Outbox<S> {
    /// When the next page may be asked for. `due`: when a walk is due for some lead.
    pub(in crate::outbox) fn walk_at(&self, facts: &OutboxState, due: f64) -> f64 {
        if self.settings.ambiguous == AmbiguousPolicy::Resend {
            return f64::INFINITY;
        }
        if facts.walk.is_some() { facts.walk_at } else { due.max(facts.walk_at) }
    }

    /// What a process that died had asked for is asked for again.
    pub(in crate::outbox) fn resume_walk(&self, now: f64) -> Result<(), StoreUnavailable> {
        let sql = "UPDATE facts SET value = ? WHERE name = 'walk_at' AND value > ?";
        self.exec(sql, params![now, now]).map(drop)
    }

    /// Goes on with the walk, or begins one for all leads that it is due for.
    pub(in crate::outbox) fn claim_walk(
        &self,
        facts: &OutboxState,
        permit: CallPermit,
        now: f64,
    ) -> Result<Option<Job>, StoreUnavailable> {
        let under_way = facts.walk.as_ref().and_then(|text| serde_json::from_str(text).ok());
        let walk = match under_way {
            Some(walk) => walk,
            None => {
                let number = facts.walk_number + 1.0;
                self.set(&[("walk_number", number.into())])?;
                self.exec(
                    "UPDATE leads SET walk = ?, proofs = 0 \
                     WHERE state = 'unconfirmed' AND reason = ? AND next_at <= ?",
                    params![number, UNPROVEN, now],
                )?;
                ListWalk {
                    number,
                    is_second: false,
                    failures: 0,
                    confirmations: Vec::new(),
                    walk: AbsenceProof::default(),
                }
            }
        };
        let (tokens, _) = self.walk_tokens(facts, now);
        self.set(&[
            ("walk", written(&walk)),
            ("walk_at", (now + self.lease(JobKind::Walk)).into()),
            ("walk_tokens", (tokens - 1.0).into()),
            ("walk_tokens_at", now.into()),
        ])?;
        self.take_permit(permit, now)?;
        let job = Job::without_lead(JobKind::Walk, permit);
        Ok(Some(Job { walk: Some(Box::new(walk)), ..job }))
    }

    /// How many pages may be asked for now, and how long it takes until one more may be: a tenth of
    /// the minute's budget at once, and of the hour's altogether.
    fn walk_tokens(&self, facts: &OutboxState, now: f64) -> (f64, f64) {
        let [(minute, _), (hour, length)] = self.settings.limits.budget();
        let most = (minute * SHARE).max(1.0);
        let rate = (hour * SHARE - most).max(1.0) / length;
        let passed = (now - facts.walk_tokens_at).max(0.0);
        let tokens = facts.walk_tokens.map_or(most, |tokens| (tokens + passed * rate).min(most));
        (tokens, ((1.0 - tokens) / rate).max(0.0))
    }

    /// Stores what came of asking for a page.
    pub(in crate::outbox) fn record_walk_outcome(
        &self,
        facts: &OutboxState,
        job: &Job,
        asked_for: &ListWalk,
        outcome: &JobOutcome,
        now: f64,
        jitter: f64,
    ) -> Result<(), StoreUnavailable> {
        // Another lane may have gone on since this one was given up.
        if facts.walk.as_deref().map(Value::from) != Some(written(asked_for)) {
            return Ok(());
        }
        let mut walk = asked_for.clone();
        walk.failures += 1;
        let delay = backoff(walk.failures, MAX_BACKOFF, jitter);
        let at = match outcome {
            JobOutcome::PageRead(page) => {
                self.on_crm_success(facts, job.is_trial, false, now)?;
                self.set_lookup_available(facts, now)?;
                walk.failures = 0;
                if !self.take_page(facts, &mut walk, page, now, jitter)? {
                    return self.end_walk(&walk, now);
                }
                now + self.walk_tokens(facts, now).1
            }
            JobOutcome::LookupForbidden(status) => {
                self.on_crm_response(facts, job.is_trial, now)?;
                self.set_lookup_unavailable(facts, *status)?;
                self.exec(
                    "UPDATE leads SET state = 'held', reason = 'lookup_forbidden', status = ?, \
                     next_at = ?, updated_at = ? \
                     WHERE walk = ? AND state = 'unconfirmed' AND reason = ?",
                    params![
                        u32::from(*status),
                        self.expiry_warning(now),
                        self.proven(now),
                        walk.number,
                        UNPROVEN
                    ],
                )?;
                return self.end_walk(&walk, now);
            }
            JobOutcome::RateLimited(wait) => {
                self.on_crm_response(facts, job.is_trial, now)?;
                self.pause_after_429(facts, *wait, now, jitter)?
            }
            JobOutcome::LookupFailed { retry_after, .. } => {
                self.on_unreachable(facts, job.is_trial, now, jitter)?;
                now + bounded_wait(*retry_after).max(delay)
            }
            JobOutcome::NoPermitUntil(until) => *until,
            _ => now + delay,
        };
        self.set(&[("walk", written(&walk)), ("walk_at", at.into())])
    }

    /// Compares a page with the leads. Whether the walk goes on.
    fn take_page(
        &self,
        facts: &OutboxState,
        walk: &mut ListWalk,
        page: &WalkPage,
        now: f64,
        jitter: f64,
    ) -> Result<bool, StoreUnavailable> {
        let fresh = self.fresh(&walk.walk, page)?;
        // Page 1 may be the page that came without a number, with leads that are new since.
        let is_again = walk.walk.pages == 1 && fresh.len() < page.records.len();
        let confirmations = self.compare(facts, page, now)?;
        let mut lists_ids = facts.lists_ids;
        for record in &page.records {
            lists_ids |= record.submission_id.is_some();
            if is_again || !fresh.contains(&record.key) {
                continue;
            }
            let id = record.submission_id.as_deref();
            walk.walk.add_record(record.created_at.unwrap_or(f64::NAN), record.has_field);
            if let Some((_, number)) = confirmations.iter().find(|(known, _)| Some(&**known) == id)
            {
                walk.confirmations.push(*number);
                walk.confirmations.sort_by(f64::total_cmp);
                walk.confirmations.truncate(2);
            }
        }
        walk.walk.end_page(page.records.len() as u32, page.total);
        if lists_ids {
            self.record_lists_ids()?;
            self.prove(walk, page.date, now, jitter)?;
        }
        let left = self.members(walk, "")?.len();
        let open = self.members(walk, " AND proofs = 0")?.len();
        // The first reading goes on for those without proof, the second for those with one.
        let wanted = if walk.is_second { left - open } else { open };
        if wanted > 0 && !walk.walk.has_ended && walk.walk.pages < MAX_PAGES {
            return Ok(true);
        }
        let is_first = !walk.is_second;
        (walk.walk, walk.confirmations) = (AbsenceProof::default(), Vec::new());
        walk.is_second = true;
        Ok(is_first && left > open)
    }

    /// Remembers that a list of the CRM has shown a submission id.
    pub(in crate::outbox) fn record_lists_ids(&self) -> Result<(), StoreUnavailable> {
        let sql = "INSERT INTO facts (name, value) VALUES ('lists_ids', 1) \
                   ON CONFLICT (name) DO NOTHING";
        self.exec(sql, &[]).map(drop)
    }

    /// What this process does not know yet, and an earlier one knew.
    pub(in crate::outbox) fn share_known_ids(&self, shared: &Shared) {
        let known = self.load_state().is_ok_and(|facts| facts.lists_ids);
        shared.lists_ids.set(shared.lists_ids.get() || known);
        if shared.knows_lead() {
            return;
        }
        let latest = "SELECT id FROM leads WHERE state = 'delivered' ORDER BY next_at DESC LIMIT 2";
        for row in self.exec(latest, &[]).unwrap_or_default().iter().rev() {
            shared.record_confirmed(row.text(0).unwrap_or_default());
        }
    }
}

/// A walk as it is stored.
fn written(walk: &ListWalk) -> Value {
    serde_json::to_string(walk).unwrap_or_default().into()
}
