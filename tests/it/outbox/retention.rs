//! How long data is kept.

use super::database::Database;
use super::rig::{created, crm, empty_lookup, entry, rejected, reopened, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::Fake;
use crate::support::rig::simulated;
use icloud_ready::outbox::{Alert, Deletion, Enqueue, LeadState, OutboxSettings, Retention};
use std::rc::Rc;
use std::time::Duration;

const DAY: u64 = 24;

/// A week for bodies, two for those of dead leads, and twenty days for ids.
fn settings() -> OutboxSettings {
    OutboxSettings {
        retention: Retention { delivered: 7.0, dead: 14.0, ids: 20.0 },
        ..OutboxSettings::default()
    }
}

/// Lets days pass.
async fn days(site: &Rc<Site<Fake>>, days: u64) {
    let worker = Rc::clone(site);
    let work = tokio::task::spawn_local(async move { worker.work().await });
    tokio::time::sleep(Duration::from_hours(days * DAY)).await;
    work.abort();
}

fn bodies(database: &Database) -> f64 {
    database.number("SELECT COUNT(lead) FROM leads")
}

#[test]
fn bodies_are_deleted_after_their_retention_and_ids_after_a_longer_one() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| created(), empty_lookup), settings()));
        site.enqueue(&page_lead(1)).unwrap();
        days(&site, 6).await;
        assert_eq!(bodies(&site.database), 1.0);
        days(&site, 2).await;
        assert_eq!(bodies(&site.database), 0.0);
        assert_eq!(entry(&site, 1).state, LeadState::Delivered);
        // A duplicate is still recognized, and another body expires as well.
        site.enqueue(&page_lead(1)).unwrap();
        assert_eq!(site.database.number("SELECT COUNT(*) FROM revisions"), 0.0);
        site.enqueue(&Enqueue { canonical: "{}".into(), ..page_lead(1) }).unwrap();
        assert_eq!(site.database.number("SELECT COUNT(*) FROM revisions"), 1.0);
        days(&site, 8).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM revisions"), 0.0);
        days(&site, 8).await;
        assert_eq!(entry(&site, 1).state, LeadState::Delivered);
        days(&site, 6).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM leads"), 0.0);
        assert_eq!(site.alerts(), []);
    });
}

#[test]
fn the_leads_that_were_accepted_are_counted_past_their_deletion() {
    simulated(async {
        let mut site = Rc::new(site(&crm(|_| created(), empty_lookup), settings()));
        let accepted = |site: &Site<Fake>| {
            site.outbox.metrics(site.now()).unwrap()["leads_accepted_total"].as_f64().unwrap()
        };
        (0..3).for_each(|number| _ = site.enqueue(&page_lead(number)).unwrap());
        days(&site, 30).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM leads"), 0.0);
        assert_eq!(accepted(&site), 3.0);
        // The next lead gets the number of a deleted one.
        site.enqueue(&page_lead(3)).unwrap();
        assert_eq!(accepted(&site), 4.0);
        site = Rc::new(reopened(&site, &crm(|_| created(), empty_lookup), settings()));
        assert_eq!(accepted(&site), 4.0);
    });
}

#[test]
fn deletions_are_recorded_until_the_store_is_rewritten() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| created(), empty_lookup), settings()));
        // Earlier versions may have left some text.
        assert_eq!(site.outbox.deletion(), Some(Deletion::Dropped));
        site.outbox.record_vacuum().unwrap();
        site.enqueue(&page_lead(1)).unwrap();
        days(&site, 6).await;
        assert_eq!(site.outbox.deletion(), None);
        days(&site, 2).await;
        assert_eq!(
            (site.outbox.deletion(), bodies(&site.database)),
            (Some(Deletion::Retention), 0.0)
        );
        site.enqueue(&page_lead(2)).unwrap();
        site.outbox.erase(&submission(2), site.now()).unwrap();
        let site = reopened(&site, &crm(|_| created(), empty_lookup), settings());
        assert_eq!(site.outbox.deletion(), Some(Deletion::Erasure));
        site.outbox.record_vacuum().unwrap();
        // Of several bodies under one id the last five are kept.
        for number in 0..6 {
            assert_eq!(site.outbox.deletion(), None);
            let canonical = format!("{number}");
            site.enqueue(&Enqueue { canonical, ..page_lead(1) }).unwrap();
        }
        assert_eq!(site.outbox.deletion(), Some(Deletion::Retention));
    });
}

#[test]
fn dead_and_held_leads_are_deleted_after_a_warning() {
    simulated(async {
        let fake = crm(|_| rejected(400), empty_lookup);
        let site = Rc::new(site(&fake, settings()));
        site.enqueue(&page_lead(1)).unwrap();
        site.enqueue(&Enqueue { hold: true, ..page_lead(2) }).unwrap();
        days(&site, 6).await;
        let expiring = |site: &Site<Fake>| {
            let alerts = site.alerts();
            alerts.iter().filter(|alert| matches!(alert, Alert::LeadExpiring { .. })).count()
        };
        assert_eq!(expiring(&site), 0);
        days(&site, 2).await;
        assert_eq!((expiring(&site), bodies(&site.database)), (2, 2.0));
        days(&site, 4).await;
        assert_eq!((expiring(&site), bodies(&site.database)), (2, 2.0));
        days(&site, 3).await;
        assert_eq!((expiring(&site), bodies(&site.database)), (2, 0.0));
        assert_eq!(entry(&site, 2).reason.as_deref(), Some("expired"));
        days(&site, 6).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM leads"), 0.0);
    });
}

#[test]
fn the_default_retention() {
    let Retention { delivered, dead, ids } = OutboxSettings::default().retention;
    assert_eq!((delivered, dead, ids), (7.0, 90.0, 90.0));
}

#[test]
fn an_alert_reports_a_lead_that_waits_too_long() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| rejected(401), empty_lookup), OutboxSettings::default()));
        site.enqueue(&page_lead(1)).unwrap();
        days(&site, 3).await;
        let ages: Vec<u32> = site
            .alerts()
            .iter()
            .filter_map(|alert| match alert {
                Alert::BacklogAge { oldest_age_ms, backlog: 1 } => {
                    Some((oldest_age_ms / 60_000.0) as u32)
                }
                _ => None,
            })
            .collect();
        // At each age, and again six hours and a day after the previous one.
        assert_eq!(ages, [15, 60, 7 * 60, 24 * 60, 48 * 60]);
        // The alert contains no personal data.
        assert!(!format!("{:?}", site.alerts()).contains("Visitor"));
        assert!(site.outbox.erase(&submission(1), site.now()).unwrap());
    });
}
