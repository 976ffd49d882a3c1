//! The state after each response.

use super::rig::{created, crm, empty_lookup, entry, found, sends, site};
use super::site::{page_lead, submission};
use crate::support::fake::Reply;
use crate::support::rig::simulated;
use icloud_ready::outbox::{AmbiguousPolicy, LeadState, OutboxSettings};
use icloud_ready::transport::TransportError;

#[test]
fn a_lead_is_sent_once_with_its_id_and_metadata() {
    simulated(async {
        let fake = crm(|_| created(), empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(1e6).await;
        let entry = entry(&site, 1);
        assert_eq!((entry.state, entry.crm_id.as_deref()), (LeadState::Delivered, Some("crm-1")));
        let body: serde_json::Value =
            serde_json::from_str(fake.sent()[0].body.as_deref().unwrap()).unwrap();
        assert_eq!(fake.count(), 1);
        assert_eq!(
            body["customField"],
            r#"{"submissionId":"submission-00001","page":"https://agency.example/villa"}"#
        );
        assert_eq!(body["leadInformation"]["firstName"], "Visitor 1");
    });
}

#[test]
fn a_rejected_lead_is_dead_with_its_reason() {
    for status in [400, 409, 413, 422] {
        simulated(async move {
            let fake = crm(move |_| Reply::json(status, "{}"), empty_lookup);
            let site = site(&fake, OutboxSettings::default());
            site.enqueue(&page_lead(1)).unwrap();
            site.work_until_idle(1e6).await;
            let entry = entry(&site, 1);
            assert_eq!((entry.state, entry.status), (LeadState::Dead, Some(f64::from(status))));
            assert_eq!((entry.reason.as_deref(), fake.count()), (Some("refused"), 1));
            // A replay sends it once more.
            assert!(site.outbox.replay(&submission(1), site.now()).unwrap());
            site.work_until_idle(1e6).await;
            assert_eq!(fake.count(), 2);
        });
    }
}

#[test]
fn a_lead_is_resent_only_after_a_lookup_finds_nothing() {
    for status in [408, 425, 500, 501, 502, 503, 504, 520, 599, 201] {
        simulated(async move {
            let lost = move |sent| if sent == 1 { Reply::json(status, "[]") } else { created() };
            let fake = crm(lost, empty_lookup);
            let site = site(&fake, OutboxSettings::default());
            site.enqueue(&page_lead(1)).unwrap();
            site.work_until_idle(1e6).await;
            let at: Vec<(f64, &str)> =
                fake.sent().iter().map(|sent| (sent.at.round(), sent.method)).collect();
            let lookups = |at| [(at, "GET"); 4];
            let mut expected = vec![(0.0, "POST")];
            expected.extend(lookups(15_000.0));
            expected.extend(lookups(45_000.0));
            // The scan of the list, twice.
            expected.extend(lookups(45_000.0));
            // And with jitter, so that not all are sent at once.
            expected.push((46_000.0, "POST"));
            assert_eq!(at, expected, "{status}");
            assert_eq!(entry(&site, 1).state, LeadState::Delivered);
        });
    }
}

#[test]
fn a_lead_that_a_lookup_finds_is_not_resent() {
    simulated(async {
        let fake = crm(|_| Reply::fault(TransportError::Connection), |_| found(1));
        let site = site(&fake, OutboxSettings::default());
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(1e6).await;
        let entry = entry(&site, 1);
        assert_eq!((entry.state, entry.crm_id.as_deref()), (LeadState::Delivered, Some("crm-2")));
        assert_eq!(sends(&fake), 1);
    });
}

#[test]
fn a_failed_lookup_never_causes_a_resend() {
    simulated(async {
        // Lists without the field prove nothing.
        let fake = crm(
            |_| Reply::hang(),
            |sent| match sent.at {
                at if at < 1e6 => Reply::json(503, ""),
                at if at < 3e6 => Reply::json(200, r#"[{"_id":"x"}]"#),
                _ => found(1),
            },
        );
        let site = site(&fake, OutboxSettings::default());
        site.enqueue(&page_lead(1)).unwrap();
        site.work_until_idle(1e6).await;
        assert_eq!((entry(&site, 1).state, sends(&fake)), (LeadState::Delivered, 1));
        // Retried without limit, at most 15 minutes apart.
        let at: Vec<f64> = fake.sent().iter().map(|sent| sent.at).collect();
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] <= 900_001.0));
        assert!(fake.elapsed() > 3e6);
    });
}

#[test]
fn a_429_delays_all_leads() {
    simulated(async {
        let limited = |sent| {
            if sent == 1 { Reply::json(429, "{}").retry_after("90") } else { created() }
        };
        let fake = crm(limited, empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..3 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        site.work_until_idle(1e6).await;
        let at: Vec<f64> = fake.sent().iter().map(|sent| sent.at.round()).collect();
        assert_eq!(at.len(), 4);
        assert!(at[1..].iter().all(|&at| at >= 90_000.0), "{at:?}");
    });
}

#[test]
fn an_unconfirmed_lead_is_resent_or_held_by_policy() {
    for (ambiguous, state, sent) in [
        (AmbiguousPolicy::Resend, LeadState::Delivered, 2),
        (AmbiguousPolicy::Hold, LeadState::Held, 1),
    ] {
        simulated(async move {
            let fake =
                crm(|sent| if sent == 1 { Reply::json(500, "") } else { created() }, empty_lookup);
            let site = site(&fake, OutboxSettings { ambiguous, ..OutboxSettings::default() });
            site.enqueue(&page_lead(1)).unwrap();
            site.work_until_idle(1e6).await;
            assert_eq!((entry(&site, 1).state, sends(&fake)), (state, sent));
            assert_eq!(fake.count(), sent);
        });
    }
}

#[test]
fn a_held_ambiguous_lead_is_looked_up_once_it_is_replayed() {
    for there in [false, true] {
        simulated(async move {
            let lost = |sent| if sent == 1 { Reply::hang() } else { created() };
            let lookup = move |sent: &_| if there { found(1) } else { empty_lookup(sent) };
            let fake = crm(lost, lookup);
            let hold =
                OutboxSettings { ambiguous: AmbiguousPolicy::Hold, ..OutboxSettings::default() };
            let site = site(&fake, hold);
            site.enqueue(&page_lead(1)).unwrap();
            site.work_until_idle(1e6).await;
            assert_eq!((entry(&site, 1).state, fake.count()), (LeadState::Held, 1));
            assert!(site.outbox.replay(&submission(1), site.now()).unwrap());
            site.work_until_idle(1e6).await;
            let expected = if there { 1 } else { 2 };
            assert_eq!((entry(&site, 1).state, sends(&fake)), (LeadState::Delivered, expected));
        });
    }
}

#[test]
fn a_key_without_read_permission_holds_only_the_unconfirmed_lead() {
    for status in [401, 403, 404] {
        simulated(async move {
            let lost = |sent| if sent == 1 { Reply::hang() } else { created() };
            let fake = crm(lost, move |_| Reply::json(status, "{}"));
            let site = site(&fake, OutboxSettings::default());
            assert_eq!(site.outbox.health(0.0).unwrap().reconcile, "unknown");
            for number in 0..3 {
                site.enqueue(&page_lead(number)).unwrap();
            }
            site.work_until_idle(1e6).await;
            let states: Vec<LeadState> = (0..3).map(|number| entry(&site, number).state).collect();
            assert_eq!(states, [LeadState::Held, LeadState::Delivered, LeadState::Delivered]);
            assert_eq!(entry(&site, 0).reason.as_deref(), Some("lookup_forbidden"));
            let health = site.outbox.health(0.0).unwrap();
            assert_eq!((health.reconcile, health.backlog), ("unavailable", 0));
            assert_eq!(sends(&fake), 3);
            // A replay starts with a lookup.
            site.outbox.replay(&submission(0), site.now()).unwrap();
            site.work_until_idle(1e6).await;
            assert_eq!((entry(&site, 0).state, sends(&fake)), (LeadState::Held, 3));
        });
    }
}

#[test]
fn a_lead_that_fails_validation_is_dead_and_not_sent() {
    simulated(async {
        let fake = crm(|_| created(), empty_lookup);
        let site = site(&fake, OutboxSettings::default());
        for (number, lead) in ["", "[]", "{}", r#"{"leadInformation":{}}"#].iter().enumerate() {
            let mut page_lead = page_lead(number);
            page_lead.lead = (*lead).into();
            site.enqueue(&page_lead).unwrap();
        }
        site.work_until_idle(1e6).await;
        assert!((0..4).all(|number| entry(&site, number).reason.as_deref() == Some("invalid")));
        assert_eq!(fake.count(), 0);
        // It did not count against the limits.
        let metrics = site.outbox.metrics(0.0).unwrap();
        assert_eq!(metrics["leads_dead_total"], 4.0);
    });
}

#[test]
fn a_lead_that_always_causes_a_5xx_is_sent_less_and_less_often() {
    for ambiguous in [AmbiguousPolicy::Reconcile, AmbiguousPolicy::Resend] {
        simulated(async move {
            let fake = crm(|_| Reply::json(500, ""), empty_lookup);
            let site = site(&fake, OutboxSettings { ambiguous, ..OutboxSettings::default() });
            site.enqueue(&page_lead(1)).unwrap();
            let hours = std::time::Duration::from_hours(2);
            assert!(tokio::time::timeout(hours, site.work_until_idle(1e9)).await.is_err());
            assert!((10..30).contains(&sends(&fake)), "{}", sends(&fake));
        });
    }
}
