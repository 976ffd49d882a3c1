//! What operators see and do.

use super::rig::{crm, entry, made, nothing, refused, sends, site};
use super::site::{Site, arrival, submission};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::simulated;
use icloud_ready::outbox::{LeadQuery, LeadState, OutboxSettings};
use std::rc::Rc;
use std::time::Duration;

fn body(site: &Site<Fake>, number: usize) -> bool {
    site.outbox.inspect(&submission(number)).unwrap().unwrap().lead.is_some()
}

#[test]
fn a_list_is_read_newest_first_part_by_part() {
    simulated(async {
        let site = site(&crm(|_| made(), nothing), OutboxSettings::default());
        for number in 0..25 {
            site.put(&arrival(number)).unwrap();
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let query = LeadQuery { state: Some(LeadState::Pending), after, limit: Some(10.0) };
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
fn a_dropped_lead_keeps_its_id_alone() {
    simulated(async {
        let site = site(&crm(|_| refused(409), nothing), OutboxSettings::default());
        assert!(!site.outbox.drop_lead(&submission(1), site.now()).unwrap());
        site.put(&arrival(1)).unwrap();
        site.settle(1e6).await;
        assert!(site.outbox.drop_lead(&submission(1), site.now()).unwrap());
        assert!(!site.outbox.drop_lead(&submission(1), site.now()).unwrap());
        assert!(!body(&site, 1) && !site.outbox.replay(&submission(1), site.now()).unwrap());
        assert_eq!(entry(&site, 1).reason.as_deref(), Some("dropped"));
    });
}

#[test]
fn an_erased_lead_is_never_sent_and_a_sent_one_after_its_answer() {
    simulated(async {
        let fake = crm(|_| made().after(5_000.0), nothing);
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        assert!(!site.outbox.erase(&submission(1), site.now()).unwrap());
        for number in 0..2 {
            site.put(&arrival(number)).unwrap();
        }
        let working = Rc::clone(&site);
        let first = tokio::task::spawn_local(async move { working.work().await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        // Both are on their way: erased as soon as the answer is there.
        assert!(site.outbox.erase(&submission(0), site.now()).unwrap());
        assert!(body(&site, 0));
        site.put(&arrival(2)).unwrap();
        assert!(site.outbox.erase(&submission(2), site.now()).unwrap());
        tokio::time::sleep(Duration::from_secs(10)).await;
        first.abort();
        assert_eq!((entry(&site, 0).state, body(&site, 0)), (LeadState::Delivered, false));
        assert_eq!((entry(&site, 1).state, body(&site, 1)), (LeadState::Delivered, true));
        assert_eq!((entry(&site, 2).state, body(&site, 2)), (LeadState::Dead, false));
        assert!(entry(&site, 0).erased && entry(&site, 2).erased && !entry(&site, 1).erased);
        assert_eq!(sends(&fake), 2);
        // Who was erased is not stored again.
        site.put(&arrival(2)).unwrap();
        assert!(!body(&site, 2));
    });
}

#[test]
fn an_erased_lead_whose_answer_is_lost_is_not_looked_for() {
    simulated(async {
        let fake = crm(|_| Reply::json(500, "").after(5_000.0), nothing);
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        site.put(&arrival(0)).unwrap();
        let working = Rc::clone(&site);
        let work = tokio::task::spawn_local(async move { working.work().await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        site.outbox.erase(&submission(0), site.now()).unwrap();
        tokio::time::sleep(Duration::from_hours(1)).await;
        work.abort();
        assert_eq!((entry(&site, 0).reason.as_deref(), body(&site, 0)), (Some("erased"), false));
        assert_eq!(fake.count(), 1);
    });
}

#[test]
fn the_metrics_count_and_hold_no_personal_data() {
    simulated(async {
        let fake = crm(|sent| if sent == 1 { refused(400) } else { made() }, nothing);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..4 {
            site.put(&arrival(number)).unwrap();
        }
        site.put(&arrival(0)).unwrap();
        site.settle(1e6).await;
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
