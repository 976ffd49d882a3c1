//! `Retry-After` from the CRM, in every form, and when it is missing or invalid.

use super::rig::{created, crm, empty_lookup, entry, found, sends, site};
use super::site::{Site, page_lead};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::simulated;
use icloud_ready::outbox::{LeadState, OutboxSettings};
use icloud_ready::transport::TransportError;
use std::rc::Rc;
use std::time::Duration;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 3_600_000.0;

async fn minutes(site: &Rc<Site<Fake>>, minutes: u64) {
    let work = tokio::task::spawn_local({
        let site = Rc::clone(site);
        async move { site.work().await }
    });
    tokio::time::sleep(Duration::from_mins(minutes)).await;
    work.abort();
}

fn times(fake: &Fake) -> Vec<f64> {
    fake.sent().iter().map(|sent| sent.at).collect()
}

/// A response with this header, or none, at the time of `Date`.
fn pausing(status: u16, header: &str) -> Reply {
    let reply = Reply::json(status, "{}").date("Sun, 06 Nov 1994 08:49:37 GMT");
    if header.is_empty() { reply } else { reply.retry_after(header) }
}

/// Headers that ask for no delay, or that are invalid.
const NOTHING: [&str; 12] = [
    "",
    "0",
    "00",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:36 GMT",
    "Sun, 06 Nov 1970 08:49:37 GMT",
    "-1",
    "1.5",
    "soon",
    "5 s",
    "2030-03-18T20:00:00Z",
    "1e3",
];

#[test]
fn a_429_without_a_delay_pauses_for_at_least_a_second_and_longer_each_time() {
    for header in NOTHING {
        for jitter in [0.0, 0.99] {
            simulated(async move {
                let fake = Fake::new(move |_| pausing(429, header)).chance(jitter);
                let site = Rc::new(site(&fake, OutboxSettings::default()));
                site.enqueue(&page_lead(1)).unwrap();
                minutes(&site, if jitter > 0.5 { 60 } else { 5 }).await;
                let times = times(&fake);
                assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 999.0), "{header:?}");
                if jitter > 0.5 {
                    assert!((8..20).contains(&times.len()), "{header:?}: {}", times.len());
                }
            });
        }
    }
}

#[test]
fn a_pause_is_at_least_retry_after_and_at_most_an_hour() {
    for (header, least) in [
        ("90", 90_000.0),
        (" 90 ", 90_000.0),
        ("Sun, 06 Nov 1994 08:51:07 GMT", 90_000.0),
        ("Sunday, 06-Nov-94 08:51:07 GMT", 90_000.0),
        ("86400", HOUR),
        ("99999999999999999999", HOUR),
        ("Tue, 06 Nov 2096 08:51:07 GMT", HOUR),
    ] {
        simulated(async move {
            let limited = move |sent| if sent == 1 { pausing(429, header) } else { created() };
            let fake = crm(limited, empty_lookup);
            let site = Rc::new(site(&fake, OutboxSettings::default()));
            for number in 0..10 {
                site.enqueue(&page_lead(number)).unwrap();
            }
            minutes(&site, 62).await;
            let times = times(&fake);
            assert_eq!(
                (times.len(), entry(&site, 9).state),
                (11, LeadState::Delivered),
                "{header}"
            );
            let after = times.iter().find(|&&at| at > 0.0).unwrap();
            assert!((after - least).abs() < 2.0, "{header}: {after}");
        });
    }
}

#[test]
fn after_a_pause_one_lead_is_sent_as_a_trial() {
    simulated(async {
        let limited = |sent: &crate::support::fake::Sent| {
            if sent.at < 10.0 * MINUTE { pausing(429, "60") } else { created() }.after(5_000.0)
        };
        let fake = Fake::new(limited).chance(0.5);
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        for number in 0..30 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        minutes(&site, 20).await;
        let times = times(&fake);
        let is_trial = times.iter().filter(|&&at| at > MINUTE && at < 10.0 * MINUTE).count();
        assert!((5..=9).contains(&is_trial), "{is_trial}: {times:?}");
        assert_eq!(entry(&site, 29).state, LeadState::Delivered);
    });
}

#[test]
fn a_lookup_waits_for_both_retry_after_and_its_reconcile_delay() {
    for (header, at) in NOTHING.map(|header| (header, 15_000.0)).into_iter().chain([
        ("3", 15_000.0),
        ("90", 90_000.0),
        ("86400", HOUR),
    ]) {
        simulated(async move {
            let fake = crm(move |_| pausing(503, header), |_| found(1));
            let site = site(&fake, OutboxSettings::default());
            site.enqueue(&page_lead(1)).unwrap();
            site.work_until_idle(1e7).await;
            assert_eq!((entry(&site, 1).state, sends(&fake)), (LeadState::Delivered, 1));
            assert_eq!(fake.sent()[1].at.round(), at, "{header:?}");
        });
    }
}

#[test]
fn a_failed_lookup_is_retried_after_both_retry_after_and_its_back_off() {
    for (status, header, least) in [
        (503, "0", 1_000.0),
        (503, "", 1_000.0),
        (429, "0", 1_000.0),
        (429, "1.5", 1_000.0),
        (503, "600", 600_000.0),
        (429, "600", 600_000.0),
    ] {
        simulated(async move {
            let fake =
                crm(|_| Reply::fault(TransportError::Connection), move |_| pausing(status, header));
            let site = Rc::new(site(&fake.clone().chance(0.0), OutboxSettings::default()));
            site.enqueue(&page_lead(1)).unwrap();
            minutes(&site, 12).await;
            let times = times(&fake);
            assert!(times.len() > 2);
            let gaps = times[1..].windows(2).map(|pair| pair[1] - pair[0]);
            let shortest = gaps.fold(f64::INFINITY, f64::min);
            assert!((shortest - least).abs() < 2.0, "{status} {header:?}: {shortest}");
        });
    }
}
