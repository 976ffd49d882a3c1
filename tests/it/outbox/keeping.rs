//! What is kept, for how long.

use super::database::Database;
use super::rig::{crm, entry, made, nothing, refused, reopened, site};
use super::site::{Site, arrival, submission};
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

/// Lets days go by.
async fn days(site: &Rc<Site<Fake>>, days: u64) {
    let working = Rc::clone(site);
    let work = tokio::task::spawn_local(async move { working.work().await });
    tokio::time::sleep(Duration::from_hours(days * DAY)).await;
    work.abort();
}

fn bodies(database: &Database) -> f64 {
    database.number("SELECT COUNT(lead) FROM leads")
}

#[test]
fn bodies_go_after_their_time_and_ids_after_a_longer_one() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| made(), nothing), settings()));
        site.put(&arrival(1)).unwrap();
        days(&site, 6).await;
        assert_eq!(bodies(&site.database), 1.0);
        days(&site, 2).await;
        assert_eq!(bodies(&site.database), 0.0);
        assert_eq!(entry(&site, 1).state, LeadState::Delivered);
        // A repeat is known all the same, and another body goes in its time too.
        site.put(&arrival(1)).unwrap();
        assert_eq!(site.database.number("SELECT COUNT(*) FROM revisions"), 0.0);
        site.put(&Enqueue { canonical: "{}".into(), ..arrival(1) }).unwrap();
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
        let mut site = Rc::new(site(&crm(|_| made(), nothing), settings()));
        let accepted = |site: &Site<Fake>| {
            site.outbox.metrics(site.now()).unwrap()["leads_accepted_total"].as_f64().unwrap()
        };
        (0..3).for_each(|number| _ = site.put(&arrival(number)).unwrap());
        days(&site, 30).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM leads"), 0.0);
        assert_eq!(accepted(&site), 3.0);
        // The next lead gets the number of one that is gone.
        site.put(&arrival(3)).unwrap();
        assert_eq!(accepted(&site), 4.0);
        site = Rc::new(reopened(&site, &crm(|_| made(), nothing), settings()));
        assert_eq!(accepted(&site), 4.0);
    });
}

#[test]
fn what_was_deleted_is_known_until_the_store_is_rewritten() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| made(), nothing), settings()));
        // Those of earlier versions may have left something.
        assert_eq!(site.outbox.deletion(), Some(Deletion::Dropped));
        site.outbox.record_vacuum().unwrap();
        site.put(&arrival(1)).unwrap();
        days(&site, 6).await;
        assert_eq!(site.outbox.deletion(), None);
        days(&site, 2).await;
        assert_eq!(
            (site.outbox.deletion(), bodies(&site.database)),
            (Some(Deletion::Retention), 0.0)
        );
        site.put(&arrival(2)).unwrap();
        site.outbox.erase(&submission(2), site.now()).unwrap();
        let site = reopened(&site, &crm(|_| made(), nothing), settings());
        assert_eq!(site.outbox.deletion(), Some(Deletion::Erasure));
        site.outbox.record_vacuum().unwrap();
        // Of several texts under one id the last five are kept.
        for number in 0..6 {
            assert_eq!(site.outbox.deletion(), None);
            let canonical = format!("{number}");
            site.put(&Enqueue { canonical, ..arrival(1) }).unwrap();
        }
        assert_eq!(site.outbox.deletion(), Some(Deletion::Retention));
    });
}

#[test]
fn dead_and_held_leads_go_after_a_warning() {
    simulated(async {
        let fake = crm(|_| refused(400), nothing);
        let site = Rc::new(site(&fake, settings()));
        site.put(&arrival(1)).unwrap();
        site.put(&Enqueue { hold: true, ..arrival(2) }).unwrap();
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
fn the_times_that_are_kept_if_nothing_is_said() {
    let Retention { delivered, dead, ids } = OutboxSettings::default().retention;
    assert_eq!((delivered, dead, ids), (7.0, 90.0, 90.0));
}

#[test]
fn an_alert_names_a_lead_that_waits_for_long() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| refused(401), nothing), OutboxSettings::default()));
        site.put(&arrival(1)).unwrap();
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
        // At each age, and again six hours and a day after the one before.
        assert_eq!(ages, [15, 60, 7 * 60, 24 * 60, 48 * 60]);
        // The alert holds no personal data.
        assert!(!format!("{:?}", site.alerts()).contains("Visitor"));
        assert!(site.outbox.erase(&submission(1), site.now()).unwrap());
    });
}
