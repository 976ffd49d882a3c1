//! The capacity for undelivered leads, so that the store cannot fill the disk.
//!
//! Leads are counted once a minute, in total and for each client that sends, and those that are
//! stored in between are added, because counting for each request would cost as much as storing its
//! lead.

use crate::outbox::Outbox;
use crate::outbox::contract::{CapacityLimit, Enqueue};
use crate::outbox::store::{Row, Store, StoreUnavailable, params};
use alloc::collections::BTreeMap;
use alloc::string::String;

/// How long a count is reused, and how long if it exceeds a limit.
const COUNT_INTERVAL: f64 = 60_000.0;
const FULL_COUNT_INTERVAL: f64 = 1_000.0;

/// The maximum number of clients with a cached count.
const MAX_CLIENTS: usize = 1_000;

/// When a page that was refused should retry.
const RETRY_AFTER: f64 = 300_000.0;

/// How long after a refusal the condition of a client's limit lasts.
const CONDITION_DURATION: f64 = 3_600_000.0;

/// The storage overhead of a lead in addition to its texts, in bytes.
pub(in crate::outbox) const OVERHEAD: f64 = 500.0;

/// The undelivered leads, and when they were counted.
#[derive(Clone, Copy, Debug)]
pub(in crate::outbox) struct Usage {
    pub(in crate::outbox) leads: f64,
    pub(in crate::outbox) bytes: f64,
    counted_at: f64,
}

impl Usage {
    /// The limit that more leads would exceed.
    fn exceeds(&self, more: Addition, limits: [(f64, CapacityLimit); 2]) -> Option<CapacityLimit> {
        let [(most, leads), (most_bytes, all_bytes)] = limits;
        if self.leads + more.leads > most {
            Some(leads)
        } else if self.bytes + more.bytes > most_bytes {
            Some(all_bytes)
        } else {
            None
        }
    }

    fn add(&mut self, more: Addition) {
        self.leads += more.leads;
        self.bytes += more.bytes;
    }

    /// Whether to count again.
    fn is_stale(&self, is_full: bool, now: f64) -> bool {
        let interval = if is_full { FULL_COUNT_INTERVAL } else { COUNT_INTERVAL };
        // Also if the clock was set back.
        (now - self.counted_at).abs() >= interval
    }
}

/// Leads that are stored together.
#[derive(Clone, Copy, Debug)]
pub(in crate::outbox) struct Addition {
    pub(in crate::outbox) leads: f64,
    pub(in crate::outbox) bytes: f64,
}

/// The counts in use.
#[derive(Debug, Default)]
pub(in crate::outbox) struct UsageCache {
    total: Option<Usage>,
    clients: BTreeMap<String, Usage>,
    /// When a client last reached its limit, and which one.
    pub(in crate::outbox) client_refused: Option<(f64, CapacityLimit)>,
}

/// The bytes of a lead.
pub(in crate::outbox) fn bytes_of(lead: &Enqueue) -> f64 {
    let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let texts = lead.lead.len() + lead.custom.len();
    (texts + optional(&lead.dropped) + optional(&lead.warnings)) as f64 + OVERHEAD
}

impl<S: Store> Outbox<S> {
    /// The limit that leads of a client would exceed. Otherwise they are counted as stored.
    pub(in crate::outbox) fn check_capacity(
        &self,
        client: Option<&str>,
        more: Addition,
        now: f64,
    ) -> Result<Option<CapacityLimit>, StoreUnavailable> {
        let capacity = self.settings.capacity;
        let total =
            [(capacity.leads, CapacityLimit::Leads), (capacity.bytes, CapacityLimit::Bytes)];
        let own = [
            (capacity.leads_per_address, CapacityLimit::AddressLeads),
            (capacity.bytes_per_address, CapacityLimit::AddressBytes),
        ];
        let known = self.usage.borrow().total;
        let mut all = self.fresh(known, None, more, total, now)?;
        let mut reached = all.exceeds(more, total);
        if let Some(client) = client.filter(|_| reached.is_none()) {
            let known = self.usage.borrow().clients.get(client).copied();
            let mut usage = self.fresh(known, Some(client), more, own, now)?;
            reached = usage.exceeds(more, own);
            let mut cache = self.usage.borrow_mut();
            if let Some(limit) = reached {
                cache.client_refused = Some((now, limit));
            } else {
                usage.add(more);
            }
            if cache.clients.len() >= MAX_CLIENTS && !cache.clients.contains_key(client) {
                cache.clients.clear();
            }
            cache.clients.insert(client.into(), usage);
        }
        if reached.is_none() {
            all.add(more);
        }
        self.usage.borrow_mut().total = Some(all);
        Ok(reached)
    }

    /// The known count, or a new one.
    fn fresh(
        &self,
        known: Option<Usage>,
        client: Option<&str>,
        more: Addition,
        limits: [(f64, CapacityLimit); 2],
        now: f64,
    ) -> Result<Usage, StoreUnavailable> {
        match known {
            Some(usage) if !usage.is_stale(usage.exceeds(more, limits).is_some(), now) => Ok(usage),
            _ => self.count_waiting(client, now),
        }
    }

    /// Counts the stored, undelivered leads.
    pub(in crate::outbox) fn count_waiting(
        &self,
        client: Option<&str>,
        now: f64,
    ) -> Result<Usage, StoreUnavailable> {
        let all = "SELECT COUNT(*), TOTAL(bytes) FROM leads \
                   WHERE lead IS NOT NULL AND state <> 'delivered'";
        // Skipped leads of sources do not wait either. They have no client, and are not in the index of the others.
        let skipped = "SELECT COUNT(*), TOTAL(bytes) FROM leads \
                       WHERE state = 'skipped' AND lead IS NOT NULL";
        let (rows, skipped) = match client {
            None => (self.query_row(all, &[])?, self.query_row(skipped, &[])?),
            Some(client) => {
                (self.query_row(&[all, " AND client = ?"].concat(), params![client])?, None)
            }
        };
        let number = |column| {
            let of = |row: &Option<Row>| row.as_ref().and_then(|row| row.number(column));
            of(&rows).unwrap_or(0.0) - of(&skipped).unwrap_or(0.0)
        };
        Ok(Usage { leads: number(0), bytes: number(1), counted_at: now })
    }

    /// Records that a lead was refused because of a limit; returns when its page should retry.
    pub(in crate::outbox) fn refuse_for_capacity(
        &self,
        limit: CapacityLimit,
    ) -> Result<f64, StoreUnavailable> {
        let name = ["leads_refused_total{limit=\"", limit.name(), "\"}"].concat();
        self.add_counters(&[(&name, 1.0)])?;
        self.review_soon();
        Ok(RETRY_AFTER)
    }

    /// The limit that a client reached within the last hour.
    pub(in crate::outbox) fn client_at_capacity(&self, now: f64) -> Option<CapacityLimit> {
        let (at, limit) = self.usage.borrow().client_refused?;
        ((now - at).abs() < CONDITION_DURATION).then_some(limit)
    }
}
