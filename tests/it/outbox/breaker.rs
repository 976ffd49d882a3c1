//! When no lead can be sent: all leads wait, and one at a time is sent as a trial.

use super::rig::{created, crm, empty_lookup, entry, found, rejected, sends, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::{Fake, Reply, Sent};
use crate::support::rig::simulated;
use icloud_ready::outbox::{Alert, AmbiguousPolicy, LeadState, OutboxSettings};
use icloud_ready::transport::TransportError;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::spawn_local;
use tokio::time::sleep;

fn states(site: &Site<Fake>, leads: usize) -> Vec<LeadState> {
    (0..leads).map(|number| entry(site, number).state).collect()
}

/// A CRM that responds to creates like this until that time, and then accepts them.
fn until(time: f64, reply: impl Fn() -> Reply + Send + 'static) -> Fake {
    Fake::new(move |sent| match sent.method {
        "POST" if sent.at < time => reply(),
        "POST" => created(),
        _ => Reply::json(200, "[]"),
    })
    .chance(0.99)
}

#[test]
fn a_refused_key_pauses_everything_until_it_works_again() {
    for status in [401, 403, 404, 402, 405, 410, 451] {
        simulated(async move {
            let fake = until(100_000.0, move || rejected(status));
            let site = site(&fake, OutboxSettings::default());
            for number in 0..50 {
                site.enqueue(&page_lead(number)).unwrap();
            }
            site.work_until_idle(1e6).await;
            assert!(states(&site, 50).iter().all(|&state| state == LeadState::Delivered));
            // One lead at a time was a trial, with longer and longer waits in between.
            let is_trial: Vec<f64> =
                fake.sent().iter().map(|sent| sent.at).filter(|&at| at < 100_000.0).collect();
            assert!((5..10).contains(&is_trial.len()), "{status}: {is_trial:?}");
            let alerts = site.alerts();
            assert!(
                matches!(&alerts[..], [
                Alert::Paused { status: Some(paused), .. },
                Alert::Resumed { .. },
            ] if *paused == status),
                "{alerts:?}"
            );
        });
    }
}

#[test]
fn health_reports_a_pause() {
    simulated(async {
        let fake = until(1e9, || rejected(401));
        let site = site(&fake, OutboxSettings::default());
        site.enqueue(&page_lead(0)).unwrap();
        site.work_until_idle(500.0).await;
        let health = site.outbox.health(0.0).unwrap();
        assert_eq!((health.pause_reason.as_deref(), health.backlog), (Some("authentication"), 1));
        // Whether a rejected key has read permission is unknown.
        assert_eq!(health.reconcile, "unknown");
    });
}

#[test]
fn a_redirect_or_an_html_page_pauses_and_leaves_its_lead_unconfirmed() {
    for (status, body) in [(301, ""), (307, ""), (0, ""), (200, "<!doctype html>"), (201, "ok")] {
        simulated(async move {
            let fake = crm(
                move |sent| if sent == 1 { Reply::json(status, body) } else { created() },
                |_| found(0),
            );
            let site = site(&fake, OutboxSettings::default());
            for number in 0..3 {
                site.enqueue(&page_lead(number)).unwrap();
            }
            site.work_until_idle(1e6).await;
            assert_eq!(states(&site, 3), [LeadState::Delivered; 3], "{status}");
            // The lead that met it was found and not sent again.
            assert_eq!((entry(&site, 0).crm_id.as_deref(), sends(&fake)), (Some("crm-2"), 3));
            assert!(matches!(site.alerts()[0], Alert::Paused { .. }));
        });
    }
}

#[test]
fn a_5xx_with_an_html_page_does_not_pause() {
    simulated(async {
        let page = |sent| if sent == 1 { Reply::json(502, "<!doctype html>") } else { created() };
        let site = site(&crm(page, empty_lookup), OutboxSettings::default());
        site.enqueue(&page_lead(0)).unwrap();
        site.work_until_idle(1e6).await;
        assert_eq!((entry(&site, 0).state, site.alerts().len()), (LeadState::Delivered, 0));
    });
}

#[test]
fn five_leads_rejected_in_a_row_are_retried_after_a_success() {
    simulated(async {
        let fake = crm(|sent| if sent <= 8 { rejected(422) } else { created() }, empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..20 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.work_until_idle(1e6).await;
        assert_eq!(states(&site, 20), [LeadState::Delivered; 20]);
        assert_eq!(sends(&fake), 20 + 8);
        let reasons: Vec<String> = site
            .alerts()
            .iter()
            .filter_map(|alert| match alert {
                Alert::Paused { reason, .. } | Alert::Resumed { reason } => Some(reason.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(reasons, ["refusals", "refusals"]);
    });
}

#[test]
fn rejections_with_successes_in_between_do_not_pause() {
    simulated(async {
        let fake = crm(|sent| if sent % 5 == 0 { created() } else { rejected(400) }, empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..20 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.work_until_idle(1e6).await;
        let dead = states(&site, 20).iter().filter(|&&state| state == LeadState::Dead).count();
        assert_eq!((dead, sends(&fake)), (16, 20));
        assert!(site.alerts().iter().all(|alert| matches!(alert, Alert::LeadDead { .. })));
    });
}

#[test]
fn an_unreachable_crm_pauses_sending_and_its_return_is_detected_within_a_minute() {
    simulated(async {
        let back = 6.0 * 3_600_000.0;
        let fake = Fake::new(move |sent| match sent.method {
            _ if sent.at < back => Reply::fault(TransportError::Connection),
            "POST" => created(),
            _ => empty_lookup(sent),
        })
        .chance(0.99);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..200 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.work_until_idle(1e7).await;
        assert!(states(&site, 200).iter().all(|&state| state == LeadState::Delivered));
        let (before, after): (Vec<f64>, Vec<f64>) =
            fake.sent().iter().map(|sent| sent.at).partition(|&at| at < back);
        assert!(before.len() < 500, "{}", before.len());
        assert!(after[0] - back <= 60_000.0);
        // Alerts about the breaker and the ages were raised.
        let ages =
            site.alerts().iter().filter(|alert| matches!(alert, Alert::BacklogAge { .. })).count();
        assert_eq!(ages, 2);
    });
}

/// How the CRM responds to each request.
type Respond = fn() -> Reply;

/// Works on one lead at a time until a pause; returns how many requests were sent.
async fn until_paused(site: &Site<Fake>, fake: &Fake) -> usize {
    while site.outbox.health(0.0).unwrap().pause_reason.is_none() {
        let wait = site.step().await.expect("the process lives");
        sleep(Duration::from_secs_f64(wait / 1_000.0)).await;
    }
    fake.count()
}

#[test]
fn timeouts_count_for_more_than_requests_that_fail_at_once() {
    let timeouts: [(f64, Respond, usize); 5] = [
        (30_000.0, Reply::hang, 3),
        (120_000.0, Reply::hang, 3),
        (10_000.0, Reply::hang, 5),
        (5_000.0, Reply::hang, 10),
        (30_000.0, || Reply::fault(TransportError::Connection), 10),
    ];
    for (timeout, reply, requests) in timeouts {
        // Sends alone, and a send and its lookups.
        for leads in [20, 1] {
            simulated(async move {
                let fake = Fake::new(move |_| reply());
                let site = site(&fake, OutboxSettings { timeout, ..OutboxSettings::default() });
                for number in 0..leads {
                    site.enqueue(&page_lead(number)).unwrap();
                }
                let sent = until_paused(&site, &fake).await;
                assert_eq!(sent, requests, "{leads} leads, {timeout} ms");
            });
        }
    }
}

/// How long after the first lead the alert comes if there is a lead each `interval` milliseconds.
async fn alerted_after(interval: f64, reply: Respond) -> f64 {
    let fake = Fake::new(move |_| reply()).chance(0.99);
    let site = Rc::new(site(&fake, OutboxSettings::default()));
    let worker = Rc::clone(&site);
    let working = spawn_local(async move { worker.work().await });
    let mut number = 0;
    while site.alerts().is_empty() {
        if fake.elapsed() >= f64::from(number) * interval {
            site.enqueue(&page_lead(number as usize)).unwrap();
            number += 1;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let alerts = site.alerts();
    let [Alert::Paused { reason, .. }] = &alerts[..] else { panic!("{alerts:?}") };
    assert_eq!(reason, "unreachable");
    working.abort();
    fake.elapsed()
}

#[test]
fn the_alert_comes_within_a_minute_unless_there_are_few_leads() {
    let refused = || Reply::fault(TransportError::Connection);
    let most: [(f64, Respond, f64); 6] = [
        (1_000.0, Reply::hang, 35_000.0),
        (15_000.0, Reply::hang, 60_100.0),
        (1e9, Reply::hang, 120_000.0),
        (1_000.0, refused, 35_000.0),
        (15_000.0, refused, 60_000.0),
        (1e9, refused, 300_000.0),
    ];
    for (interval, reply, max) in most {
        let after = simulated(alerted_after(interval, reply));
        println!("a lead each {interval} ms: {after} ms");
        assert!(after <= max, "a lead each {interval} ms: {after} ms");
    }
}

#[test]
fn one_lead_that_makes_the_crm_hang_does_not_pause_the_others() {
    let hangs =
        |sent: &Sent| sent.method == "POST" && sent.body.as_ref().unwrap().contains("Visitor 0");
    // A lookup that succeeds proves that the CRM responds. If leads are sent again without a lookup, the lead
    // pauses the others until it has failed alone five times.
    for (ambiguous, max) in [(AmbiguousPolicy::Reconcile, 0), (AmbiguousPolicy::Resend, 5)] {
        simulated(async move {
            let fake = Fake::new(move |sent| match sent.method {
                _ if hangs(sent) => Reply::hang(),
                "POST" => created(),
                _ => empty_lookup(sent),
            })
            .chance(0.99)
            .dated();
            let site = site(&fake, OutboxSettings { ambiguous, ..OutboxSettings::default() });
            site.enqueue(&page_lead(0)).unwrap();
            // Between two visitors, the lead is sent several times in a row.
            for number in 1..20 {
                let next = f64::from(number) * 6.0 * 3_600_000.0;
                while fake.elapsed() < next {
                    let wait = site.step().await.unwrap().min(next - fake.elapsed());
                    sleep(Duration::from_secs_f64(wait.max(0.0) / 1_000.0)).await;
                }
                site.enqueue(&page_lead(number as usize)).unwrap();
            }
            site.work_until_idle(1_000.0).await;
            assert_eq!(states(&site, 20)[1..], [LeadState::Delivered; 19]);
            let pauses =
                site.alerts().iter().filter(|alert| matches!(alert, Alert::Resumed { .. })).count();
            assert!(pauses <= max, "{ambiguous:?}: {pauses} pauses");
            assert!(sends(&fake) > 100, "{}", sends(&fake));
        });
    }
}

#[test]
fn a_lookup_that_the_key_could_not_do_is_done_once_the_key_works() {
    simulated(async {
        // The key is revoked while a response is lost, and restored later.
        let fake = Fake::new(|sent| match (sent.method, sent.at) {
            ("POST", at) if at < 10_000.0 => Reply::fault(TransportError::Connection),
            (_, at) if at < 600_000.0 => rejected(401),
            ("POST", _) => created(),
            _ => found(0),
        })
        .chance(0.5);
        let site = site(&fake, OutboxSettings::default());
        site.enqueue(&page_lead(0)).unwrap();
        site.work_until_idle(60_000.0).await;
        assert_eq!(entry(&site, 0).state, LeadState::Held);
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(1e6).await;
        assert_eq!(states(&site, 2), [LeadState::Delivered; 2]);
        assert_eq!(entry(&site, 0).crm_id.as_deref(), Some("crm-2"));
        assert_eq!(site.outbox.health(0.0).unwrap().reconcile, "available");
        assert!(!site.outbox.replay(&submission(0), site.now()).unwrap());
    });
}
