//! Stores the events of a delivery.

use super::SourceSettings;
use crate::outbox::clock::Reading;
use crate::outbox::contract::{Delivery, DeliveryResult, HoldReason, LeadState, SourceEvent};
use crate::outbox::intake::capacity::{Addition, OVERHEAD};
use crate::outbox::state::list_to_json;
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use crate::request::submission::is_submission_id;
use alloc::string::String;
use alloc::vec::Vec;
use sha2::{Digest as _, Sha256};

/// The alphabet of base64url.
const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl<S: Store> Outbox<S> {
    /// Stores the events of a delivery. The host commits them together. An event whose id is known is not stored
    /// again, whatever its content: platforms rename campaigns between two deliveries.
    ///
    /// # Errors
    ///
    /// If the store is unavailable, or the kind or an event's text is malformed.
    pub fn store_events(
        &self,
        delivery: &Delivery,
        reading: impl Into<Reading>,
    ) -> Result<DeliveryResult, OutboxError> {
        let now = self.time(reading);
        let result = self.insert_events(&delivery.source, &delivery.kind, &delivery.events, now)?;
        self.execute(
            "INSERT INTO sources (name, account, received, known, last_at) VALUES (?, '', ?, ?, ?) \
             ON CONFLICT (name, account) DO UPDATE SET received = received + excluded.received, \
             known = known + excluded.known, last_at = excluded.last_at",
            params![delivery.source.as_str(), result.stored, result.known, self.proven(now)],
        )?;
        Ok(result)
    }

    /// Whether a source has delivered events.
    pub(in crate::outbox) fn has_delivered(&self, source: &str) -> Result<bool, StoreUnavailable> {
        let sql = "SELECT 1 FROM sources WHERE name = ? AND last_at IS NOT NULL";
        Ok(self.query_row(sql, params![source])?.is_some())
    }

    /// Inserts unknown events: all, or none if they exceed the capacity.
    pub(super) fn insert_events(
        &self,
        source: &str,
        kind: &str,
        events: &[SourceEvent],
        now: f64,
    ) -> Result<DeliveryResult, OutboxError> {
        if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Err(OutboxError::Malformed);
        }
        let origin = origin_of(source);
        let proven = self.proven(now);
        let mut result = DeliveryResult::default();
        let mut new = Vec::new();
        for event in events {
            match self.new_id(&origin, kind, event, now)? {
                Some(id) => new.push((id, event)),
                None => result.known += 1,
            }
        }
        // The platform repeats the whole delivery, so it is stored completely or not at all.
        if !new.is_empty() {
            let bytes = new.iter().map(|(_, event)| bytes_of_event(event)).sum();
            let more = Addition { leads: new.len() as f64, bytes };
            if let Some(limit) = self.check_capacity(None, more, now)? {
                let retry_after_ms = Some(self.refuse_for_capacity(limit)?);
                return Ok(DeliveryResult { retry_after_ms, ..DeliveryResult::default() });
            }
        }
        for (id, event) in new {
            let inserted = self.query_row(
                "INSERT INTO leads (id, state, created_at, updated_at, next_at, origin, digest, marks, \
                 lead, custom, source, account, event, thin, bytes) \
                 VALUES (?, 'fetching', ?, ?, ?, ?, '', ?, '', '{}', ?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO NOTHING RETURNING seq",
                params![
                    id,
                    proven,
                    proven,
                    now,
                    origin.as_str(),
                    list_to_json(&event.marks),
                    source,
                    event.account.as_str(),
                    event.data.as_str(),
                    event.thin,
                    bytes_of_event(event)
                ],
            )?;
            // A delivery may contain an event twice.
            if inserted.is_some() {
                result.stored += 1;
            } else {
                result.known += 1;
            }
        }
        Ok(result)
    }

    /// Whether all events of a delivery are known, so that it can be acknowledged without storing anything.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn knows_events(
        &self,
        delivery: &Delivery,
        reading: impl Into<Reading>,
    ) -> Result<bool, OutboxError> {
        let now = self.time(reading);
        let origin = origin_of(&delivery.source);
        for event in &delivery.events {
            if self.new_id(&origin, &delivery.kind, event, now)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The id for an event; `None` if the event is known.
    fn new_id(
        &self,
        origin: &str,
        kind: &str,
        event: &SourceEvent,
        now: f64,
    ) -> Result<Option<String>, StoreUnavailable> {
        let platform_id = event.id.as_deref().filter(|id| !id.is_empty());
        let id = match platform_id {
            Some(id) => submission_id(kind, id),
            None => self.form_id(&[kind, "-"].concat(), origin, &event.data, now)?,
        };
        self.free_of_pages(kind, id, platform_id)
    }

    /// The id for a new event; `None` if the event is known. A different one is used if a page has
    /// sent a lead under it: pages choose their ids, so anyone could reserve those that a platform
    /// sends next.
    fn free_of_pages(
        &self,
        kind: &str,
        id: String,
        platform_id: Option<&str>,
    ) -> Result<Option<String>, StoreUnavailable> {
        let sql = "SELECT source FROM leads WHERE id = ?";
        let Some(known) = self.query_row(sql, params![id.as_str()])? else {
            return Ok(Some(id));
        };
        let (Some(platform_id), None) = (platform_id, known.text(0)) else {
            return Ok(None);
        };
        let id = hashed_id(kind, &["of a source:", platform_id].concat());
        let known = self.query_row(sql, params![id.as_str()])?;
        Ok(known.is_none().then_some(id))
    }

    /// Moves the events of sources that are no longer configured to the only source of their kind, if there is one:
    /// a source may be renamed while events wait. Holds the others.
    pub(in crate::outbox) fn adopt_events(&self, now: f64) -> Result<(), StoreUnavailable> {
        let waiting = self.execute(
            "SELECT source, substr(id, 1, instr(id, '-') - 1) AS kind FROM leads \
             WHERE state = 'fetching' GROUP BY 1, 2",
            &[],
        )?;
        for row in &waiting {
            let (name, kind) = (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default());
            let configured = &self.settings.sources;
            if configured.iter().any(|source| source.name == name) {
                continue;
            }
            let same: Vec<&SourceSettings> =
                configured.iter().filter(|source| source.kind == kind).collect();
            if let [source] = same.as_slice() {
                self.execute(
                    "UPDATE leads SET source = ? WHERE state = 'fetching' AND source = ? \
                     AND substr(id, 1, instr(id, '-') - 1) = ?",
                    params![source.name.as_str(), name, kind],
                )?;
            } else {
                self.execute(
                    "UPDATE leads SET state = ?, reason = ?, next_at = ?, updated_at = ?, leased = 0 \
                     WHERE state = 'fetching' AND source = ? AND substr(id, 1, instr(id, '-') - 1) = ?",
                    params![
                        LeadState::Held.name(),
                        HoldReason::SourceMissing.name(),
                        self.expiry_warning(now),
                        self.proven(now),
                        name,
                        kind
                    ],
                )?;
            }
        }
        Ok(())
    }
}

/// The origin of a source's leads.
fn origin_of(source: &str) -> String {
    ["source:", source].concat()
}

/// The bytes of an event.
fn bytes_of_event(event: &SourceEvent) -> f64 {
    event.data.len() as f64 + OVERHEAD
}

/// The submission id for a platform's id. The kind separates the ids of platforms, and because it
/// is not the configured name, a renamed source recognizes its events.
fn submission_id(kind: &str, id: &str) -> String {
    let joined = [kind, "-", id].concat();
    if is_submission_id(id) && is_submission_id(&joined) {
        return joined;
    }
    hashed_id(kind, id)
}

/// The kind, and the SHA-256 of a text as base64url.
fn hashed_id(kind: &str, text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let mut text = [kind, "-"].concat();
    for bytes in hash.chunks(3) {
        let part = |index: usize| u32::from(bytes.get(index).copied().unwrap_or(0));
        let bits = part(0) << 16 | part(1) << 8 | part(2);
        for digit in 0..=bytes.len() {
            let letter = BASE64URL.get((bits >> (18 - 6 * digit) & 63) as usize);
            text.push(letter.copied().unwrap_or(b'-').into());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_the_platform_is_kept_or_hashed() {
        assert_eq!(submission_id("meta", "9007199254740993"), "meta-9007199254740993");
        // SHA-256 of "1", as base64url.
        let hashed = "a4ayc_80_OGda4BO_1o_V0etpOqiLx1JwB5S3beHW0s";
        assert_eq!(submission_id("webhook", "1"), ["webhook-", hashed].concat());
        let long = "a".repeat(64);
        assert_eq!(submission_id("google", &long).len(), 50);
        assert!(is_submission_id(&submission_id("google", "an id with spaces: \u{639}")));
    }
}
