//! Refusals that indicate a wrong configuration: pages whose origin is not listed, or that post to a path
//! that does not exist. Such a page never delivers a lead, so its refusals are counted, stored and,
//! once several visitors are affected, alerted. Wrong tokens are counted as well.

use crate::outbox::clock::Reading;
use crate::outbox::contract::{
    Alert, RecordRefusal, RecordRefusalResult, RefusalKind, RefusalSummary,
};
use crate::outbox::intake::rate_limit::RateDecision;
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use crate::outbox::{Outbox, OutboxError};
use alloc::string::String;
use alloc::vec::Vec;

/// The maximum numbers of stored origins and of stored paths.
const MAX_STORED: u32 = 20;

/// The maximum stored length of an origin or a path, in characters.
const MAX_LENGTH: usize = 200;

/// The maximum number of log lines per hour.
const MAX_LINES: u32 = 20;

/// The numbers of refusals and of addresses within an hour that raise an alert.
const ALERT_REFUSALS: usize = 5;
const ALERT_CLIENTS: usize = 3;

/// The same for tokens, which are guessed from one address.
const ALERT_GUESSES: (usize, usize) = (5, 1);

/// The maximum number of stored refusals of one client: with three clients, three each suffice to
/// reach five.
const MAX_PER_CLIENT: usize = 3;

/// The maximum number of stored refusals in total.
const MAX_RECENT: usize = 30;

const HOUR: f64 = 3_600_000.0;

/// The interval between alerts.
const REPEAT_INTERVAL: f64 = 24.0 * HOUR;

/// The time after which a refusal that did not recur is deleted.
const REFUSAL_RETENTION: f64 = 7.0 * 24.0 * HOUR;

/// The log lines of the current hour.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::outbox) struct LogBudget {
    since: f64,
    count: u32,
}

/// Which clients were refused, and when.
type Recent = Vec<(String, f64)>;

impl<S: Store> Outbox<S> {
    /// Counts a refused request against its client's rate limit, and stores why it was refused.
    ///
    /// # Errors
    ///
    /// If the store is unavailable.
    pub fn record_refusal(
        &self,
        refusal: &RecordRefusal,
        reading: impl Into<Reading>,
    ) -> Result<RecordRefusalResult, OutboxError> {
        let now = self.time(reading);
        if let RateDecision::Limited(retry_after_ms) = self.check_rate(&refusal.rate, now)? {
            return Ok(RecordRefusalResult::Limited { retry_after_ms });
        }
        self.count(match refusal.kind {
            RefusalKind::Origin => "origin_refused_total",
            RefusalKind::Path => "path_not_found_total",
            RefusalKind::Token => "admin_auth_failed_total",
            RefusalKind::Source => "source_auth_failed_total",
        })?;
        let value: String =
            refusal.value.chars().filter(|&char| is_printable(char)).take(MAX_LENGTH).collect();
        let is_new = self.store_refusal(refusal, &value, self.proven(now))?;
        Ok(RecordRefusalResult::Recorded { should_log: is_new && self.may_log(now), value })
    }

    /// The refusals of the last week, most frequent first.
    pub(in crate::outbox) fn refusals(
        &self,
        mistake: RefusalKind,
        now: f64,
    ) -> Result<Vec<RefusalSummary>, StoreUnavailable> {
        let rows = self.execute(
            "SELECT value, count, first_at, last_at FROM refusals \
             WHERE mistake = ? AND last_at > ? ORDER BY count DESC",
            params![mistake.name(), self.proven(now) - REFUSAL_RETENTION],
        )?;
        let [_, date_offsets] = self.date_offsets();
        let number = |row: &Row, column| row.number(column).unwrap_or(0.0) + date_offsets;
        let refused = |row: &Row| RefusalSummary {
            value: row.text(0).unwrap_or_default().into(),
            count: row.count(1),
            first_at: number(row, 2),
            last_at: number(row, 3),
        };
        Ok(rows.iter().map(refused).collect())
    }

    /// Stores a refusal. Returns whether it is new.
    fn store_refusal(
        &self,
        refusal: &RecordRefusal,
        value: &str,
        now: f64,
    ) -> Result<bool, StoreUnavailable> {
        let mistake = refusal.kind.name();
        let known = self.query_row(
            "SELECT count, recent, alerted_at FROM refusals WHERE mistake = ? AND value = ?",
            params![mistake, value],
        )?;
        let stored = known.as_ref().and_then(|row| row.text(1));
        let recent: Recent =
            stored.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let is_guess = matches!(refusal.kind, RefusalKind::Token | RefusalKind::Source);
        let most = if is_guess { MAX_RECENT } else { MAX_PER_CLIENT };
        let recent = add_recent(recent, self.client(&refusal.rate.client), most, now);
        let count = known.as_ref().map_or(0, |row| row.count(0)).saturating_add(1);
        let mut alerted_at = known.as_ref().and_then(|row| row.number(2));
        let clients = clients(&recent);
        let is_due = alerted_at.is_none_or(|at| now - at >= REPEAT_INTERVAL);
        let (least, least_clients) = match refusal.kind {
            RefusalKind::Origin | RefusalKind::Path => (ALERT_REFUSALS, ALERT_CLIENTS),
            // A secret that worked before has changed, or another program sends to this URL.
            RefusalKind::Source if self.has_delivered(value)? => (1, 1),
            RefusalKind::Token | RefusalKind::Source => ALERT_GUESSES,
        };
        if is_due && recent.len() >= least && clients >= least_clients {
            alerted_at = Some(now);
            self.review_soon();
            self.alert(match refusal.kind {
                RefusalKind::Origin => Alert::OriginRefused { origin: value.into(), count },
                RefusalKind::Path => Alert::PathNotFound { path: value.into(), count },
                RefusalKind::Token => Alert::AdminAuthFailed { count },
                RefusalKind::Source => Alert::SourceAuthFailed { source: value.into(), count },
            });
        }
        self.execute(
            "INSERT INTO refusals \
             (mistake, value, count, clients, first_at, last_at, alerted_at, recent) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mistake, value) DO UPDATE SET \
             count = excluded.count, clients = excluded.clients, last_at = excluded.last_at, \
             alerted_at = excluded.alerted_at, recent = excluded.recent",
            params![
                mistake,
                value,
                count,
                clients as u32,
                now,
                now,
                alerted_at,
                serde_json::to_string(&recent).unwrap_or_default()
            ],
        )?;
        if known.is_none() {
            self.delete_old_refusals(mistake, value, now)?;
        }
        Ok(known.is_none())
    }

    /// Deletes refusals beyond the limit: first those of the fewest clients, then the least frequent.
    fn delete_old_refusals(
        &self,
        mistake: &str,
        kept: &str,
        now: f64,
    ) -> Result<(), StoreUnavailable> {
        self.execute("DELETE FROM refusals WHERE last_at <= ?", params![now - REFUSAL_RETENTION])?;
        self.execute(
            "DELETE FROM refusals WHERE mistake = ? AND value <> ? AND value NOT IN \
             (SELECT value FROM refusals WHERE mistake = ? AND value <> ? \
             ORDER BY clients DESC, count DESC, last_at DESC LIMIT ?)",
            params![mistake, kept, mistake, kept, MAX_STORED - 1],
        )
        .map(drop)
    }

    /// Whether another line may be logged. Each origin is logged once, but requests can invent origins.
    fn may_log(&self, now: f64) -> bool {
        let mut lines = self.refusal_lines.get();
        if (now - lines.since).abs() >= HOUR {
            lines = LogBudget { since: now, count: 0 };
        }
        lines.count = lines.count.saturating_add(1);
        self.refusal_lines.set(lines);
        lines.count <= MAX_LINES
    }
}

/// Adds a refusal to those of the last hour.
fn add_recent(mut recent: Recent, client: String, most: usize, now: f64) -> Recent {
    // A time in the future was recorded before the clock was set back.
    recent.retain(|(_, at)| (now - at).abs() < HOUR);
    let own = recent.iter().filter(|(other, _)| *other == client).count();
    let oldest = recent.iter().position(|(other, _)| *other == client);
    if let Some(oldest) = oldest.filter(|_| own >= most) {
        recent.remove(oldest);
    } else if recent.len() >= MAX_RECENT {
        recent.remove(0);
    }
    recent.push((client, now));
    recent
}

fn clients(recent: &Recent) -> usize {
    let is_first = |index: usize, client: &String| {
        !recent.iter().take(index).any(|(earlier, _)| earlier == client)
    };
    recent.iter().enumerate().filter(|(index, (client, _))| is_first(*index, client)).count()
}

/// Whether a character is safe to print on a terminal.
fn is_printable(char: char) -> bool {
    !char.is_control()
        && !matches!(char, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(clients: &[&str]) -> Recent {
        clients.iter().enumerate().fold(Recent::new(), |recent, (index, client)| {
            add_recent(recent, (*client).into(), MAX_PER_CLIENT, index as f64)
        })
    }

    #[test]
    fn one_busy_client_does_not_displace_the_others() {
        let mut calls = vec!["one", "two"];
        calls.extend(["loud"; 100]);
        let recent = after(&calls);
        assert_eq!((recent.len(), clients(&recent)), (5, 3));
        assert_eq!(clients(&after(&["a"; 10])), 1);
    }

    #[test]
    fn recent_refusals_are_limited_in_number_and_age() {
        let names: Vec<String> = (0..100).map(|number| format!("{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let recent = after(&names);
        assert_eq!(recent.len(), MAX_RECENT);
        let after = |recent, now| add_recent(recent, "new".into(), MAX_PER_CLIENT, now).len();
        assert_eq!(after(recent.clone(), HOUR + 100.0), 1);
        assert_eq!(after(recent, -2.0 * HOUR), 1);
    }
}
