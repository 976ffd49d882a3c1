//! How long a call waits before it tries again, and when it does not.

use crate::support::fake::{BEGIN, Fake, Reply};
use crate::support::rig::{faked, simulated};
use icloud_ready::transport::{Fault, Reason};
use icloud_ready::{Error, Settings};
use std::time::{Duration, UNIX_EPOCH};

/// A header's date so many seconds after the simulation began.
fn date(seconds: f64) -> String {
    let date = UNIX_EPOCH + Duration::from_secs_f64(BEGIN / 1_000.0 + seconds);
    httpdate::fmt_http_date(date)
}

/// When each request left, and what came of the call. `chance` is what the dice give.
fn times(replies: Vec<Reply>, chance: f64, settings: &Settings) -> (Vec<f64>, Result<(), Error>) {
    simulated(async {
        let fake = Fake::replying(replies).chance(chance);
        let result = faked(&fake, settings.clone()).leads().delete("l1").await.map(drop);
        (fake.sent().iter().map(|sent| sent.at).collect(), result)
    })
}

/// A refusal with this header, and then success.
fn refused(status: u16, header: &str) -> Vec<Reply> {
    vec![Reply::json(status, "").retry_after(header), Reply::json(200, "{}")]
}

#[test]
fn the_back_off_is_spread_and_doubles_to_eight_seconds() {
    let settings = Settings { max_retries: 6, ..Settings::default() };
    for (chance, expected) in [
        (0.0, [0.0; 7]),
        (0.5, [0.0, 250.0, 750.0, 1_750.0, 3_750.0, 7_750.0, 11_750.0]),
        (0.75, [0.0, 375.0, 1_125.0, 2_625.0, 5_625.0, 11_625.0, 17_625.0]),
    ] {
        for reply in [Reply::json(503, ""), Reply::fault(Fault::Connection)] {
            let (times, result) = times(vec![reply], chance, &settings);
            assert_eq!(times, expected);
            assert_eq!(result.unwrap_err().attempts, 7);
        }
    }
}

#[test]
fn retry_after_wins_in_seconds_and_as_a_date() {
    let settings = Settings::default();
    for status in [429, 503] {
        for (header, expected) in [
            ("2".to_owned(), 2_000.0),
            ("0".into(), 0.0),
            (" 7 ".into(), 7_000.0),
            ("60".into(), 60_000.0),
            (date(30.0), 30_000.0),
            (date(-30.0), 0.0),
            // What says nothing leaves the back-off.
            ("soon".into(), 250.0),
            ("".into(), 250.0),
            ("1.5".into(), 250.0),
            ("-1".into(), 250.0),
        ] {
            let (times, result) = times(refused(status, &header), 0.5, &settings);
            assert!(result.is_ok(), "{header:?}");
            assert_eq!(times, [0.0, expected], "{header:?}");
        }
    }
}

#[test]
fn a_wait_that_is_too_long_is_not_begun() {
    let endless = "9".repeat(400);
    for (header, total_timeout) in [
        ("61".to_owned(), 0.0),
        ("3600".into(), 120_000.0),
        (date(3_600.0), 120_000.0),
        (endless, 0.0),
        ("10".into(), 10_000.0),
        ("10".into(), 9_000.0),
    ] {
        let settings = Settings { total_timeout, ..Settings::default() };
        for status in [429, 503] {
            let (times, result) = times(refused(status, &header), 0.5, &settings);
            assert_eq!(times, [0.0], "{header}");
            let error = result.unwrap_err();
            assert_eq!(
                (error.status, error.attempts),
                (Some(status), 1),
                "the last error is given"
            );
        }
    }
    let settings = Settings { total_timeout: 10_001.0, ..Settings::default() };
    assert_eq!(times(refused(503, "10"), 0.5, &settings).0, [0.0, 10_000.0]);
}

#[test]
fn a_429_tells_how_long_to_wait() {
    for (header, expected) in [("90", Some(90_000.0)), ("soon", None)] {
        let settings = Settings { max_retries: 0, ..Settings::default() };
        let error = times(refused(429, header), 0.5, &settings).1.unwrap_err();
        assert_eq!((error.code, error.retry_after), ("rate_limit", expected));
    }
}

#[test]
fn each_wait_is_told_with_its_reason() {
    simulated(async {
        let replies = [
            Reply::json(503, ""),
            Reply::fault(Fault::Connection),
            Reply::hang(),
            Reply::json(429, "").retry_after("3"),
            Reply::json(200, "{}"),
        ];
        let fake = Fake::replying(replies).chance(0.5);
        let settings = Settings { max_retries: 4, ..Settings::default() };
        faked(&fake, settings).leads().delete("l1").await.unwrap();
        let told: Vec<_> =
            fake.retries().iter().map(|retry| (retry.attempt, retry.delay, retry.reason)).collect();
        assert_eq!(
            told,
            [
                (1, 250.0, Reason::Status(503)),
                (2, 500.0, Reason::Connection),
                (3, 1_000.0, Reason::Timeout),
                (4, 3_000.0, Reason::Status(429)),
            ]
        );
        let attempts: Vec<_> = fake.sent().iter().map(|sent| sent.attempt).collect();
        assert_eq!(attempts, [1, 2, 3, 4, 5]);
    });
}
