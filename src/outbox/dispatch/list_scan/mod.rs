//! A scan reads the CRM's list of leads, most recent first, for all unconfirmed leads that searches
//! have not found.
//!
//! If one page is not enough, the list is read twice: deletions move records to pages already read.
//! A scan uses at most a tenth of the request budget, continues in the next process, and is
//! repeated hourly for the leads that remain. In the store it is called a walk.

pub(in crate::outbox) mod page;
pub(in crate::outbox) mod progress;
mod proof;

pub use page::{ScanPage, ScanRecord};

use crate::call::machine::Shared;
use crate::outbox::Outbox;
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::breaker::OutcomeContext;
use crate::outbox::dispatch::job::{Job, JobKind};
use crate::outbox::dispatch::job_call::JobOutcome;
use crate::outbox::dispatch::outcome::bounded_wait;
use crate::outbox::dispatch::permits::CallPermit;
use crate::outbox::settings::AmbiguousPolicy;
use crate::outbox::state::OutboxState;
use crate::outbox::store::{SqlValue, Store, StoreUnavailable, params};
use crate::request::absence::AbsenceProof;
use alloc::boxed::Box;
use alloc::vec::Vec;
use progress::ListScan;

/// Why a lead takes part in scans, or is held after the last one.
pub(in crate::outbox) const UNPROVEN: &str = "absence_unproven";

/// How many scans may leave a lead without proof before it is held: three in quick succession,
/// because leads that arrive meanwhile can invalidate one, and 24 hourly ones.
pub(in crate::outbox) const MAX_SCANS: u32 = 3 + 24;
const HOUR: f64 = 3_600_000.0;

/// The time between two scans, after `scans` that left a lead without proof: a minute, 4 and 16
/// minutes, then an hour.
pub(in crate::outbox) fn scan_interval(scans: u32) -> f64 {
    HOUR.min(f64::from(60_000_u32 << (2 * scans.min(4))))
}

/// The maximum number of pages of a pass: what the budget allows in an hour.
const MAX_PAGES: u32 = 400;

/// The part of the request budget that scans use.
const BUDGET_SHARE: f64 = 0.1;

impl<S: Store> Outbox<S> {
    /// When the next page may be requested. `due`: when a scan is due for a lead.
    pub(in crate::outbox) fn scan_at(&self, state: &OutboxState, due: f64) -> f64 {
        if self.settings.ambiguous == AmbiguousPolicy::Resend {
            return f64::INFINITY;
        }
        if state.scan.is_some() { state.scan_at } else { due.max(state.scan_at) }
    }

    /// Requests again the page that a dead process had requested.
    pub(in crate::outbox) fn resume_scan(&self, now: f64) -> Result<(), StoreUnavailable> {
        let sql = "UPDATE facts SET value = ? WHERE name = 'walk_at' AND value > ?";
        self.execute(sql, params![now, now]).map(drop)
    }

    /// Continues the scan, or starts one for all leads for which it is due.
    pub(in crate::outbox) fn claim_scan(
        &self,
        state: &OutboxState,
        permit: CallPermit,
        now: f64,
    ) -> Result<Option<Job>, StoreUnavailable> {
        let under_way = state.scan.as_ref().and_then(|text| serde_json::from_str(text).ok());
        let scan: ListScan = match under_way {
            Some(scan) => scan,
            None => {
                let number = state.scan_number + 1.0;
                self.set(&[("walk_number", number.into())])?;
                self.execute(
                    "UPDATE leads SET walk = ?, proofs = 0 \
                     WHERE state = 'unconfirmed' AND reason = ? AND next_at <= ?",
                    params![number, UNPROVEN, now],
                )?;
                ListScan {
                    number,
                    is_second_pass: false,
                    failures: 0,
                    confirmations: Vec::new(),
                    proof: AbsenceProof::default(),
                }
            }
        };
        let (tokens, _) = self.scan_tokens(state, now);
        self.set(&[
            ("walk", scan.to_json()),
            ("walk_at", (now + self.lease(JobKind::Scan)).into()),
            ("walk_tokens", (tokens - 1.0).into()),
            ("walk_tokens_at", now.into()),
        ])?;
        self.take_permit(permit, now)?;
        let job = Job::without_lead(JobKind::Scan, permit, now);
        Ok(Some(Job { scan: Some(Box::new(scan)), ..job }))
    }

    /// The number of pages that may be requested now, and the time until one more: at most a tenth
    /// of the budget per minute at once, and of that per hour in total.
    fn scan_tokens(&self, state: &OutboxState, now: f64) -> (f64, f64) {
        let [(minute, _), (hour, length)] = self.settings.limits.budget();
        let max = (minute * BUDGET_SHARE).max(1.0);
        let rate = (hour * BUDGET_SHARE - max).max(1.0) / length;
        let elapsed = (now - state.scan_tokens_at).max(0.0);
        let tokens = state.scan_tokens.map_or(max, |tokens| (tokens + elapsed * rate).min(max));
        (tokens, ((1.0 - tokens) / rate).max(0.0))
    }

    /// Records the outcome of requesting a page.
    pub(in crate::outbox) fn record_scan_outcome(
        &self,
        context: OutcomeContext<'_>,
        requested: &ListScan,
        outcome: &JobOutcome,
    ) -> Result<(), StoreUnavailable> {
        let OutcomeContext { state, now, jitter, .. } = context;
        // After this request's claim expired, another worker may have continued the scan.
        if state.scan.as_deref().map(SqlValue::from) != Some(requested.to_json()) {
            return Ok(());
        }
        let mut scan = requested.clone();
        scan.failures += 1;
        let delay = backoff(scan.failures, MAX_BACKOFF, jitter);
        let at = match outcome {
            JobOutcome::PageRead(page) => {
                self.on_crm_success(context, false)?;
                self.set_lookup_available(state, now)?;
                scan.failures = 0;
                if !self.add_page(context, &mut scan, page)? {
                    return self.end_scan(&scan, now);
                }
                now + self.scan_tokens(state, now).1
            }
            JobOutcome::LookupForbidden(status) => {
                self.on_crm_response(context)?;
                self.set_lookup_unavailable(state, *status)?;
                self.execute(
                    "UPDATE leads SET state = 'held', reason = 'lookup_forbidden', status = ?, \
                     next_at = ?, updated_at = ? \
                     WHERE walk = ? AND state = 'unconfirmed' AND reason = ?",
                    params![
                        u32::from(*status),
                        self.expiry_warning(now),
                        self.proven(now),
                        scan.number,
                        UNPROVEN
                    ],
                )?;
                return self.end_scan(&scan, now);
            }
            JobOutcome::RateLimited(retry_after) => {
                self.on_crm_response(context)?;
                self.pause_after_429(context, *retry_after)?
            }
            JobOutcome::LookupFailed { retry_after, .. } => {
                self.on_unreachable(context)?;
                now + bounded_wait(*retry_after).max(delay)
            }
            JobOutcome::NoPermitUntil(until) => *until,
            _ => now + delay,
        };
        self.set(&[("walk", scan.to_json()), ("walk_at", at.into())])
    }

    /// Compares a page with the leads. Returns whether the scan continues.
    fn add_page(
        &self,
        OutcomeContext { state, now, jitter, .. }: OutcomeContext<'_>,
        scan: &mut ListScan,
        page: &ScanPage,
    ) -> Result<bool, StoreUnavailable> {
        let fresh = self.new_records(&scan.proof, page)?;
        // Page 1 may be the page that came first without a number, with leads created since.
        let is_first_page_again = scan.proof.pages == 1 && fresh.len() < page.records.len();
        let confirmations = self.confirm_listed_leads(state, page, now)?;
        let mut lists_ids = state.lists_ids;
        for record in &page.records {
            lists_ids |= record.submission_id.is_some();
            if is_first_page_again || !fresh.contains(&record.key) {
                continue;
            }
            let id = record.submission_id.as_deref();
            scan.proof.add_record(record.created_at.unwrap_or(f64::NAN), record.has_field);
            if let Some((_, number)) = confirmations.iter().find(|(known, _)| Some(&**known) == id)
            {
                scan.confirmations.push(*number);
                scan.confirmations.sort_by(f64::total_cmp);
                scan.confirmations.truncate(2);
            }
        }
        scan.proof.end_page(page.records.len() as u32, page.total);
        if lists_ids {
            self.record_lists_ids()?;
            self.apply_proofs(scan, page.date, now, jitter)?;
        }
        let remaining = self.scanned_leads(scan, "")?.len();
        let unproven = self.scanned_leads(scan, " AND proofs = 0")?.len();
        // The first pass continues for leads without proof, the second for those with one.
        let wanted = if scan.is_second_pass { remaining - unproven } else { unproven };
        if wanted > 0 && !scan.proof.has_ended && scan.proof.pages < MAX_PAGES {
            return Ok(true);
        }
        let is_first_pass = !scan.is_second_pass;
        (scan.proof, scan.confirmations) = (AbsenceProof::default(), Vec::new());
        scan.is_second_pass = true;
        Ok(is_first_pass && remaining > unproven)
    }

    /// Records that the CRM's list has shown a submission id.
    pub(in crate::outbox) fn record_lists_ids(&self) -> Result<(), StoreUnavailable> {
        let sql = "INSERT INTO facts (name, value) VALUES ('lists_ids', 1) \
                   ON CONFLICT (name) DO NOTHING";
        self.execute(sql, &[]).map(drop)
    }

    /// Passes to the calls that an earlier process has seen ids in lists.
    pub(in crate::outbox) fn share_known_ids(&self, shared: &Shared) {
        let known = self.load_state().is_ok_and(|state| state.lists_ids);
        shared.lists_ids.set(shared.lists_ids.get() || known);
        if shared.knows_lead() {
            return;
        }
        let latest = "SELECT id FROM leads WHERE state = 'delivered' ORDER BY next_at DESC LIMIT 2";
        for row in self.execute(latest, &[]).unwrap_or_default().iter().rev() {
            shared.record_confirmed(row.text(0).unwrap_or_default());
        }
    }
}
