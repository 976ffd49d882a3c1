//! The stored state of the outbox, without its leads.

use crate::outbox::store::{Row, SqlValue};
use alloc::string::String;
use alloc::vec::Vec;

/// The rows of the table `facts`: what determines how leads are sent.
#[derive(Clone, Debug, Default)]
pub(super) struct OutboxState {
    /// Until when the CRM rejects requests, after a 429.
    pub(super) closed_until: f64,
    /// Why the circuit breaker is open, as a code.
    pub(super) pause_reason: Option<String>,
    /// The status that opened it.
    pub(super) pause_status: Option<u16>,
    /// When the next trial may begin.
    pub(super) pause_trial_at: f64,
    /// How many trials have failed.
    pub(super) pause_failures: u32,
    /// The first leads that were refused in a row, without a success in between.
    pub(super) refused: Vec<String>,
    /// How many were refused in a row.
    pub(super) refusals: u32,
    /// When a lead was last sent while sending was slowed down.
    pub(super) slow_sent_at: f64,
    /// How many 429 responses came in a row.
    pub(super) limited: u32,
    /// When the CRM's date was last requested; minus infinity if never.
    pub(super) date_requested_at: f64,
    /// The number of consecutive failed requests.
    pub(super) unreachable: u32,
    /// Whether the credential may read leads: `available` or `unavailable`.
    pub(super) reconcile: Option<String>,
    /// The status of the response that showed it.
    pub(super) reconcile_status: u16,
    /// The conditions that were alerted, as JSON, and when they are reviewed next.
    pub(super) alerts: Option<String>,
    pub(super) review_at: f64,
    /// When the clocks were last found to differ; absent once they agree.
    pub(super) clock_alert_at: Option<f64>,
    /// Why the last request failed: a code, its status, and the time.
    pub(super) failure_cause: Option<String>,
    pub(super) failure_status: Option<f64>,
    pub(super) failure_at: Option<f64>,
    /// How many leads were deleted from the table.
    pub(super) purged: f64,
    /// How many leads were confirmed.
    pub(super) confirmations: f64,
    /// How many sends in a row had a 2xx response that confirmed no lead.
    pub(super) unconfirmed: u32,
    /// Whether the CRM's list has ever shown a submission id.
    pub(super) lists_ids: bool,
    /// The scan in progress, as JSON, and the number of the last one.
    pub(super) scan: Option<String>,
    pub(super) scan_number: f64,
    /// When its next page may be requested.
    pub(super) scan_at: f64,
    /// How many pages could be requested at once at this time.
    pub(super) scan_tokens: Option<f64>,
    pub(super) scan_tokens_at: f64,
}

impl OutboxState {
    pub(super) fn from_rows(rows: &[Row]) -> Self {
        let mut state = Self { date_requested_at: f64::NEG_INFINITY, ..Self::default() };
        for row in rows {
            let text = || row.text(1).map(String::from);
            let number = || row.number(1).unwrap_or(0.0);
            match row.text(0).unwrap_or_default() {
                "closed_until" => state.closed_until = number(),
                "pause_reason" => state.pause_reason = text(),
                "pause_status" => state.pause_status = row.number(1).map(|status| status as u16),
                "pause_trial_at" => state.pause_trial_at = number(),
                "pause_failures" => state.pause_failures = number() as u32,
                "refused" => state.refused = parse_list(text()),
                "refusals" => state.refusals = number() as u32,
                "slow_sent_at" => state.slow_sent_at = number(),
                "date_requested_at" => state.date_requested_at = number(),
                "limited" => state.limited = number() as u32,
                "unreachable" => state.unreachable = number() as u32,
                "reconcile" => state.reconcile = text(),
                "reconcile_status" => state.reconcile_status = number() as u16,
                "alerts" => state.alerts = text(),
                "review_at" => state.review_at = number(),
                "clock_alert_at" => state.clock_alert_at = row.number(1),
                "failure_cause" => state.failure_cause = text(),
                "failure_status" => state.failure_status = row.number(1),
                "failure_at" => state.failure_at = row.number(1),
                "leads_purged" => state.purged = number(),
                "leads_delivered_total" => state.confirmations = number(),
                "unconfirmed" => state.unconfirmed = number() as u32,
                "lists_ids" => state.lists_ids = number() > 0.0,
                "walk" => state.scan = text(),
                "walk_number" => state.scan_number = number(),
                "walk_at" => state.scan_at = number(),
                "walk_tokens" => state.scan_tokens = row.number(1),
                "walk_tokens_at" => state.scan_tokens_at = number(),
                _ => {}
            }
        }
        state
    }
}

fn parse_list(text: Option<String>) -> Vec<String> {
    crate::outbox::contract::parse_marks(text.as_deref())
}

/// A list of ids or marks in its stored form.
pub(super) fn list_to_json(items: &[String]) -> SqlValue {
    let quoted: Vec<String> = items.iter().map(|item| crate::json::quote(item)).collect();
    SqlValue::Text(["[", &quoted.join(","), "]"].concat())
}
