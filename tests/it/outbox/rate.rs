//! How much one client may send: counted in memory, and written down.

use super::database::Database;
use super::site::{arrival, submission};
use icloud_ready::outbox::store::Store as _;
use icloud_ready::outbox::{
    Enqueue, EnqueueResult, Outbox, OutboxSettings, Precheck, PrecheckResult, RateLimit,
};

fn open(database: &Database) -> Outbox<Database> {
    Outbox::open(database.clone(), OutboxSettings::default(), 0.0, "entropy").unwrap()
}

fn accepted(id: &str) -> EnqueueResult {
    EnqueueResult::Accepted { submission_id: id.into() }
}

/// Whether a lead is let in from an address that may send four, and hardly another one ever.
fn put(outbox: &Outbox<Database>, number: usize, now: f64) -> bool {
    let client = "address 203.0.113.9".into();
    let rate = Some(RateLimit { client, per_minute: 1e-6, burst: 4.0, form: false });
    let answer = outbox.enqueue(&Enqueue { rate, ..arrival(number) }, now).unwrap();
    answer == accepted(&submission(number))
}

#[test]
fn too_many_from_one_client_are_turned_away_and_counted_once() {
    let outbox = open(&Database::new());
    let rate = |client: &str, form| {
        Some(RateLimit { client: client.into(), per_minute: 10.0, burst: 3.0, form })
    };
    let put = |number, client, form| {
        let arrival = Enqueue { rate: rate(client, form), form, ..arrival(number) };
        outbox.enqueue(&arrival, 1_000.0).unwrap()
    };
    for number in 0..3 {
        assert_eq!(put(number, "a", false), accepted(&submission(number)));
    }
    assert_eq!(put(3, "a", false), EnqueueResult::Limited { retry_after_ms: 6_000.0 });
    assert!(outbox.inspect(&submission(3)).unwrap().is_none());
    // Another client is another matter, and a form post is let in and marked.
    assert_eq!(put(4, "b", false), accepted(&submission(4)));
    assert_eq!(put(5, "a", true), accepted(&submission(5)));
    assert_eq!(outbox.inspect(&submission(5)).unwrap().unwrap().entry.marks, ["rate"]);
    let precheck = Precheck {
        rate: rate("a", true),
        submission_id: Some(submission(6)),
        form: None,
        canonical: "{}".into(),
    };
    let expected = PrecheckResult::New { submission_id: submission(6), marked: true };
    assert_eq!(outbox.precheck(&precheck, 1_000.0).unwrap(), expected);
}

#[test]
fn what_is_counted_is_written_down_once_a_second_without_the_clients_name() {
    let database = Database::new();
    let written = || database.number("SELECT tokens FROM clients").round();
    let first = open(&database);
    assert!(put(&first, 1, 5_000.0) && put(&first, 2, 5_500.0));
    assert_eq!(written(), 3.0);
    // By the next request a second later, or the next claim.
    assert!(put(&first, 3, 6_000.0));
    assert_eq!(written(), 1.0);
    assert!(put(&first, 4, 6_500.0) && !put(&first, 5, 6_500.0));
    assert_eq!(written(), 1.0);
    first.next(7_000.0).unwrap();
    assert_eq!(written(), 0.0);
    for row in database.exec("SELECT * FROM clients", &[]).unwrap() {
        assert!(!format!("{row:?}").contains("203"), "{row:?}");
    }
    let database = database.reopened();
    assert!(!put(&open(&database), 6, 8_000.0));
    // A day later no client is remembered.
    let other = Some(RateLimit { client: "b".into(), per_minute: 60.0, burst: 1.0, form: false });
    open(&database).enqueue(&Enqueue { rate: other, ..arrival(7) }, 9e7).unwrap();
    assert_eq!(database.texts("SELECT client FROM clients WHERE tokens = 0").len(), 1);
    assert_eq!(database.texts("SELECT client FROM clients").len(), 1);
}

#[test]
fn a_clock_that_is_set_back_keeps_nothing_in_memory_and_lets_no_one_in() {
    let database = Database::new();
    let written = || database.number("SELECT tokens FROM clients").round();
    let outbox = open(&database);
    assert!(put(&outbox, 1, 9e9) && put(&outbox, 2, 9e9 + 500.0));
    assert_eq!(written(), 3.0);
    // A second goes by from then on.
    assert!(put(&outbox, 3, 5_000.0));
    assert_eq!(written(), 3.0);
    assert!(put(&outbox, 4, 5_600.0));
    assert_eq!(written(), 0.0);
    assert!(!put(&outbox, 5, 5_700.0));
}
