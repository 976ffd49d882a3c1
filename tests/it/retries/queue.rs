//! The timeout of the limiter's queue, in its own phase.

use crate::retries::timeouts::{check, unbounded};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::{limited, simulated};
use crate::transport::milliseconds;
use icloud_ready::Settings;

#[test]
fn max_queue_wait_covers_only_the_limiter() {
    let settings = Settings { max_queue_wait: milliseconds(10_000.0), ..unbounded() };
    simulated(async {
        let fake = Fake::replying([Reply::json(200, "{}")]);
        let client = limited(&fake, settings.clone());
        for _ in 0..480 {
            client.leads().delete("l1").await.unwrap();
        }
        let error = client.leads().delete("l2").await.unwrap_err();
        check(&error, &fake, "queue_timeout", 0, 10_000.0);
        assert!(!error.ambiguous);
        assert_eq!(fake.count(), 480);
        // A call with enough time waits.
        let patient = Settings { max_queue_wait: milliseconds(50_001.0), ..settings.clone() };
        client.with(patient).leads().delete("l3").await.unwrap();
        assert_eq!((fake.count(), fake.elapsed()), (481, 60_000.0));
    });
    simulated(async {
        // Sending and backing off do not count as waiting in the queue.
        let busy = Reply::json(503, "").retry_after("30").after(15_000.0);
        let fake = Fake::replying([busy, Reply::json(200, "{}").after(15_000.0)]);
        limited(&fake, settings.clone()).leads().delete("l1").await.unwrap();
        assert_eq!(fake.elapsed(), 60_000.0);
    });
    simulated(async {
        // The timeouts of the attempt and of the call start after the queue.
        let fake = Fake::replying([Reply::json(200, "{}").after(900.0)]);
        let short = Settings {
            timeout: milliseconds(1_000.0),
            total_timeout: milliseconds(1_000.0),
            ..unbounded()
        };
        let client = limited(&fake, short);
        let started: Vec<_> = (0..481)
            .map(|_| {
                let client = client.clone();
                tokio::task::spawn_local(async move { client.leads().delete("l1").await.is_ok() })
            })
            .collect();
        for call in started {
            assert!(call.await.unwrap());
        }
        assert_eq!(fake.elapsed(), 61_800.0);
    });
}

#[test]
fn a_retry_that_exceeds_max_queue_wait_returns_the_last_error() {
    simulated(async {
        let replies = [
            Reply::json(503, "").retry_after("1"),
            // Another call's response closes the limiter meanwhile.
            Reply::json(429, "").retry_after("50"),
        ];
        let fake = Fake::replying(replies);
        let settings = Settings { max_queue_wait: milliseconds(10_000.0), ..unbounded() };
        let client = limited(&fake, settings);
        let other = client.with(Settings { max_retries: 0, ..unbounded() });
        let other = tokio::task::spawn_local(async move {
            tokio::task::yield_now().await;
            other.leads().delete("l2").await.is_ok()
        });
        let error = client.leads().delete("l1").await.unwrap_err();
        assert_eq!((error.status, error.attempts, error.ambiguous), (Some(503), 1, true));
        assert!(!other.await.unwrap());
    });
}

#[test]
fn a_call_dropped_in_the_queue_sends_nothing() {
    simulated(async {
        let fake = Fake::replying([Reply::json(200, "{}")]).abort_at(5_000.0);
        let client = limited(&fake, unbounded());
        for _ in 0..480 {
            client.leads().delete("l1").await.unwrap();
        }
        let error = client.leads().delete("l2").await.unwrap_err();
        let found = (error.code, error.attempts, error.ambiguous, fake.elapsed(), fake.count());
        assert_eq!(found, ("abort", 0, false, 5_000.0, 480));
    });
}
