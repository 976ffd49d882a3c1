//! The stored state of the outbox, without its leads.

use crate::outbox::store::{Row, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// What decides how leads are sent.
#[derive(Clone, Debug, Default)]
pub(super) struct OutboxState {
    /// Until when the CRM wants to hear nothing.
    pub(super) closed_until: f64,
    /// Why nothing is sent, as a code.
    pub(super) pause_reason: Option<String>,
    /// The status that led to it.
    pub(super) pause_status: Option<u16>,
    /// When one lead may try whether that is over.
    pub(super) pause_trial_at: f64,
    /// How many have failed.
    pub(super) pause_failures: u32,
    /// The first leads that were refused in a row, without a success between.
    pub(super) refused: Vec<String>,
    /// How many were refused in a row.
    pub(super) refusals: u32,
    /// When a lead was last sent while sending was slowed.
    pub(super) slow_sent_at: f64,
    /// How many times in a row the CRM asked for a pause.
    pub(super) limited: u32,
    /// When the CRM was last asked for its date; minus infinity where it never was.
    pub(super) date_requested_at: f64,
    /// How many requests in a row failed.
    pub(super) unreachable: u32,
    /// Whether the key may read leads: `available` or `unavailable`.
    pub(super) reconcile: Option<String>,
    /// The status of the response that said so.
    pub(super) reconcile_status: u16,
    /// The conditions that were alerted, as JSON, and when to look at them next.
    pub(super) alerts: Option<String>,
    pub(super) review_at: f64,
    /// When the clocks were last found apart, and how far; absent once they agree.
    pub(super) clock_alert_at: Option<f64>,
    /// Why the last request failed: a code, its status, when.
    pub(super) failure_cause: Option<String>,
    pub(super) failure_status: Option<f64>,
    pub(super) failure_at: Option<f64>,
    /// How many leads are not in the table any more.
    pub(super) purged: f64,
    /// How many leads the CRM was confirmed to have.
    pub(super) confirmations: f64,
    /// How many sends in a row were answered with a 2xx that confirmed no lead.
    pub(super) unconfirmed: u32,
    /// Whether a list of the CRM has shown a submission id.
    pub(super) lists_ids: bool,
    /// The walk through the CRM's list that is under way, as JSON, and the number of the last one.
    pub(super) walk: Option<String>,
    pub(super) walk_number: f64,
    /// When its next page may be asked for.
    pub(super) walk_at: f64,
    /// How many pages may be asked for at once, and when that was.
    pub(super) walk_tokens: Option<f64>,
    pub(super) walk_tokens_at: f64,
}

impl OutboxState {
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut facts = Self { date_requested_at: f64::NEG_INFINITY, ..Self::default() };
        for row in rows {
            let text = || row.text(1).map(String::from);
            let number = || row.number(1).unwrap_or(0.0);
            match row.text(0).unwrap_or_default() {
                "closed_until" => facts.closed_until = number(),
                "pause_reason" => facts.pause_reason = text(),
                "pause_status" => facts.pause_status = row.number(1).map(|status| status as u16),
                "pause_trial_at" => facts.pause_trial_at = number(),
                "pause_failures" => facts.pause_failures = number() as u32,
                "refused" => facts.refused = read(text()),
                "refusals" => facts.refusals = number() as u32,
                "slow_sent_at" => facts.slow_sent_at = number(),
                "date_requested_at" => facts.date_requested_at = number(),
                "limited" => facts.limited = number() as u32,
                "unreachable" => facts.unreachable = number() as u32,
                "reconcile" => facts.reconcile = text(),
                "reconcile_status" => facts.reconcile_status = number() as u16,
                "alerts" => facts.alerts = text(),
                "review_at" => facts.review_at = number(),
                "clock_alert_at" => facts.clock_alert_at = row.number(1),
                "failure_cause" => facts.failure_cause = text(),
                "failure_status" => facts.failure_status = row.number(1),
                "failure_at" => facts.failure_at = row.number(1),
                "leads_purged" => facts.purged = number(),
                "leads_delivered_total" => facts.confirmations = number(),
                "unconfirmed" => facts.unconfirmed = number() as u32,
                "lists_ids" => facts.lists_ids = number() > 0.0,
                "walk" => facts.walk = text(),
                "walk_number" => facts.walk_number = number(),
                "walk_at" => facts.walk_at = number(),
                "walk_tokens" => facts.walk_tokens = row.number(1),
                "walk_tokens_at" => facts.walk_tokens_at = number(),
                _ => {}
            }
        }
        facts
    }
}

fn read(text: Option<String>) -> Vec<String> {
    crate::outbox::contract::marks(text.as_deref())
}

/// A list of ids or marks as it is stored.
pub(super) fn list(items: &[String]) -> Value {
    let quoted: Vec<String> = items.iter().map(|item| crate::json::quote(item)).collect();
    Value::Text(["[", &quoted.join(","), "]"].concat())
}
