//! The clocks of an attempt and of a call, each in its own phase.

use crate::support::fake::{Fake, Reply};
use crate::support::records::{lead, submitting};
use crate::support::rig::{faked, simulated};
use icloud_ready::error::ErrorKind;
use icloud_ready::transport::TransportError;
use icloud_ready::{Error, Settings};

/// No clock at all.
pub(crate) fn unbounded() -> Settings {
    Settings { timeout: 0.0, total_timeout: 0.0, max_queue_wait: 0.0, ..Settings::default() }
}

/// Asserts a clock's error, and when it came.
pub(crate) fn check(error: &Error, fake: &Fake, code: &str, attempts: u32, at: f64) {
    let found = (error.kind, error.code, error.attempts, fake.elapsed());
    assert_eq!(found, (ErrorKind::Timeout, code, attempts, at));
    assert_eq!(error.status, None);
}

#[test]
fn the_attempts_clock_covers_one_attempt() {
    simulated(async {
        let fake = Fake::replying([Reply::hang()]).chance(0.0);
        let settings = Settings { timeout: 3_000.0, max_retries: 2, ..unbounded() };
        let error = faked(&fake, settings).leads().delete("l1").await.unwrap_err();
        check(&error, &fake, "timeout", 3, 9_000.0);
        assert!(error.ambiguous);
        // Not the time in between: each attempt has the whole of it.
        assert!(fake.sent().iter().all(|sent| sent.timeout == 3_000.0));
    });
    simulated(async {
        // Neither back-off nor queue are of any attempt.
        let busy = Reply::json(503, "").retry_after("30");
        let fake = Fake::replying([busy, Reply::json(200, "{}").after(999.0)]);
        let settings = Settings { timeout: 1_000.0, ..unbounded() };
        faked(&fake, settings).leads().delete("l1").await.unwrap();
        assert_eq!(fake.elapsed(), 30_999.0);
    });
}

#[test]
fn the_calls_clock_covers_attempts_and_waits() {
    simulated(async {
        let fake = Fake::replying([Reply::hang()]).chance(0.0);
        let settings = Settings { timeout: 3_000.0, total_timeout: 8_000.0, ..unbounded() };
        let error = faked(&fake, settings).leads().delete("l1").await.unwrap_err();
        check(&error, &fake, "total_timeout", 3, 8_000.0);
        assert!(error.ambiguous);
        let timeouts: Vec<_> = fake.sent().iter().map(|sent| sent.timeout).collect();
        assert_eq!(timeouts, [3_000.0, 3_000.0, 2_000.0]);
    });
    simulated(async {
        // In a read nothing is ambiguous, and one attempt may take it all.
        let fake = Fake::replying([Reply::hang()]);
        let settings = Settings { total_timeout: 8_000.0, ..unbounded() };
        let error = faked(&fake, settings).leads().retrieve("l1").await.unwrap_err();
        check(&error, &fake, "total_timeout", 1, 8_000.0);
        assert!(!error.ambiguous);
    });
    simulated(async {
        // A wait that would pass it is not begun: that is the last attempt's error.
        let fake = Fake::replying([Reply::json(503, "").retry_after("9")]);
        let settings = Settings { total_timeout: 8_000.0, ..unbounded() };
        let error = faked(&fake, settings).leads().delete("l1").await.unwrap_err();
        assert_eq!((error.status, error.attempts, fake.elapsed()), (Some(503), 1, 0.0));
    });
}

#[test]
fn the_calls_clock_covers_looks_and_ends_them() {
    let settings = submitting("submission-1", &Settings { total_timeout: 8_000.0, ..unbounded() });
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
        // The send used up the time: none is left for a lookup.
        let fake = Fake::replying([Reply::hang()]);
        let client = faked(&fake, settings.clone());
        let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        check(&error, &fake, "total_timeout", 1, 8_000.0);
        assert_eq!((error.ambiguous, fake.count()), (true, 1));
    });
    simulated(async {
        // Not long enough for the second look's wait: the send's error is given.
        let fake = Fake::new(|sent| match sent.method {
            "POST" => Reply::fault(TransportError::Connection),
            _ => Reply::json(200, "[]"),
        });
        let settings = Settings { total_timeout: 5_000.0, ..settings.clone() };
        let client = faked(&fake, settings);
        let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        assert_eq!((error.code, error.attempts, error.ambiguous), ("connection", 1, true));
        assert_eq!((fake.elapsed(), fake.count()), (1_000.0, 4));
    });
}
