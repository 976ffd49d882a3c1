//! The CRM's limits: how much of them is used, and by whom.

use super::crm::most_in_any;
use super::rig::{created, crm, empty_lookup, site};
use super::site::{Site, page_lead};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::simulated;
use crate::support::rng::Rng;
use icloud_ready::outbox::{CrmLimits, OutboxSettings};
use std::rc::Rc;
use std::time::Duration;

const HOUR: f64 = 3_600_000.0;

fn times(fake: &Fake) -> Vec<f64> {
    fake.sent().iter().map(|sent| sent.at).collect()
}

#[test]
fn a_backlog_is_sent_at_the_permitted_rate_hour_after_hour() {
    simulated(async {
        // Responses take up to three seconds; one in twenty is lost, which costs lookups.
        let rng = Rng::new(7);
        let fake = Fake::new(move |sent| match (sent.method, rng.below(20)) {
            ("POST", 0) => Reply::json(503, "{}"),
            ("POST", _) => created().after(f64::from(rng.below(3_000))),
            _ => Reply::json(200, "[]").after(f64::from(rng.below(3_000))),
        });
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        for number in 0..9_000 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        let work = tokio::task::spawn_local({
            let site = Rc::clone(&site);
            async move { site.work().await }
        });
        tokio::time::sleep(Duration::from_hours(2)).await;
        work.abort();
        let times = times(&fake);
        for hour in [0.0, 1.0] {
            let calls =
                times.iter().filter(|&&at| (hour..hour + 1.0).contains(&(at / HOUR))).count();
            assert!((4_332..=4_560).contains(&calls), "hour {hour}: {calls} of 4,560");
        }
        assert!(most_in_any(&times, 60_000.0) <= 432);
        assert!(most_in_any(&times, HOUR) <= 4_560);
    });
}

#[test]
fn every_request_counts_and_the_windows_can_be_scaled() {
    simulated(async {
        // Every lead takes a send, six lookup requests, and a send.
        let fake =
            crm(|sent| if sent % 2 == 1 { Reply::json(500, "") } else { created() }, empty_lookup);
        let limits =
            CrmLimits { per_minute: 20.0, per_hour: 200.0, minute: 2_000.0, hour: 60_000.0 };
        let site = site(
            &fake,
            OutboxSettings {
                limits,
                reconcile_delays: vec![10.0, 20.0],
                ..OutboxSettings::default()
            },
        );
        for number in 0..40 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.work_until_idle(120_000.0).await;
        let times = times(&fake);
        assert!(times.len() > 100);
        assert_eq!(most_in_any(&times, 2_000.0), 18);
        assert_eq!(most_in_any(&times, 60_000.0), 190);
    });
}

#[test]
fn a_call_counts_until_a_window_after_its_end_even_if_its_process_died() {
    simulated(async {
        let fake = crm(|sent| if sent == 1 { Reply::hang() } else { created() }, empty_lookup);
        let limits = CrmLimits { per_minute: 2.0, ..CrmLimits::default() };
        let first = site(&fake, OutboxSettings { limits, ..OutboxSettings::default() });
        for number in 0..2 {
            first.enqueue(&page_lead(number)).unwrap();
        }
        // One is being sent when the process dies.
        let died = tokio::time::timeout(Duration::from_secs(1), first.work_until_idle(1e6)).await;
        assert!(died.is_err());
        let second: Site<Fake> = super::rig::reopened(
            &first,
            &fake,
            OutboxSettings { limits, ..OutboxSettings::default() },
        );
        second.work_until_idle(1e6).await;
        // It is unknown when the request ended; it may have taken its 30 seconds.
        let times = times(&fake);
        assert!(times[1] >= 90_000.0, "{times:?}");
    });
}
