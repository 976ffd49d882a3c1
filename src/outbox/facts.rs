//! What the outbox remembers besides the leads.

use super::store::{Row, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// The facts that steer it.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Until when the CRM wants to hear nothing.
    pub(super) closed_until: f64,
    /// Why nothing is sent, as a code.
    pub(super) parked: Option<String>,
    /// The status that led to it.
    pub(super) park_status: Option<f64>,
    /// When one lead may try whether that is over.
    pub(super) park_at: f64,
    /// How many have tried in vain.
    pub(super) park_failures: u32,
    /// The leads that were refused in a row, without a success between.
    pub(super) refused: Vec<String>,
    /// How many exchanges in a row came to nothing.
    pub(super) unreachable: u32,
    /// Whether the key may look: `available` or `unavailable`.
    pub(super) reconcile: Option<String>,
    /// How many of the ages that somebody should know of the oldest lead had passed.
    pub(super) age_level: u32,
    /// When that is to be looked at next.
    pub(super) age_at: f64,
}

impl Facts {
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut facts = Self::default();
        for row in rows {
            let text = || row.text(1).map(String::from);
            let number = || row.number(1).unwrap_or(0.0);
            match row.text(0).unwrap_or_default() {
                "closed_until" => facts.closed_until = number(),
                "parked" => facts.parked = text(),
                "park_status" => facts.park_status = row.number(1),
                "park_at" => facts.park_at = number(),
                "park_failures" => facts.park_failures = number() as u32,
                "refused" => facts.refused = read(text()),
                "unreachable" => facts.unreachable = number() as u32,
                "reconcile" => facts.reconcile = text(),
                "age_level" => facts.age_level = number() as u32,
                "age_at" => facts.age_at = number(),
                _ => {}
            }
        }
        facts
    }
}

fn read(text: Option<String>) -> Vec<String> {
    super::contract::marks(text.as_deref())
}

/// A list of ids or marks as it is stored.
pub(super) fn list(items: &[String]) -> Value {
    let quoted: Vec<String> = items.iter().map(|item| crate::json::quote(item)).collect();
    Value::Text(["[", &quoted.join(","), "]"].concat())
}
