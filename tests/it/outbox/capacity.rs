//! How many leads may wait: more are refused, and known ones are acknowledged all the same.

use super::database::Database;
use super::rig::{created, crm, empty_lookup, rejected, site};
use super::site::{page_lead, submission};
use crate::support::rig::simulated;
use icloud_ready::outbox::{
    Alert, Capacity, CapacityLimit, Enqueue, EnqueueResult, Outbox, OutboxSettings,
};

fn settings(capacity: Capacity) -> OutboxSettings {
    OutboxSettings { capacity, ..OutboxSettings::default() }
}

fn from(client: &str, number: usize) -> Enqueue {
    Enqueue { client: Some(client.into()), ..page_lead(number) }
}

/// The limit that refuses a lead.
fn refusal(result: &EnqueueResult) -> Option<CapacityLimit> {
    match result {
        EnqueueResult::Full { limit, .. } => Some(*limit),
        _ => None,
    }
}

#[test]
fn more_leads_than_may_wait_are_refused_and_known_ones_are_acknowledged() {
    let capacity = Capacity { leads: 3.0, ..Capacity::default() };
    let outbox = Outbox::open(Database::new(), settings(capacity), 0.0, "entropy").unwrap();
    let results: Vec<_> =
        (0..5).map(|number| outbox.enqueue(&page_lead(number), 1.0).unwrap()).collect();
    let refused: Vec<_> = results.iter().map(refusal).collect();
    assert_eq!(refused, [None, None, None, Some(CapacityLimit::Leads), Some(CapacityLimit::Leads)]);
    assert!(outbox.inspect(&submission(3)).unwrap().is_none());
    let again = EnqueueResult::Accepted { submission_id: submission(1), is_new: false };
    assert_eq!(outbox.enqueue(&page_lead(1), 1.0).unwrap(), again);
    // A lead from a queue is acknowledged already, and so is never refused.
    let queued = Enqueue { at: Some(1.0), ..page_lead(4) };
    assert_eq!(refusal(&outbox.enqueue(&queued, 1.0).unwrap()), None);
    let metrics = outbox.metrics(1.0).unwrap();
    assert_eq!(metrics["leads_refused_total{limit=\"leads\"}"], 2.0);
    assert_eq!(metrics["stored_leads"], 4.0);
    // Dropped leads make space, which is noticed within a second.
    for number in 0..4 {
        outbox.drop_lead(&submission(number), 2.0).unwrap();
    }
    assert_eq!(refusal(&outbox.enqueue(&page_lead(9), 2_000.0).unwrap()), None);
}

#[test]
fn the_bytes_of_waiting_leads_are_limited_too() {
    let capacity = Capacity { bytes: 3_000.0, ..Capacity::default() };
    let outbox = Outbox::open(Database::new(), settings(capacity), 0.0, "entropy").unwrap();
    let large = Enqueue { lead: "x".repeat(2_000), ..page_lead(0) };
    assert_eq!(refusal(&outbox.enqueue(&large, 1.0).unwrap()), None);
    let refused =
        outbox.enqueue(&Enqueue { lead: "x".repeat(2_000), ..page_lead(1) }, 1.0).unwrap();
    assert_eq!(refusal(&refused), Some(CapacityLimit::Bytes));
}

#[test]
fn one_address_fills_its_own_share_only_and_a_site_key_has_none() {
    let capacity = Capacity { leads_per_address: 2.0, ..Capacity::default() };
    let outbox = Outbox::open(Database::new(), settings(capacity), 0.0, "entropy").unwrap();
    let limit = Some(CapacityLimit::AddressLeads);
    for (client, expected) in [
        ("address 203.0.113.9", limit),
        ("address 203.0.113.10", limit),
        ("address unknown", None),
        ("siteKey of-a-site", None),
    ] {
        let number = client.len() * 10 + client.matches('1').count() * 1_000;
        let results: Vec<_> = (number..number + 4)
            .map(|number| refusal(&outbox.enqueue(&from(client, number), 1.0).unwrap()))
            .collect();
        assert_eq!(results, [None, None, expected, expected], "{client}");
    }
}

#[test]
fn capacity_is_alerted_before_it_is_reached_and_resolved() {
    simulated(async {
        let capacity = Capacity { leads: 10.0, ..Capacity::default() };
        // The key is revoked: nothing is sent.
        let fake = crm(|sent| if sent < 3 { rejected(401) } else { created() }, empty_lookup);
        let site = site(&fake, settings(capacity));
        let reached = |refused| {
            let alerts = site.alerts();
            let is_it = |alert: &&Alert| matches!(alert, Alert::CapacityReached { refused: is, .. } if *is == refused);
            alerts.iter().filter(is_it).count()
        };
        for number in 0..9 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.work_until_idle(1.0).await;
        assert_eq!((reached(false), reached(true)), (1, 0));
        for number in 9..12 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.work_until_idle(1.0).await;
        assert_eq!((reached(false), reached(true)), (1, 1));
        site.work_until_idle(1e7).await;
        let resolved = Alert::Resolved { condition: "capacity_reached".into(), value: None };
        assert!(site.alerts().contains(&resolved), "{:?}", site.alerts());
    });
}
