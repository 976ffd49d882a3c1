//! Records the results of mapping events.

use crate::outbox::clock::Reading;
use crate::outbox::contract::{EventMapping, HoldReason, LeadState, Mapping};
use crate::outbox::settings::DAY;
use crate::outbox::state::list_to_json;
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};

impl<S: Store> Outbox<S> {
    /// Records the results of mapping claimed events.
    ///
    /// # Errors
    ///
    /// If the store is unavailable. The events are mapped again after their claims expire.
    pub fn record_mappings(
        &self,
        mappings: &[EventMapping],
        reading: impl Into<Reading>,
    ) -> Result<(), OutboxError> {
        let now = self.time(reading);
        for mapping in mappings {
            let (state, reason, next_at) = match &mapping.result {
                Mapping::Send { .. } => (LeadState::Pending, None, now),
                Mapping::Skip { reason } => {
                    let next_at = self.proven(now) + self.settings.retention.delivered * DAY;
                    (LeadState::Skipped, Some(reason.name()), next_at)
                }
                Mapping::Hold { reason } => {
                    self.review_soon();
                    (LeadState::Held, Some(reason.name()), self.expiry_warning(now))
                }
            };
            // The result of an earlier mapping is replaced.
            let (lead, custom, warnings, marks) = match &mapping.result {
                Mapping::Send { lead, custom, warnings, marks } => {
                    (lead.as_str(), custom.as_str(), warnings.as_deref(), Some(list_to_json(marks)))
                }
                _ => ("", "{}", None, None),
            };
            self.execute(
                "UPDATE leads SET state = CASE WHEN restored = 1 AND ? = 'pending' THEN 'unconfirmed' ELSE ? END, reason = ?, next_at = ?, updated_at = ?, lead = ?, custom = ?, \
                 warnings = ?, marks = COALESCE(?, marks), failures = 0, leased = 0 \
                 WHERE id = ? AND claim = ? AND state = 'fetching'",
                params![
                    // In a restored backup, the CRM may have the lead.
                    state.name(),
                    state.name(),
                    reason,
                    next_at,
                    self.proven(now),
                    lead,
                    custom,
                    warnings,
                    marks,
                    mapping.id.as_str(),
                    mapping.claim
                ],
            )?;
        }
        Ok(())
    }

    /// Holds an event for an operator.
    pub(super) fn hold_event(
        &self,
        id: &str,
        reason: HoldReason,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        self.review_soon();
        self.execute(
            "UPDATE leads SET state = 'held', reason = ?, next_at = ?, updated_at = ?, leased = 0, \
             failures = 0, missing_since = NULL WHERE id = ? AND state = 'fetching'",
            params![reason.name(), self.expiry_warning(now), self.proven(now), id],
        )
        .map(drop)
    }
}
