//! The timeouts of an attempt and of a call, each in its own phase.

use crate::support::fake::{Fake, Reply};
use crate::support::records::{lead, submitting};
use crate::support::rig::{faked, simulated};
use crate::transport::milliseconds;
use icloud_ready::error::ErrorKind;
use icloud_ready::transport::TransportError;
use icloud_ready::{Error, Settings};
use std::time::Duration;

/// Without timeouts.
pub(crate) fn unbounded() -> Settings {
    Settings {
        timeout: Duration::ZERO,
        total_timeout: Duration::ZERO,
        max_queue_wait: Duration::ZERO,
        ..Settings::default()
    }
}

/// Asserts the error of a timeout, and when it came.
pub(crate) fn check(error: &Error, fake: &Fake, code: &str, attempts: u32, at: f64) {
    let found = (error.kind, error.code, error.attempts, fake.elapsed());
    assert_eq!(found, (ErrorKind::Timeout, code, attempts, at));
    assert_eq!(error.status, None);
}

#[test]
fn timeout_covers_one_attempt() {
    simulated(async {
        let fake = Fake::replying([Reply::hang()]).chance(0.0);
        let settings = Settings { timeout: milliseconds(3_000.0), max_retries: 2, ..unbounded() };
        let error = faked(&fake, settings).leads().delete("l1").await.unwrap_err();
        check(&error, &fake, "timeout", 3, 9_000.0);
        assert!(error.ambiguous);
        // Not the remaining time: each attempt has its full timeout.
        assert!(fake.sent().iter().all(|sent| sent.timeout == 3_000.0));
    });
    simulated(async {
        // Back-off and queue do not count as part of an attempt.
        let busy = Reply::json(503, "").retry_after("30");
        let fake = Fake::replying([busy, Reply::json(200, "{}").after(999.0)]);
        let settings = Settings { timeout: milliseconds(1_000.0), ..unbounded() };
        faked(&fake, settings).leads().delete("l1").await.unwrap();
        assert_eq!(fake.elapsed(), 30_999.0);
    });
}

#[test]
fn total_timeout_covers_attempts_and_waits() {
    simulated(async {
        let fake = Fake::replying([Reply::hang()]).chance(0.0);
        let settings = Settings {
            timeout: milliseconds(3_000.0),
            total_timeout: milliseconds(8_000.0),
            ..unbounded()
        };
        let error = faked(&fake, settings).leads().delete("l1").await.unwrap_err();
        check(&error, &fake, "total_timeout", 3, 8_000.0);
        assert!(error.ambiguous);
        let timeouts: Vec<_> = fake.sent().iter().map(|sent| sent.timeout).collect();
        assert_eq!(timeouts, [3_000.0, 3_000.0, 2_000.0]);
    });
    simulated(async {
        // A read is never ambiguous, and one attempt may use all the time.
        let fake = Fake::replying([Reply::hang()]);
        let settings = Settings { total_timeout: milliseconds(8_000.0), ..unbounded() };
        let error = faked(&fake, settings).leads().retrieve("l1").await.unwrap_err();
        check(&error, &fake, "total_timeout", 1, 8_000.0);
        assert!(!error.ambiguous);
    });
    simulated(async {
        // A wait beyond the timeout does not start: the result is the last attempt's error.
        let fake = Fake::replying([Reply::json(503, "").retry_after("9")]);
        let settings = Settings { total_timeout: milliseconds(8_000.0), ..unbounded() };
        let error = faked(&fake, settings).leads().delete("l1").await.unwrap_err();
        assert_eq!((error.status, error.attempts, fake.elapsed()), (Some(503), 1, 0.0));
    });
}

#[test]
fn total_timeout_covers_lookups_and_ends_them() {
    let settings = submitting(
        "submission-1",
        &Settings { total_timeout: milliseconds(8_000.0), ..unbounded() },
    );
    simulated(async {
        let fake = Fake::new(|sent| match sent.method {
            "POST" => Reply::fault(TransportError::Connection),
            _ => Reply::hang(),
        });
        let client = faked(&fake, settings.clone());
        let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        check(&error, &fake, "total_timeout", 1, 8_000.0);
        assert!(error.ambiguous);
    });
    simulated(async {
        // The send used up the time: none remains for a lookup.
        let fake = Fake::replying([Reply::hang()]);
        let client = faked(&fake, settings.clone());
        let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        check(&error, &fake, "total_timeout", 1, 8_000.0);
        assert_eq!((error.ambiguous, fake.count()), (true, 1));
    });
    simulated(async {
        // Too short for the second lookup's delay: the result is the send's error.
        let fake = Fake::new(|sent| match sent.method {
            "POST" => Reply::fault(TransportError::Connection),
            _ => Reply::json(200, "[]"),
        });
        let settings = Settings { total_timeout: milliseconds(5_000.0), ..settings.clone() };
        let client = faked(&fake, settings);
        let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        assert_eq!((error.code, error.attempts, error.ambiguous), ("connection", 1, true));
        assert_eq!((fake.elapsed(), fake.count()), (1_000.0, 4));
    });
}
