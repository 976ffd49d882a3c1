//! Configuration mistakes: pages that are refused for their origin or their path.

use super::database::Database;
use icloud_ready::outbox::{
    Alert, Outbox, OutboxSettings, RateLimit, RecordRefusal, RecordRefusalResult, RefusalKind,
    RefusalSummary,
};

const HOUR: f64 = 3_600_000.0;
const ORIGIN: &str = "https://www.agency.example";

fn open(database: &Database) -> Outbox<Database> {
    Outbox::open(database.clone(), OutboxSettings::default(), 0.0, "entropy").unwrap()
}

fn refusal(kind: RefusalKind, value: &str, client: usize) -> RecordRefusal {
    let client = format!("address 192.0.2.{client}");
    let rate = RateLimit { client, per_minute: 1e6, burst: 1e6, form: false };
    RecordRefusal { rate, kind, value: value.into() }
}

/// Refuses an origin; returns whether that is to be logged.
fn refuse(outbox: &Outbox<Database>, origin: &str, client: usize, now: f64) -> bool {
    match outbox.record_refusal(&refusal(RefusalKind::Origin, origin, client), now).unwrap() {
        RecordRefusalResult::Recorded { should_log, .. } => should_log,
        RecordRefusalResult::Limited { .. } => panic!("the client is limited"),
    }
}

fn origins(outbox: &Outbox<Database>, now: f64) -> Vec<RefusalSummary> {
    outbox.health(now).unwrap().refused_origins
}

#[test]
fn five_refusals_from_three_addresses_within_an_hour_alert_once_a_day() {
    let database = Database::new();
    let outbox = open(&database);
    // Any number of refusals from two addresses may be a curious visitor.
    for index in 0..103 {
        assert_eq!(refuse(&outbox, ORIGIN, index % 2, 1_000.0), index == 0);
    }
    assert_eq!(outbox.alerts(), []);
    // An hour later those do not count, and the count survives a restart.
    let later = 1_000.0 + HOUR;
    refuse(&outbox, ORIGIN, 2, later);
    drop(outbox);
    let outbox = open(&database);
    refuse(&outbox, ORIGIN, 3, later);
    assert_eq!(outbox.alerts(), []);
    let count = |now| (4..12).for_each(|client| _ = refuse(&outbox, ORIGIN, client, now));
    count(later + 1_000.0);
    let alert = Alert::OriginRefused { origin: ORIGIN.into(), count: 108 };
    assert_eq!(outbox.alerts(), [alert]);
    count(later + 2_000.0);
    assert_eq!(outbox.alerts(), []);
    count(later + 25.0 * HOUR);
    assert_eq!(outbox.alerts().len(), 1);
    // A clock that was set back suppresses nothing for longer.
    count(later - 100.0 * HOUR);
    assert_eq!(outbox.alerts(), []);
    count(later - 75.0 * HOUR);
    assert_eq!(outbox.alerts().len(), 1);
}

#[test]
fn recorded_and_logged_refusals_are_bounded_and_sanitized() {
    let outbox = open(&Database::new());
    for time in 0..3 {
        refuse(&outbox, ORIGIN, time, 0.0);
    }
    let logged =
        (0..500).filter(|number| refuse(&outbox, &format!("https://{number}.example"), 9, 1.0));
    assert_eq!(logged.count(), 19);
    let known = origins(&outbox, 2.0);
    assert_eq!(known.len(), 20);
    assert_eq!(
        known[0],
        RefusalSummary { value: ORIGIN.into(), count: 3, first_at: 0.0, last_at: 0.0 }
    );
    assert!(
        refuse(&outbox, "https://late.example", 9, 1.0 + HOUR),
        "the next hour has lines of its own"
    );

    let odd = format!("https://a\u{1b}[31m\u{202e}\r\n\0.example/{}", "é".repeat(500));
    let counted = outbox.record_refusal(&refusal(RefusalKind::Path, &odd, 1), 2.0 + HOUR).unwrap();
    let expected = format!("https://a[31m.example/{}", "é".repeat(178));
    assert_eq!(
        counted,
        RecordRefusalResult::Recorded { should_log: true, value: expected.clone() }
    );
    assert_eq!(outbox.health(2.0 + HOUR).unwrap().unknown_paths[0].value, expected);

    let metrics = outbox.metrics(2.0).unwrap();
    assert_eq!(
        (&metrics["origin_refused_total"], &metrics["path_not_found_total"]),
        (&504.0.into(), &1.0.into())
    );
    assert!(metrics.keys().all(|name| !name.contains("example")));
    assert_eq!(origins(&outbox, 8.0 * 24.0 * HOUR), [], "a week later nothing is shown");
}

#[test]
fn refusals_are_counted_against_their_address() {
    let outbox = open(&Database::new());
    let rate =
        RateLimit { client: "address 192.0.2.1".into(), per_minute: 1.0, burst: 2.0, form: false };
    let refusal = RecordRefusal { rate, kind: RefusalKind::Origin, value: ORIGIN.into() };
    for _ in 0..2 {
        assert!(matches!(
            outbox.record_refusal(&refusal, 0.0).unwrap(),
            RecordRefusalResult::Recorded { .. }
        ));
    }
    assert_eq!(
        outbox.record_refusal(&refusal, 0.0).unwrap(),
        RecordRefusalResult::Limited { retry_after_ms: 60_000.0 }
    );
    assert_eq!(origins(&outbox, 0.0)[0].count, 2);
}
