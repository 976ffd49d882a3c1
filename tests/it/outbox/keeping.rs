//! What is kept, for how long.

use super::database::Database;
use super::rig::{crm, entry, made, nothing, refused, site};
use super::site::{Site, arrival, submission};
use crate::support::fake::Fake;
use crate::support::rig::simulated;
use icloud_ready::outbox::{Alert, Arrival, Retention, Settings, State};
use std::rc::Rc;
use std::time::Duration;

const DAY: u64 = 24;

/// A week for bodies, two for those of dead leads, and twenty days for ids.
fn settings() -> Settings {
    Settings { retention: Retention { done: 7.0, dead: 14.0, ids: 20.0 }, ..Settings::default() }
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
        assert_eq!(entry(&site, 1).state, State::Done);
        // A repeat is known all the same, and another body goes in its time too.
        site.put(&arrival(1)).unwrap();
        assert_eq!(site.database.number("SELECT COUNT(*) FROM revisions"), 0.0);
        site.put(&Arrival { canonical: "{}".into(), ..arrival(1) }).unwrap();
        assert_eq!(site.database.number("SELECT COUNT(*) FROM revisions"), 1.0);
        days(&site, 8).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM revisions"), 0.0);
        days(&site, 8).await;
        assert_eq!(entry(&site, 1).state, State::Done);
        days(&site, 6).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM leads"), 0.0);
        assert_eq!(site.alerts(), []);
    });
}

#[test]
fn dead_and_held_leads_go_after_a_warning() {
    simulated(async {
        let fake = crm(|_| refused(400), nothing);
        let site = Rc::new(site(&fake, settings()));
        site.put(&arrival(1)).unwrap();
        site.put(&Arrival { hold: true, ..arrival(2) }).unwrap();
        days(&site, 6).await;
        let expiring = |site: &Site<Fake>| {
            let alerts = site.alerts();
            alerts.iter().filter(|alert| matches!(alert, Alert::Expiring { .. })).count()
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
    let Retention { done, dead, ids } = Settings::default().retention;
    assert_eq!((done, dead, ids), (7.0, 90.0, 90.0));
}

#[test]
fn somebody_is_told_of_a_lead_that_waits_for_long() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| refused(401), nothing), Settings::default()));
        site.put(&arrival(1)).unwrap();
        days(&site, 3).await;
        let ages: Vec<u32> = site
            .alerts()
            .iter()
            .filter_map(|alert| match alert {
                Alert::Age { oldest_age_ms, backlog: 1 } => Some((oldest_age_ms / 60_000.0) as u32),
                _ => None,
            })
            .collect();
        assert_eq!(ages, [15, 60, 24 * 60]);
        // What it is told names nobody.
        assert!(!format!("{:?}", site.alerts()).contains("Visitor"));
        assert!(site.outbox.erase(&submission(1), site.now()).unwrap());
    });
}
