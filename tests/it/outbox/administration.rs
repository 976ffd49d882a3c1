//! What operators see and can do.

use super::rig::{created, crm, empty_lookup, entry, rejected, sends, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::simulated;
use icloud_ready::outbox::{LeadQuery, LeadState, OutboxSettings};
use std::rc::Rc;
use std::time::Duration;

fn body(site: &Site<Fake>, number: usize) -> bool {
    site.outbox.inspect(&submission(number)).unwrap().unwrap().lead.is_some()
}

#[test]
fn the_list_is_paginated_newest_first() {
    simulated(async {
        let site = site(&crm(|_| created(), empty_lookup), OutboxSettings::default());
        for number in 0..25 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let query = LeadQuery {
                state: Some(LeadState::Pending),
                after,
                limit: Some(10.0),
                ..LeadQuery::default()
            };
            let listed = site.outbox.list(&query).unwrap();
            seen.extend(listed.entries.into_iter().map(|entry| entry.submission_id));
            after = listed.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..25).rev().map(submission).collect::<Vec<_>>());
        let done = LeadQuery { state: Some(LeadState::Delivered), ..LeadQuery::default() };
        assert!(site.outbox.list(&done).unwrap().entries.is_empty());
    });
}

#[test]
fn a_dropped_lead_keeps_only_its_id() {
    simulated(async {
        let site = site(&crm(|_| rejected(409), empty_lookup), OutboxSettings::default());
        assert!(!site.outbox.drop_lead(&submission(1), site.now()).unwrap());
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(1e6).await;
        assert!(site.outbox.drop_lead(&submission(1), site.now()).unwrap());
        assert!(!site.outbox.drop_lead(&submission(1), site.now()).unwrap());
        assert!(!body(&site, 1) && !site.outbox.replay(&submission(1), site.now()).unwrap());
        assert_eq!(entry(&site, 1).reason.as_deref(), Some("dropped"));
    });
}

#[test]
fn an_erased_lead_is_never_sent_and_one_in_flight_is_erased_after_its_response() {
    simulated(async {
        let fake = crm(|_| created().after(5_000.0), empty_lookup);
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        assert!(!site.outbox.erase(&submission(1), site.now()).unwrap());
        for number in 0..2 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        let worker = Rc::clone(&site);
        let first = tokio::task::spawn_local(async move { worker.work().await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        // Both are being sent: they are erased as soon as the response arrives.
        assert!(site.outbox.erase(&submission(0), site.now()).unwrap());
        assert!(body(&site, 0));
        site.enqueue(&page_lead(2)).unwrap();
        assert!(site.outbox.erase(&submission(2), site.now()).unwrap());
        tokio::time::sleep(Duration::from_secs(10)).await;
        first.abort();
        assert_eq!((entry(&site, 0).state, body(&site, 0)), (LeadState::Delivered, false));
        assert_eq!((entry(&site, 1).state, body(&site, 1)), (LeadState::Delivered, true));
        assert_eq!((entry(&site, 2).state, body(&site, 2)), (LeadState::Dead, false));
        assert!(entry(&site, 0).erased && entry(&site, 2).erased && !entry(&site, 1).erased);
        assert_eq!(sends(&fake), 2);
        // An erased lead is not stored again.
        site.enqueue(&page_lead(2)).unwrap();
        assert!(!body(&site, 2));
    });
}

#[test]
fn an_erased_lead_whose_response_is_lost_is_not_looked_up() {
    simulated(async {
        let fake = crm(|_| Reply::json(500, "").after(5_000.0), empty_lookup);
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        site.enqueue(&page_lead(0)).unwrap();
        let worker = Rc::clone(&site);
        let work = tokio::task::spawn_local(async move { worker.work().await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        site.outbox.erase(&submission(0), site.now()).unwrap();
        tokio::time::sleep(Duration::from_hours(1)).await;
        work.abort();
        assert_eq!((entry(&site, 0).reason.as_deref(), body(&site, 0)), (Some("erased"), false));
        assert_eq!(fake.count(), 1);
    });
}

#[test]
fn the_metrics_count_leads_and_contain_no_personal_data() {
    simulated(async {
        let fake = crm(|sent| if sent == 1 { rejected(400) } else { created() }, empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..4 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.enqueue(&page_lead(0)).unwrap();
        site.work_until_idle(1e6).await;
        let metrics = site.outbox.metrics(0.0).unwrap();
        for (name, value) in [
            ("leads_accepted_total", 4.0),
            ("leads_duplicate_total", 1.0),
            ("leads_delivered_total", 3.0),
            ("leads_dead_total", 1.0),
            ("sends_total", 4.0),
            ("lookups_total", 0.0),
            ("leads{state=\"delivered\"}", 3.0),
            ("leads{state=\"dead\"}", 1.0),
            ("leads{state=\"held\"}", 0.0),
            ("backlog", 0.0),
            ("paused", 0.0),
        ] {
            assert_eq!(metrics[name], value, "{name}");
        }
        let text = serde_json::to_string(&metrics).unwrap();
        assert!(!text.contains("Visitor") && !text.contains("submission"));
    });
}
