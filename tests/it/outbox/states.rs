//! What each answer leads to.

use super::rig::{crm, entry, found, made, nothing, sends, site};
use super::site::{arrival, submission};
use crate::support::fake::Reply;
use crate::support::rig::simulated;
use icloud_ready::outbox::{AmbiguousPolicy, LeadState, OutboxSettings};
use icloud_ready::transport::TransportError;

#[test]
fn a_lead_is_sent_once_with_its_id_and_what_goes_beside_it() {
    simulated(async {
        let fake = crm(|_| made(), nothing);
        let site = site(&fake, OutboxSettings::default());
        site.put(&arrival(1)).unwrap();
        site.settle(1e6).await;
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
fn what_the_crm_refuses_is_dead_and_says_why() {
    for status in [400, 409, 413, 422] {
        simulated(async move {
            let fake = crm(move |_| Reply::json(status, "{}"), nothing);
            let site = site(&fake, OutboxSettings::default());
            site.put(&arrival(1)).unwrap();
            site.settle(1e6).await;
            let entry = entry(&site, 1);
            assert_eq!((entry.state, entry.status), (LeadState::Dead, Some(f64::from(status))));
            assert_eq!((entry.reason.as_deref(), fake.count()), (Some("refused"), 1));
            // A replay sends it once more.
            assert!(site.outbox.replay(&submission(1), site.now()).unwrap());
            site.settle(1e6).await;
            assert_eq!(fake.count(), 2);
        });
    }
}

#[test]
fn an_answer_that_was_lost_is_looked_for_and_only_then_is_the_lead_sent_again() {
    for status in [408, 425, 500, 501, 502, 503, 504, 520, 599, 201] {
        simulated(async move {
            let lost = move |sent| if sent == 1 { Reply::json(status, "[]") } else { made() };
            let fake = crm(lost, nothing);
            let site = site(&fake, OutboxSettings::default());
            site.put(&arrival(1)).unwrap();
            site.settle(1e6).await;
            let at: Vec<(f64, &str)> =
                fake.sent().iter().map(|sent| (sent.at.round(), sent.method)).collect();
            let lookups = |at| [(at, "GET"); 4];
            let mut expected = vec![(0.0, "POST")];
            expected.extend(lookups(15_000.0));
            expected.extend(lookups(45_000.0));
            // The walk through the list, twice.
            expected.extend(lookups(45_000.0));
            // And a little later, so that not all go at once.
            expected.push((46_000.0, "POST"));
            assert_eq!(at, expected, "{status}");
            assert_eq!(entry(&site, 1).state, LeadState::Delivered);
        });
    }
}

#[test]
fn a_lead_that_is_found_is_not_sent_again() {
    simulated(async {
        let fake = crm(|_| Reply::fault(TransportError::Connection), |_| found(1));
        let site = site(&fake, OutboxSettings::default());
        site.put(&arrival(1)).unwrap();
        site.settle(1e6).await;
        let entry = entry(&site, 1);
        assert_eq!((entry.state, entry.crm_id.as_deref()), (LeadState::Delivered, Some("crm-2")));
        assert_eq!(sends(&fake), 1);
    });
}

#[test]
fn a_look_that_fails_never_leads_to_a_second_send() {
    simulated(async {
        // Lists that lack the field prove nothing.
        let fake = crm(
            |_| Reply::hang(),
            |sent| match sent.at {
                at if at < 1e6 => Reply::json(503, ""),
                at if at < 3e6 => Reply::json(200, r#"[{"_id":"x"}]"#),
                _ => found(1),
            },
        );
        let site = site(&fake, OutboxSettings::default());
        site.put(&arrival(1)).unwrap();
        site.settle(1e6).await;
        assert_eq!((entry(&site, 1).state, sends(&fake)), (LeadState::Delivered, 1));
        // Tried for ever, and never more than 15 minutes apart.
        let at: Vec<f64> = fake.sent().iter().map(|sent| sent.at).collect();
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] <= 900_001.0));
        assert!(fake.elapsed() > 3e6);
    });
}

#[test]
fn a_429_is_waited_for_by_all() {
    simulated(async {
        let limited = |sent| {
            if sent == 1 { Reply::json(429, "{}").retry_after("90") } else { made() }
        };
        let fake = crm(limited, nothing);
        let site = site(&fake, OutboxSettings::default());
        for number in 0..3 {
            site.put(&arrival(number)).unwrap();
        }
        site.settle(1e6).await;
        let at: Vec<f64> = fake.sent().iter().map(|sent| sent.at.round()).collect();
        assert_eq!(at.len(), 4);
        assert!(at[1..].iter().all(|&at| at >= 90_000.0), "{at:?}");
    });
}

#[test]
fn an_unsure_lead_is_sent_again_or_held_where_that_is_wanted() {
    for (ambiguous, state, sent) in [
        (AmbiguousPolicy::Resend, LeadState::Delivered, 2),
        (AmbiguousPolicy::Hold, LeadState::Held, 1),
    ] {
        simulated(async move {
            let fake = crm(|sent| if sent == 1 { Reply::json(500, "") } else { made() }, nothing);
            let site = site(&fake, OutboxSettings { ambiguous, ..OutboxSettings::default() });
            site.put(&arrival(1)).unwrap();
            site.settle(1e6).await;
            assert_eq!((entry(&site, 1).state, sends(&fake)), (state, sent));
            assert_eq!(fake.count(), sent);
        });
    }
}

#[test]
fn what_is_held_because_it_may_be_there_is_looked_for_once_it_is_replayed() {
    for there in [false, true] {
        simulated(async move {
            let lost = |sent| if sent == 1 { Reply::hang() } else { made() };
            let look = move |sent: &_| if there { found(1) } else { nothing(sent) };
            let fake = crm(lost, look);
            let hold =
                OutboxSettings { ambiguous: AmbiguousPolicy::Hold, ..OutboxSettings::default() };
            let site = site(&fake, hold);
            site.put(&arrival(1)).unwrap();
            site.settle(1e6).await;
            assert_eq!((entry(&site, 1).state, fake.count()), (LeadState::Held, 1));
            assert!(site.outbox.replay(&submission(1), site.now()).unwrap());
            site.settle(1e6).await;
            let expected = if there { 1 } else { 2 };
            assert_eq!((entry(&site, 1).state, sends(&fake)), (LeadState::Delivered, expected));
        });
    }
}

#[test]
fn a_key_that_may_not_look_holds_that_lead_alone() {
    for status in [401, 403, 404] {
        simulated(async move {
            let lost = |sent| if sent == 1 { Reply::hang() } else { made() };
            let fake = crm(lost, move |_| Reply::json(status, "{}"));
            let site = site(&fake, OutboxSettings::default());
            assert_eq!(site.outbox.health(0.0).unwrap().reconcile, "unknown");
            for number in 0..3 {
                site.put(&arrival(number)).unwrap();
            }
            site.settle(1e6).await;
            let states: Vec<LeadState> = (0..3).map(|number| entry(&site, number).state).collect();
            assert_eq!(states, [LeadState::Held, LeadState::Delivered, LeadState::Delivered]);
            assert_eq!(entry(&site, 0).reason.as_deref(), Some("lookup_forbidden"));
            let health = site.outbox.health(0.0).unwrap();
            assert_eq!((health.reconcile, health.backlog), ("unavailable", 0));
            assert_eq!(sends(&fake), 3);
            // A replay looks first.
            site.outbox.replay(&submission(0), site.now()).unwrap();
            site.settle(1e6).await;
            assert_eq!((entry(&site, 0).state, sends(&fake)), (LeadState::Held, 3));
        });
    }
}

#[test]
fn what_our_own_check_refuses_is_dead_and_was_not_sent() {
    simulated(async {
        let fake = crm(|_| made(), nothing);
        let site = site(&fake, OutboxSettings::default());
        for (number, lead) in ["", "[]", "{}", r#"{"leadInformation":{}}"#].iter().enumerate() {
            let mut arrival = arrival(number);
            arrival.lead = (*lead).into();
            site.put(&arrival).unwrap();
        }
        site.settle(1e6).await;
        assert!((0..4).all(|number| entry(&site, number).reason.as_deref() == Some("invalid")));
        assert_eq!(fake.count(), 0);
        // It has used up nothing of the budget.
        let metrics = site.outbox.metrics(0.0).unwrap();
        assert_eq!(metrics["leads_dead_total"], 4.0);
    });
}

#[test]
fn a_lead_that_makes_the_crm_fail_each_time_is_sent_less_and_less() {
    for ambiguous in [AmbiguousPolicy::Reconcile, AmbiguousPolicy::Resend] {
        simulated(async move {
            let fake = crm(|_| Reply::json(500, ""), nothing);
            let site = site(&fake, OutboxSettings { ambiguous, ..OutboxSettings::default() });
            site.put(&arrival(1)).unwrap();
            let hours = std::time::Duration::from_hours(2);
            assert!(tokio::time::timeout(hours, site.settle(1e9)).await.is_err());
            assert!((10..30).contains(&sends(&fake)), "{}", sends(&fake));
        });
    }
}
