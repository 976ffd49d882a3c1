//! Stores leads: each is on disk before it is acknowledged, once under its id.

use crate::outbox::clock::Reading;
use crate::outbox::contract::{
    Enqueue, EnqueueResult, LeadState, Precheck, PrecheckResult, parse_marks,
};
use crate::outbox::intake::capacity::{Addition, bytes_of};
use crate::outbox::intake::rate_limit::RateDecision;
use crate::outbox::retention::Deletion;
use crate::outbox::settings::DAY;
use crate::outbox::state::list_to_json;
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use crate::request::submission::is_submission_id;
use alloc::string::String;

/// Whether a client is a single address: site keys, sources and the unknown address stand for many
/// visitors.
fn is_address(client: &str) -> bool {
    client.strip_prefix("address ").is_some_and(|address| address != "unknown")
}

/// How many later bodies are stored under one id.
const MAX_REVISIONS: u32 = 5;

impl<S: Store> Outbox<S> {
    /// Counts a request against the rate limit and returns whether its lead is known, before any expensive
    /// step.
    ///
    /// # Errors
    ///
    /// If the store is unavailable or the id is invalid.
    pub fn precheck(
        &self,
        precheck: &Precheck,
        reading: impl Into<Reading>,
    ) -> Result<PrecheckResult, OutboxError> {
        let now = self.time(reading);
        let marked =
            match precheck.rate.as_ref().map(|rate| self.check_rate(rate, now)).transpose()? {
                Some(RateDecision::Limited(retry_after_ms)) => {
                    return Ok(PrecheckResult::Limited { retry_after_ms });
                }
                Some(RateDecision::Allowed { marked }) => marked,
                None => false,
            };
        let origin = precheck.form.as_ref().map(|form| form.origin.as_str());
        let submission_id =
            self.resolve_id(precheck.submission_id.as_deref(), origin, &precheck.canonical, now)?;
        Ok(match self.find_digest(&submission_id)? {
            None => PrecheckResult::New { submission_id, marked },
            Some(digest) if digest == self.digest(&precheck.canonical) => {
                self.count("leads_duplicate_total")?;
                PrecheckResult::Duplicate { submission_id, marked }
            }
            Some(_) => PrecheckResult::Conflict { submission_id, marked },
        })
    }

    /// Stores a lead.
    ///
    /// # Errors
    ///
    /// If the store is unavailable or the id is invalid.
    pub fn enqueue(
        &self,
        lead: &Enqueue,
        reading: impl Into<Reading>,
    ) -> Result<EnqueueResult, OutboxError> {
        let now = self.time(reading);
        let proven = self.proven(now);
        let marked = match lead.rate.as_ref().map(|rate| self.check_rate(rate, now)).transpose()? {
            Some(RateDecision::Limited(retry_after_ms)) => {
                return Ok(EnqueueResult::Limited { retry_after_ms });
            }
            Some(RateDecision::Allowed { marked }) => marked,
            None => false,
        };
        let origin = Some(lead.origin.as_str());
        let [date_offsets, _] = self.date_offsets();
        let taken = lead.at.map_or(now, |date| date - date_offsets);
        let id = self.resolve_id(lead.submission_id.as_deref(), origin, &lead.canonical, taken)?;
        let digest = self.digest(&lead.canonical);
        let rated = lead.rate.as_ref().map(|rate| &rate.client);
        let client_name = lead.client.as_ref().or(rated);
        let client = client_name.map(|name| self.client(name));
        let bytes = bytes_of(lead);
        // A lead from a queue is already acknowledged.
        if lead.at.is_none()
            && let Some(limit) = self.check_capacity(
                client.as_deref().filter(|_| client_name.is_some_and(|name| is_address(name))),
                Addition { leads: 1.0, bytes },
                now,
            )?
            && self.find_digest(&id)?.is_none()
        {
            let retry_after_ms = self.refuse_for_capacity(limit)?;
            return Ok(EnqueueResult::Full { limit, retry_after_ms });
        }
        let mut marks = lead.marks.clone();
        if marked && !marks.iter().any(|mark| mark == "rate") {
            marks.push("rate".into());
        }
        // A held lead is only due for its expiry warning.
        let (state, reason, next_at) = if lead.hold {
            (LeadState::Held, Some("challenge"), self.expiry_warning(now))
        } else {
            (LeadState::Pending, None, now)
        };
        let inserted = self.execute(
            "INSERT INTO leads (id, state, reason, created_at, updated_at, next_at, origin, \
             digest, marks, lead, custom, dropped, warnings, client, bytes, traceparent) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO NOTHING RETURNING seq",
            params![
                id.as_str(),
                state.name(),
                reason,
                proven,
                proven,
                next_at,
                lead.origin.as_str(),
                digest.as_str(),
                list_to_json(&marks),
                lead.lead.as_str(),
                lead.custom.as_str(),
                lead.dropped.as_deref(),
                lead.warnings.as_deref(),
                client,
                bytes,
                lead.traceparent.as_deref(),
            ],
        )?;
        if !inserted.is_empty() {
            if lead.hold {
                self.review_soon();
            }
            return Ok(EnqueueResult::Accepted { submission_id: id, is_new: true });
        }
        if self.find_digest(&id)?.is_none_or(|known| known == digest) {
            self.count("leads_duplicate_total")?;
            return Ok(EnqueueResult::Accepted { submission_id: id, is_new: false });
        }
        self.store_revision(&id, &digest, &lead.lead, proven)?;
        Ok(EnqueueResult::Conflict { submission_id: id })
    }

    /// The submitted id, or that of a form post.
    fn resolve_id(
        &self,
        given: Option<&str>,
        origin: Option<&str>,
        canonical: &str,
        now: f64,
    ) -> Result<String, OutboxError> {
        match (given, origin) {
            (Some(id), _) if is_submission_id(id) => Ok(id.into()),
            (None, Some(origin)) => Ok(self.form_id("", origin, canonical, now)?),
            _ => Err(OutboxError::Malformed),
        }
    }

    /// The digest of the body stored under an id.
    fn find_digest(&self, id: &str) -> Result<Option<String>, StoreUnavailable> {
        let row = self.query_row("SELECT digest FROM leads WHERE id = ?", params![id])?;
        Ok(row.and_then(|row| row.text(0).map(Into::into)))
    }

    /// Stores another body under a known id; `now` is proven time.
    fn store_revision(
        &self,
        id: &str,
        digest: &str,
        lead: &str,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        let Some(known) =
            self.query_row("SELECT marks, erased, state FROM leads WHERE id = ?", params![id])?
        else {
            return Ok(());
        };
        let mut marks = parse_marks(known.text(0));
        if !marks.iter().any(|mark| mark == "conflict") {
            marks.push("conflict".into());
            self.count("leads_conflict_total")?;
        }
        let marked = params![list_to_json(&marks), now, id];
        self.execute("UPDATE leads SET marks = ?, updated_at = ? WHERE id = ?", marked)?;
        // An erased lead is not stored again.
        if known.number(1) != Some(0.0) {
            return Ok(());
        }
        self.execute(
            "INSERT OR REPLACE INTO revisions (id, digest, at, lead) VALUES (?, ?, ?, ?)",
            params![id, digest, now, lead],
        )?;
        let deleted = self.execute(
            "DELETE FROM revisions WHERE id = ? AND digest NOT IN \
             (SELECT digest FROM revisions WHERE id = ? ORDER BY at DESC LIMIT ?) RETURNING digest",
            params![id, id, MAX_REVISIONS],
        )?;
        if !deleted.is_empty() {
            self.record_deletion(Deletion::Retention)?;
        }
        // If the lead's own body is already deleted, this one still needs a deletion date.
        self.execute(
            "UPDATE leads SET next_at = MIN(next_at, ?) \
             WHERE id = ? AND lead IS NULL AND state IN ('delivered', 'dead')",
            params![now + self.settings.retention.delivered * DAY, id],
        )
        .map(drop)
    }
}
