//! How long a call waits before a retry, and when it does not.

use crate::support::fake::{BEGIN, Fake, Reply};
use crate::support::rig::{faked, simulated};
use crate::transport::milliseconds;
use icloud_ready::limiter::Rates;
use icloud_ready::transport::{TransportError, Wait, WaitReason};
use icloud_ready::{Client, Error, Settings};
use std::time::{Duration, UNIX_EPOCH};

/// A header's date this many seconds after the simulation began.
fn date(seconds: f64) -> String {
    let date = UNIX_EPOCH + Duration::from_secs_f64(BEGIN / 1_000.0 + seconds);
    httpdate::fmt_http_date(date)
}

/// When each request was sent, and the call's result. `chance` is the random number.
fn times(replies: Vec<Reply>, chance: f64, settings: &Settings) -> (Vec<f64>, Result<(), Error>) {
    simulated(async {
        let fake = Fake::replying(replies).chance(chance);
        let result = faked(&fake, settings.clone()).leads().delete("l1").await.map(drop);
        (fake.sent().iter().map(|sent| sent.at).collect(), result)
    })
}

/// An error with this header when the simulation begins, and then success.
fn rejected(status: u16, header: &str) -> Vec<Reply> {
    let refusal = Reply::json(status, "").retry_after(header).date(&date(0.0));
    vec![refusal, Reply::json(200, "{}")]
}

#[test]
fn the_back_off_has_jitter_and_doubles_to_eight_seconds() {
    let settings = Settings { max_retries: 6, ..Settings::default() };
    for (chance, expected) in [
        (0.0, [0.0; 7]),
        (0.5, [0.0, 250.0, 750.0, 1_750.0, 3_750.0, 7_750.0, 11_750.0]),
        (0.75, [0.0, 375.0, 1_125.0, 2_625.0, 5_625.0, 11_625.0, 17_625.0]),
    ] {
        for reply in [Reply::json(503, ""), Reply::fault(TransportError::Connection)] {
            let (times, result) = times(vec![reply], chance, &settings);
            assert_eq!(times, expected);
            assert_eq!(result.unwrap_err().attempts, 7);
        }
    }
}

#[test]
fn the_longer_of_retry_after_and_the_back_off_counts() {
    let settings = Settings::default();
    for status in [429, 503] {
        for (header, expected) in [
            ("2".to_owned(), 2_000.0),
            (" 7 ".into(), 7_000.0),
            ("60".into(), 60_000.0),
            ("1".into(), 1_000.0),
            (date(30.0), 30_000.0),
            // A shorter or invalid value does not affect the back-off.
            ("0".into(), 250.0),
            ("00".into(), 250.0),
            (date(0.0), 250.0),
            (date(-30.0), 250.0),
            ("soon".into(), 250.0),
            ("".into(), 250.0),
            ("  ".into(), 250.0),
            ("1.5".into(), 250.0),
            ("-1".into(), 250.0),
            ("+5".into(), 250.0),
            ("30 s".into(), 250.0),
        ] {
            let (times, result) = times(rejected(status, &header), 0.5, &settings);
            assert!(result.is_ok(), "{header:?}");
            assert_eq!(times, [0.0, expected], "{status} {header:?}");
        }
    }
}

#[test]
fn a_retry_after_date_is_measured_against_the_responses_date() {
    const DAY: f64 = 86_400.0;
    for skew in [-365.0 * DAY, -DAY, -3_600.0, 0.0, 3_600.0, DAY, 365.0 * DAY] {
        let fixdate = date(skew + 30.0);
        let now = httpdate::parse_http_date(&date(skew)).unwrap();
        let (weekday, rest) = fixdate.split_at(3);
        let full = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
            .into_iter()
            .find(|full| full.starts_with(weekday))
            .unwrap();
        let [day, month, year, time] = [2..4, 5..8, 9..13, 14..22].map(|range| &rest[range]);
        let rfc850 = format!("{full}, {day}-{month}-{} {time} GMT", &year[2..]);
        let asctime = format!("{weekday} {month} {:>2} {time} {year}", day.trim_start_matches('0'));
        for header in [fixdate.clone(), rfc850, asctime] {
            let refusal = Reply::json(503, "").retry_after(&header);
            let dated = refusal.clone().date(&httpdate::fmt_http_date(now));
            let (times, _) = times(vec![dated, Reply::json(200, "{}")], 0.5, &Settings::default());
            assert_eq!(times, [0.0, 30_000.0], "{header}, {skew} s off");
        }
    }
    // Without a `Date` there is no clock to measure it against.
    for undated in [Reply::json(503, ""), Reply::json(503, "").date("2030-03-18T20:00:00Z")] {
        let replies = vec![undated.retry_after(&date(30.0)), Reply::json(200, "{}")];
        assert_eq!(times(replies, 0.5, &Settings::default()).0, [0.0, 250.0]);
    }
}

#[test]
fn a_wait_that_is_too_long_does_not_start() {
    let endless = "9".repeat(400);
    for (header, total_timeout) in [
        ("61".to_owned(), 0.0),
        ("3600".into(), 120_000.0),
        (date(3_600.0), 120_000.0),
        (endless, 0.0),
        ("10".into(), 10_000.0),
        ("10".into(), 9_000.0),
    ] {
        let settings =
            Settings { total_timeout: milliseconds(total_timeout), ..Settings::default() };
        for status in [429, 503] {
            let (times, result) = times(rejected(status, &header), 0.5, &settings);
            assert_eq!(times, [0.0], "{header}");
            let error = result.unwrap_err();
            assert_eq!(
                (error.status, error.attempts),
                (Some(status), 1),
                "the last error is given"
            );
        }
    }
    let settings = Settings { total_timeout: milliseconds(10_001.0), ..Settings::default() };
    assert_eq!(times(rejected(503, "10"), 0.5, &settings).0, [0.0, 10_000.0]);
}

#[test]
fn a_429_error_has_retry_after() {
    for (header, expected) in [("90", Some(Duration::from_secs(90))), ("soon", None)] {
        let settings = Settings { max_retries: 0, ..Settings::default() };
        let error = times(rejected(429, header), 0.5, &settings).1.unwrap_err();
        assert_eq!((error.code, error.retry_after), ("rate_limit", expected));
    }
}

#[test]
fn a_wait_in_the_limiter_is_reported_once_with_its_length() {
    simulated(async {
        let fake = Fake::new(|_| Reply::json(200, "{}"));
        let rates = Rates { per_minute: 1, ..Rates::default() };
        let client = Client::new(fake.clone(), Settings::default(), Some(rates));
        let leads = client.leads();
        let (first, second, third) =
            tokio::join!(leads.delete("l1"), leads.delete("l2"), leads.delete("l3"));
        assert!(first.is_ok() && second.is_ok() && third.is_ok());
        let waits = fake.retries();
        let is_queued = |wait: &Wait| (wait.attempt, wait.reason) == (0, WaitReason::RateLimit);
        assert!(waits.iter().all(is_queued), "{waits:?}");
        // The third checks every second behind the second, which is not reported.
        assert!((2..8).contains(&waits.len()), "{waits:?}");
        assert!(waits.iter().any(|wait| wait.delay() >= Duration::from_secs(59)), "{waits:?}");
    });
}

#[test]
fn each_wait_is_reported_with_its_reason() {
    simulated(async {
        let replies = [
            Reply::json(503, ""),
            Reply::fault(TransportError::Connection),
            Reply::hang(),
            Reply::json(429, "").retry_after("3"),
            Reply::json(200, "{}"),
        ];
        let fake = Fake::replying(replies).chance(0.5);
        let settings = Settings { max_retries: 4, ..Settings::default() };
        faked(&fake, settings).leads().delete("l1").await.unwrap();
        let reported: Vec<_> = fake
            .retries()
            .iter()
            .map(|retry| (retry.attempt, retry.delay(), retry.reason))
            .collect();
        assert_eq!(
            reported,
            [
                (1, milliseconds(250.0), WaitReason::Status(503)),
                (2, milliseconds(500.0), WaitReason::Connection),
                (3, milliseconds(1_000.0), WaitReason::Timeout),
                (4, milliseconds(3_000.0), WaitReason::Status(429)),
            ]
        );
        let attempts: Vec<_> = fake.sent().iter().map(|sent| sent.attempt).collect();
        assert_eq!(attempts, [1, 2, 3, 4, 5]);
    });
}
