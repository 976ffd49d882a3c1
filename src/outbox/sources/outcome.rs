//! Records fetched leads.

use super::HOUR;
use super::graph::{ResponseClass, classify};
use crate::json::{Node, object};
use crate::outbox::backoff::{MAX_BACKOFF, backoff};
use crate::outbox::clock::Reading;
use crate::outbox::contract::{FetchedLead, HoldReason};
use crate::outbox::dispatch::outcome::bounded_wait;
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::string::String;

/// How long to wait for a lead that does not exist or has no answers: the platform may report a
/// lead before it can be read.
const MAX_MISSING: f64 = HOUR;

/// The longest wait for a lead that does not exist.
const MAX_MISSING_BACKOFF: f64 = 300_000.0;

impl<S: Store> Outbox<S> {
    /// Records the response to the fetch of a lead. `jitter` is from 0 up to 1.
    ///
    /// # Errors
    ///
    /// If the store is unavailable. The lead is fetched again after its claim expires.
    pub fn record_fetch(
        &self,
        fetched: &FetchedLead,
        reading: impl Into<Reading>,
        jitter: f64,
    ) -> Result<(), OutboxError> {
        let now = self.time(reading);
        let account = self.account(&fetched.source, &fetched.account)?;
        self.execute(
            "UPDATE sources SET fetched = fetched + 1 WHERE name = ? AND account = ''",
            params![fetched.source.as_str()],
        )?;
        let event = self.query_row(
            "SELECT event, failures, missing_since FROM leads \
             WHERE id = ? AND claim = ? AND state = 'fetching' AND thin = 1",
            params![fetched.id.as_str(), fetched.claim],
        )?;
        let failures = event.as_ref().map_or(0, |row| row.count(1)) + 1;
        let missing_since = event.as_ref().and_then(|row| row.number(2)).unwrap_or(now);
        let wait = bounded_wait(fetched.response.retry_after_ms);
        let delay = backoff(failures, MAX_BACKOFF, jitter).max(wait);
        let (class, code) = classify(&fetched.response);
        match class {
            ResponseClass::Success if !has_answers(fetched.response.body.as_deref()) => {
                self.fail_trial(&account, now, jitter)?;
                if account.pause_reason.is_none() && now - missing_since >= MAX_MISSING {
                    return Ok(self.hold_event(&fetched.id, HoldReason::Incomplete, now)?);
                }
                let delay = backoff(failures, MAX_MISSING_BACKOFF, jitter);
                Ok(self.retry_fetch(fetched, failures, now + delay, Some(missing_since))?)
            }
            ResponseClass::Success => {
                self.resume_account(&account, now)?;
                let change = event.as_ref().and_then(|row| row.text(0)).unwrap_or("{}");
                let lead = fetched.response.body.as_deref().unwrap_or("{}");
                self.execute(
                    "UPDATE leads SET event = ?, thin = 0, next_at = ?, failures = 0, leased = 0, \
                     reason = NULL, status = NULL, missing_since = NULL \
                     WHERE id = ? AND claim = ? AND state = 'fetching'",
                    params![
                        event_with_lead(change, lead.trim()),
                        now,
                        fetched.id.as_str(),
                        fetched.claim
                    ],
                )?;
                Ok(())
            }
            ResponseClass::Unavailable => {
                self.fail_trial(&account, now, jitter)?;
                Ok(self.retry_fetch(fetched, failures, now + delay, None)?)
            }
            ResponseClass::RateLimited => {
                let until = self.close_account(&account, wait, now, jitter)?;
                Ok(self.retry_fetch(fetched, failures - 1, until, None)?)
            }
            ResponseClass::Denied(reason) => {
                self.pause_account(&account, reason, code, now, jitter)?;
                Ok(self.retry_fetch(fetched, failures, now + delay, None)?)
            }
            ResponseClass::NotFound => {
                // Each lead counts once: a single lead that does not exist is no sign of a missing permission.
                let is_first = event.as_ref().and_then(|row| row.number(2)).is_none();
                let is_paused = if is_first || account.pause_reason.is_some() {
                    self.reject(&account, "leads_not_found", code, now, jitter)?
                } else {
                    false
                };
                if !is_paused && now - missing_since >= MAX_MISSING {
                    return Ok(self.hold_event(&fetched.id, HoldReason::LeadNotFound, now)?);
                }
                let delay = backoff(failures, MAX_MISSING_BACKOFF, jitter);
                Ok(self.retry_fetch(fetched, failures, now + delay, Some(missing_since))?)
            }
            ResponseClass::Rejected => {
                self.reject(&account, "requests_rejected", code, now, jitter)?;
                Ok(self.retry_fetch(fetched, failures, now + delay, None)?)
            }
        }
    }

    fn retry_fetch(
        &self,
        fetched: &FetchedLead,
        failures: u32,
        at: f64,
        missing_since: Option<f64>,
    ) -> Result<(), StoreUnavailable> {
        self.execute(
            "UPDATE leads SET next_at = ?, failures = ?, leased = 0, status = ?, \
             missing_since = COALESCE(?, missing_since) WHERE id = ? AND claim = ? AND state = 'fetching'",
            params![
                at,
                failures,
                fetched.response.status.map(u32::from),
                missing_since,
                fetched.id.as_str(),
                fetched.claim
            ],
        )?;
        self.persist_clock(true)
    }
}

/// Whether a lead has answers. The platform omits them while they are not available, and for a
/// token that may not read them.
pub(super) fn has_answers(lead: Option<&str>) -> bool {
    let answers = lead.and_then(Node::parse).and_then(|lead| lead.member("field_data"));
    answers.is_some_and(|answers| !answers.items().is_empty())
}

/// The JSON text of an event with its lead.
pub(super) fn event_with_lead(change: &str, lead: &str) -> String {
    object(&[("\"change\"", change), ("\"lead\"", lead)])
}
