//! A lasting condition is alerted when it begins, repeatedly while it lasts, and when it ends.

use super::rig::{created, crm, empty_lookup, entry, rejected, reopened, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::{Fake, Reply, Sent};
use crate::support::rig::simulated;
use icloud_ready::outbox::{
    Alert, Diagnostics, Enqueue, LeadState, OutboxSettings, RateLimit, RecordRefusal, RefusalKind,
};
use icloud_ready::sync::Cell;
use serde_json::{Value, json};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Runs for this many hours; returns the alerts of that time, each by its kind.
async fn hours(site: &Rc<Site<Fake>>, hours: u64) -> Vec<String> {
    let before = site.alerts().len();
    let worker = Rc::clone(site);
    let work = tokio::task::spawn_local(async move { worker.work().await });
    tokio::time::sleep(Duration::from_hours(hours)).await;
    work.abort();
    since(site, before)
}

/// The alerts after the first ones, by their kinds.
fn since(site: &Site<Fake>, before: usize) -> Vec<String> {
    site.alerts()[before..].iter().map(kind).collect()
}

/// The alert's kind; if it is resolved, of what; if it has a reason, that too.
fn kind(alert: &Alert) -> String {
    let alert = serde_json::to_value(alert).unwrap();
    let text = |name: &str| alert[name].as_str().unwrap_or_default().to_owned();
    format!("{} {}{}", text("kind"), text("condition"), text("reason")).trim().into()
}

fn times(alerts: &[String], wanted: &str) -> usize {
    alerts.iter().filter(|alert| *alert == wanted).count()
}

fn health(site: &Site<Fake>) -> Value {
    serde_json::to_value(site.outbox.health(site.now()).unwrap()).unwrap()
}

/// Whether a request is about the lead with this number.
fn is_about(sent: &Sent, number: usize) -> bool {
    sent.body.as_ref().is_some_and(|body| body.contains(&submission(number)))
}

#[test]
fn held_leads_are_alerted_repeatedly_until_they_are_released() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| created(), empty_lookup), OutboxSettings::default()));
        site.enqueue(&Enqueue { hold: true, ..page_lead(1) }).unwrap();
        assert_eq!(hours(&site, 1).await, ["held_leads"]);
        // After an hour, six hours later, and then each day.
        assert_eq!(times(&hours(&site, 6).await, "held_leads"), 1);
        assert_eq!(times(&hours(&site, 24 * 7).await, "held_leads"), 7);
        assert_eq!(health(&site)["held"], 1);
        assert!(site.outbox.release(&submission(1), site.now()).unwrap());
        assert_eq!(hours(&site, 1).await, ["resolved held_leads"]);
        assert_eq!(
            (entry(&site, 1).state, health(&site)["held"].clone()),
            (LeadState::Delivered, json!(0))
        );
        assert_eq!(hours(&site, 48).await, [""; 0]);
    });
}

#[test]
fn dead_letters_are_alerted_repeatedly_until_they_are_dropped() {
    simulated(async {
        let site = Rc::new(site(&crm(|_| rejected(400), empty_lookup), OutboxSettings::default()));
        site.enqueue(&page_lead(1)).unwrap();
        assert_eq!(hours(&site, 2).await, ["lead_dead", "dead_letters"]);
        // After two hours, eight, and 32.
        assert_eq!(times(&hours(&site, 31).await, "dead_letters"), 3);
        assert_eq!(health(&site)["dead"], 1);
        assert!(site.outbox.drop_lead(&submission(1), site.now()).unwrap());
        assert_eq!(hours(&site, 1).await, ["resolved dead_letters"]);
        assert_eq!(health(&site)["dead"], 0);
    });
}

#[test]
fn a_lead_that_always_fails_does_not_block_others_and_can_be_dropped() {
    simulated(async {
        let down = Arc::new(Cell::new(false));
        let is_down = Arc::clone(&down);
        let fake = Fake::new(move |sent| match sent.method {
            "POST" if is_down.get() || is_about(sent, 0) => Reply::json(500, ""),
            "POST" => created(),
            _ => empty_lookup(sent),
        })
        .chance(0.5)
        .dated();
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        site.enqueue(&page_lead(0)).unwrap();
        let mut alerts = Vec::new();
        for number in 1..40 {
            site.enqueue(&page_lead(number)).unwrap();
            alerts.extend(hours(&site, 1).await);
        }
        assert!(times(&alerts, "poison_leads") >= 3, "{alerts:?}");
        // Its age counted until it had failed alone five times.
        let aged: Vec<&String> =
            alerts.iter().filter(|alert| alert.contains("backlog_age")).collect();
        assert!(aged.len() <= 4, "{alerts:?}");
        assert_eq!(
            (health(&site)["poison"].clone(), &health(&site)["oldestAgeMs"]),
            (json!(1), &Value::Null)
        );
        // Another lead waits: its age raises an alert.
        down.set(true);
        site.enqueue(&page_lead(40)).unwrap();
        let alerts = hours(&site, 2).await;
        assert!(times(&alerts, "backlog_age") >= 2, "{alerts:?}");
        down.set(false);
        let alerts = hours(&site, 2).await;
        assert!(alerts.contains(&"resolved backlog_age".into()), "{alerts:?}");
        assert_eq!(entry(&site, 40).state, LeadState::Delivered);
        assert!(site.outbox.drop_lead(&submission(0), site.now()).unwrap());
        let alerts = hours(&site, 1).await;
        assert!(alerts.contains(&"resolved poison_leads".into()), "{alerts:?}");
        assert_eq!(
            (entry(&site, 0).state, entry(&site, 0).reason.as_deref()),
            (LeadState::Dead, Some("dropped"))
        );
        assert_eq!(health(&site)["poison"], 0);
    });
}

#[test]
fn leads_that_fail_while_the_crm_accepts_none_are_not_reported_as_failing() {
    simulated(async {
        let fake = Fake::new(|sent| match sent.method {
            "POST" if sent.at < 12.0 * 3_600_000.0 => Reply::json(500, ""),
            "POST" => created(),
            _ => empty_lookup(sent),
        })
        .chance(0.5)
        .dated();
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        (0..20).for_each(|number| _ = site.enqueue(&page_lead(number)).unwrap());
        let alerts = hours(&site, 14).await;
        assert_eq!(times(&alerts, "poison_leads"), 0, "{alerts:?}");
        assert_eq!(times(&alerts, "backlog_age"), 3, "{alerts:?}");
        assert!((0..20).all(|number| entry(&site, number).state == LeadState::Delivered));
    });
}

#[test]
fn a_lead_in_flight_is_dropped_once_its_response_arrives() {
    for (status, expected) in [
        (500, (LeadState::Dead, Some("dropped"))),
        (400, (LeadState::Dead, Some("dropped"))),
        (200, (LeadState::Delivered, None)),
    ] {
        simulated(async move {
            let reply = move || if status == 200 { created() } else { Reply::json(status, "") };
            let site = Rc::new(site(
                &crm(move |_| reply().after(5_000.0), empty_lookup),
                OutboxSettings::default(),
            ));
            site.enqueue(&page_lead(0)).unwrap();
            let worker = Rc::clone(&site);
            let work = tokio::task::spawn_local(async move { worker.work().await });
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(entry(&site, 0).state, LeadState::Sending);
            assert!(site.outbox.drop_lead(&submission(0), site.now()).unwrap());
            tokio::time::sleep(Duration::from_hours(1)).await;
            work.abort();
            let detail = site.outbox.inspect(&submission(0)).unwrap().unwrap();
            assert_eq!(
                (detail.entry.state, detail.entry.reason.as_deref().filter(|_| status != 200)),
                expected
            );
            assert!(detail.lead.is_none());
            assert!(!site.outbox.drop_lead(&submission(0), site.now()).unwrap());
        });
    }
}

#[test]
fn a_pause_is_alerted_repeatedly_while_it_lasts_and_after_a_restart() {
    for one_clock in [false, true] {
        simulated(async move {
            let fake = Fake::new(|sent| match sent.method {
                "POST" if sent.at < 40.0 * 3_600_000.0 => rejected(401),
                "POST" => created(),
                _ => empty_lookup(sent),
            })
            .chance(0.5)
            .dated();
            let settings = OutboxSettings { one_clock, ..OutboxSettings::default() };
            let first = Rc::new(site(&fake, settings.clone()));
            first.enqueue(&page_lead(0)).unwrap();
            let paused = "paused authentication";
            assert_eq!(times(&hours(&first, 1).await, paused), 1);
            assert_eq!(times(&hours(&first, 7).await, paused), 2);
            // A Durable Object restarts between any two trials.
            let second = Rc::new(reopened(&first, &fake, settings));
            assert_eq!(times(&hours(&second, 1).await, paused), usize::from(!one_clock));
            let alerts = hours(&second, 48).await;
            assert_eq!(times(&alerts, "resumed authentication"), 1, "{alerts:?}");
            assert!(alerts.contains(&"resolved backlog_age".into()), "{alerts:?}");
        });
    }
}

#[test]
fn conditions_of_all_leads_are_alerted_repeatedly_and_resolved() {
    simulated(async {
        let end = 12.0 * 3_600_000.0;
        let fake = Fake::new(move |sent| match sent.method {
            "POST" if sent.at < end => Reply::json(500, ""),
            "POST" => created(),
            _ if sent.at < end => rejected(403),
            _ => empty_lookup(sent),
        })
        .chance(0.5)
        .dated();
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        site.enqueue(&page_lead(0)).unwrap();
        let alerts = hours(&site, 11).await;
        assert_eq!(times(&alerts, "reconcile_unavailable"), 3, "{alerts:?}");
        hours(&site, 2).await;
        // Whether the key has read permission is known with the next lead whose response is lost.
        assert!(site.outbox.replay(&submission(0), site.now()).unwrap());
        let alerts = hours(&site, 1).await;
        assert!(alerts.contains(&"resolved reconcile_unavailable".into()), "{alerts:?}");
    });
    simulated(async {
        let end = 8.0 * 3_600_000.0;
        let reply = move |sent: &Sent| match sent.method {
            "POST" if sent.at < end => Reply::json(200, "{}"),
            "POST" => created(),
            _ => empty_lookup(sent),
        };
        let fake = Fake::new(reply).chance(0.5).dated();
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        (0..25).for_each(|number| _ = site.enqueue(&page_lead(number)).unwrap());
        let alerts = hours(&site, 7).await;
        assert_eq!(times(&alerts, "unconfirmable"), 2, "{alerts:?}");
        hours(&site, 2).await;
        site.enqueue(&page_lead(30)).unwrap();
        let alerts = hours(&site, 1).await;
        assert!(alerts.contains(&"resolved unconfirmable".into()), "{alerts:?}");
    });
    simulated(async {
        let fake = crm(|_| created(), empty_lookup);
        fake.set_clock(3.0 * 86_400_000.0);
        fake.set_server_clock(Some(0.0));
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        site.enqueue(&page_lead(0)).unwrap();
        assert_eq!(hours(&site, 1).await, ["clock_skew"]);
        fake.set_clock(0.0);
        site.enqueue(&page_lead(1)).unwrap();
        assert_eq!(hours(&site, 1).await, ["resolved clock_skew"]);
    });
}

#[test]
fn configuration_mistakes_and_token_guesses_are_alerted_daily_and_resolved_after_a_day_without() {
    for (kind, clients, alert, value) in [
        (RefusalKind::Origin, 3, "origin_refused", "https://www.agency.example"),
        (RefusalKind::Path, 3, "path_not_found", "/lead"),
        (RefusalKind::Token, 1, "admin_auth_failed", ""),
    ] {
        simulated(async move {
            let site = Rc::new(site(&crm(|_| created(), empty_lookup), OutboxSettings::default()));
            let refuse = |site: &Site<Fake>| {
                for index in 0..5 {
                    let client = format!("address 192.0.2.{}", index % clients);
                    let rate = RateLimit { client, per_minute: 1e6, burst: 1e6, form: false };
                    let refusal = RecordRefusal { rate, kind, value: value.into() };
                    site.outbox.record_refusal(&refusal, site.now()).unwrap();
                }
            };
            for _ in 0..2 {
                let before = site.alerts().len();
                refuse(&site);
                hours(&site, 12).await;
                assert_eq!(since(&site, before), [alert]);
                refuse(&site);
                assert_eq!(hours(&site, 12).await, [""; 0]);
            }
            assert_eq!(hours(&site, 13).await, [format!("resolved {alert}")]);
            let last = site.alerts().pop();
            let value = Some(value).filter(|value| !value.is_empty()).map(String::from);
            assert_eq!(last, Some(Alert::Resolved { condition: alert.into(), value }));
            assert_eq!(hours(&site, 48).await, [""; 0]);
        });
    }
}

#[test]
fn the_cause_of_a_failed_request_is_stored_and_erased_with_the_lead() {
    simulated(async {
        let fake = Fake::new(|sent| match sent.method {
            "POST" if sent.at < 60_000.0 => Reply::json(503, ""),
            "POST" => rejected(400),
            _ => empty_lookup(sent),
        })
        .chance(0.5)
        .dated();
        let mut site = site(&fake, OutboxSettings::default());
        let cause = Some("ECONNREFUSED".into());
        site.diagnostics = Diagnostics { cause, response: None };
        let mut site = Rc::new(site);
        site.enqueue(&page_lead(0)).unwrap();
        site.work_until_idle(5_000.0).await;
        assert_eq!(entry(&site, 0).cause.as_deref(), Some("ECONNREFUSED"));
        assert_eq!(health(&site)["lastFailure"]["cause"], "ECONNREFUSED");
        assert_eq!(health(&site)["lastFailure"]["status"], 503.0);
        let response = Some("Visitor 0 is refused".to_owned());
        Rc::get_mut(&mut site).unwrap().diagnostics = Diagnostics { cause: None, response };
        site.work_until_idle(1e6).await;
        let detail = site.outbox.inspect(&submission(0)).unwrap().unwrap();
        assert_eq!((detail.entry.state, detail.entry.cause), (LeadState::Dead, None));
        assert_eq!(detail.response.as_deref(), Some("Visitor 0 is refused"));
        assert_eq!(health(&site)["lastFailure"], Value::Null);
        assert!(site.outbox.erase(&submission(0), site.now()).unwrap());
        assert_eq!(site.outbox.inspect(&submission(0)).unwrap().unwrap().response, None);
        assert_eq!(
            site.database.number("SELECT COUNT(*) FROM leads WHERE response IS NOT NULL"),
            0.0
        );
    });
}
