//! The delays before lookups, and dropping the call during any of them.

use crate::support::crm::NOTHING;
use crate::support::fake::{Fake, Reply};
use crate::support::records::{lead, submitting};
use crate::support::rig::{faked, simulated};
use icloud_ready::Settings;
use icloud_ready::transport::{TransportError, WaitReason};

#[test]
fn a_lost_create_is_looked_up_after_one_second_and_after_four_more() {
    simulated(async {
        let fake = NOTHING.losing();
        let settings = Settings { max_retries: 1, ..Settings::default() };
        let client = faked(&fake, submitting("submission-1", &settings));
        client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        let seen: Vec<_> =
            fake.sent().iter().map(|sent| (sent.at, sent.method, sent.target.clone())).collect();
        let lookup = |at: f64| {
            let [recent, next] = ["/leads?limit=50", "/leads?limit=50&page=1"];
            let by_id = ["/leads?q=submission-1", "/leads?q=submission-0"];
            // By id, by phone, whether search covers ids, and the list to its end, twice.
            [by_id[0], "/leads?q=%2B201001234567", recent, by_id[1], next, recent, next]
                .map(|target| (at, "GET", target.to_owned()))
        };
        let mut expected = Vec::new();
        for start in [0.0, 5_000.0] {
            expected.push((start, "POST", "/leads".to_owned()));
            expected.extend(lookup(start + 1_000.0));
            expected.extend(lookup(start + 5_000.0));
        }
        assert_eq!(seen, expected);
        // The resent body is the same, byte for byte.
        let sent = fake.sent();
        let bodies: Vec<_> = sent.iter().filter_map(|sent| sent.body.as_deref()).collect();
        assert_eq!((bodies.len(), bodies[0]), (2, bodies[1]));
        assert!(bodies[0].contains(r#"{\"submissionId\":\"submission-1\"}"#));
        let reasons = fake.retries();
        assert_eq!(reasons.len(), 4);
        assert!(reasons.iter().all(|retry| retry.reason == WaitReason::Reconcile));
    });
}

#[test]
fn dropping_a_call_ends_each_wait_at_once() {
    for (name, replies, at, attempts, ambiguous) in [
        ("sending", vec![Reply::hang()], 100.0, 1, true),
        ("backing off", vec![Reply::json(503, "")], 100.0, 1, true),
        ("a long pause", vec![Reply::json(429, "").retry_after("60")], 100.0, 1, false),
        ("sending again", vec![Reply::json(503, ""), Reply::hang()], 300.0, 2, true),
    ] {
        simulated(async {
            let fake = Fake::replying(replies).chance(0.5).abort_at(at);
            let error = faked(&fake, Settings::default()).leads().delete("l1").await.unwrap_err();
            let found = (error.code, error.attempts, error.ambiguous, fake.elapsed());
            assert_eq!(found, ("abort", attempts, ambiguous, at), "{name}");
        });
    }
    // Before a lookup, and while one is in progress.
    for (at, requests) in [(500.0, 1), (1_500.0, 2)] {
        simulated(async {
            let fake = Fake::new(|sent| match sent.method {
                "POST" => Reply::fault(TransportError::Connection),
                _ => Reply::hang(),
            });
            let client =
                faked(&fake.clone().abort_at(at), submitting("submission-1", &Settings::default()));
            let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
            assert_eq!((error.code, error.attempts, error.ambiguous), ("abort", 1, true));
            assert_eq!((fake.count(), fake.elapsed()), (requests, at));
        });
    }
}
