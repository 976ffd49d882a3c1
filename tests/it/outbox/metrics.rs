//! Counters and histograms: they survive restarts and purges, and say why attempts failed.

use super::rig::{created, crm, empty_lookup, rejected, reopened, site};
use super::site::{Site, page_lead};
use crate::support::fake::Fake;
use crate::support::rig::simulated;
use icloud_ready::outbox::{AttemptEvent, OutboxSettings, Retention};
use std::time::Duration;

/// The metrics whose names end in what counters and histograms end in.
fn counters(site: &Site<Fake>) -> Vec<(String, f64)> {
    let metrics = site.outbox.metrics(site.now()).unwrap();
    let is_counter =
        |name: &str| ["_total", "_bucket", "_sum"].iter().any(|end| name.contains(end));
    metrics
        .into_iter()
        .filter(|(name, _)| is_counter(name))
        .map(|(name, value)| (name, value.as_f64().unwrap()))
        .collect()
}

#[test]
fn attempts_are_counted_by_cause_and_counters_never_fall() {
    simulated(async {
        let fake = crm(
            |sent| match sent {
                1 => rejected(400),
                2 => rejected(503),
                _ => created().after(300.0),
            },
            empty_lookup,
        );
        let retention = Retention { delivered: 0.01, dead: 0.02, ids: 0.01 };
        let settings = OutboxSettings { retention, ..OutboxSettings::default() };
        let site = site(&fake, settings.clone());
        for number in 0..4 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.outbox
            .request("recordCounts", r#"[["responses_total{status=\"202\"}",4]]"#, site.now())
            .unwrap();
        site.work_until_idle(600_000.0).await;
        let before = counters(&site);
        let value =
            |name: &str| before.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
        assert_eq!(value("attempts_total{kind=\"send\",cause=\"http_400\"}"), Some(1.0));
        assert_eq!(value("attempts_total{kind=\"send\",cause=\"http_503\"}"), Some(1.0));
        assert_eq!(value("attempts_total{kind=\"send\",cause=\"none\"}"), Some(3.0));
        assert!(before.iter().any(|(name, _)| name.starts_with("attempts_total{kind=\"lookup\"")));
        assert_eq!(value("send_duration_seconds_bucket{le=\"0.5\"}"), Some(3.0));
        assert_eq!(value("responses_total{status=\"202\"}"), Some(4.0));
        let delivered: f64 = before
            .iter()
            .filter(|(name, _)| name.starts_with("delivery_age_seconds_bucket"))
            .map(|(_, value)| value)
            .sum();
        assert_eq!(delivered, 3.0);
        // Everything is purged, by another process.
        let site = reopened(&site, &fake, settings);
        tokio::time::sleep(Duration::from_hours(24)).await;
        site.enqueue(&page_lead(9)).unwrap();
        site.work_until_idle(60_000.0).await;
        let left = site.database.number("SELECT COUNT(*) FROM leads");
        assert!(left <= 2.0, "{left}");
        for (name, value) in &before {
            let after = counters(&site).into_iter().find(|(known, _)| known == name);
            assert!(after.is_some_and(|(_, after)| after >= *value), "{name}");
        }
    });
}

#[test]
fn attempts_are_reported_for_the_log_without_personal_data() {
    simulated(async {
        let fake = crm(
            |sent| if sent == 1 { rejected(429) } else { created().after(250.0) },
            empty_lookup,
        );
        let quiet = site(&fake, OutboxSettings::default());
        quiet.enqueue(&page_lead(1)).unwrap();
        quiet.work_until_idle(60_000.0).await;
        assert!(quiet.outbox.attempts().is_empty());
        let fake = crm(
            |sent| if sent == 1 { rejected(429) } else { created().after(250.0) },
            empty_lookup,
        );
        let settings = OutboxSettings { logs_attempts: true, ..OutboxSettings::default() };
        let site = site(&fake, settings);
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(60_000.0).await;
        let attempts = site.outbox.attempts();
        let about = |event: &AttemptEvent| (event.attempt, event.cause.clone(), event.state);
        let seen: Vec<_> = attempts.iter().map(about).collect();
        use icloud_ready::outbox::LeadState::{Delivered, Pending};
        assert_eq!(seen, [(1, Some("http_429".into()), Some(Pending)), (2, None, Some(Delivered))]);
        assert!(attempts.last().unwrap().duration_ms >= 250.0);
        let text = serde_json::to_string(&attempts).unwrap();
        assert!(!text.contains("Visitor") && !text.contains("+20100"), "{text}");
    });
}
