//! A 429 and the limiter.

use crate::retries::limiter::{start, times, wait};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::{faked, limited, simulated};
use icloud_ready::Settings;
use icloud_ready::error::ErrorKind;
use std::time::Duration;

#[test]
fn a_429_closes_the_limiter_for_all_calls() {
    simulated(async {
        let replies = [Reply::json(429, "").retry_after("20"), Reply::json(200, "{}")];
        let fake = Fake::replying(replies);
        let client = limited(&fake, Settings::default());
        let mut calls = start(&client, 0, 1);
        wait(5.0).await;
        calls.extend(start(&client, 1, 3));
        for call in calls {
            assert!(call.await.unwrap());
        }
        // The first one waits again last, and lets those pass that are already waiting.
        assert_eq!(times(&fake), [0.0, 20_000.0, 20_000.0, 20_000.0, 20_010.0]);
    });
}

#[test]
fn calls_fail_at_once_if_the_limiter_is_closed_for_more_than_a_minute() {
    simulated(async {
        let replies = [Reply::json(429, "").retry_after("3600"), Reply::json(200, "{}")];
        let fake = Fake::replying(replies);
        let client = limited(&fake, Settings::default());
        let error = client.leads().delete("0").await.unwrap_err();
        assert_eq!((error.status, error.attempts), (Some(429), 1));
        wait(600.0).await;
        let error = client.leads().delete("1").await.unwrap_err();
        let found = (error.kind, error.code, error.status, error.attempts, error.retry_after);
        assert_eq!(
            found,
            (ErrorKind::Api, "rate_limit", None, 0, Some(Duration::from_secs(3_000)))
        );
        assert!(!error.ambiguous);
        wait(2_939.0).await;
        client.leads().delete("2").await.unwrap_err();
        assert_eq!(fake.count(), 1);
        // A wait of a minute or less is accepted.
        wait(1.0).await;
        client.leads().delete("3").await.unwrap();
        assert_eq!(times(&fake), [0.0, 3_600_000.0]);
    });
}

#[test]
fn a_429_without_a_delay_closes_the_limiter_for_the_back_off() {
    for header in ["0", "-1", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        simulated(async {
            let replies = [Reply::json(429, "").retry_after(header), Reply::json(200, "{}")];
            let fake = Fake::replying(replies).chance(0.5);
            let client = limited(&fake, Settings::default());
            let mut calls = start(&client, 0, 1);
            wait(5.0).await;
            calls.extend(start(&client, 1, 2));
            for call in calls {
                assert!(call.await.unwrap());
            }
            assert!(
                times(&fake)[1..].iter().all(|&at| at >= 250.0),
                "{header}: {:?}",
                times(&fake)
            );
        });
    }
}

#[test]
fn an_endless_retry_after_closes_the_limiter_for_an_hour() {
    simulated(async {
        let replies = [Reply::json(429, "").retry_after(&"9".repeat(400)), Reply::json(200, "{}")];
        let fake = Fake::replying(replies);
        let client = limited(&fake, Settings::default());
        client.leads().delete("0").await.unwrap_err();
        wait(3_539.0).await;
        client.leads().delete("1").await.unwrap_err();
        wait(1.0).await;
        client.leads().delete("2").await.unwrap();
        assert_eq!(times(&fake), [0.0, 3_600_000.0]);
    });
}

#[test]
fn without_a_limiter_a_429_affects_only_its_own_call() {
    simulated(async {
        let replies = [Reply::json(429, "").retry_after("3600"), Reply::json(200, "{}")];
        let fake = Fake::replying(replies);
        let client = faked(&fake, Settings::default());
        client.leads().delete("0").await.unwrap_err();
        client.leads().delete("1").await.unwrap();
        assert_eq!(times(&fake), [0.0, 0.0]);
    });
}
