//! The rate limit of one client: counted in memory, and stored.

use super::database::Database;
use super::site::{page_lead, submission};
use icloud_ready::outbox::store::Store as _;
use icloud_ready::outbox::{
    Enqueue, EnqueueResult, Outbox, OutboxSettings, Precheck, PrecheckResult, RateLimit,
};

fn open(database: &Database) -> Outbox<Database> {
    Outbox::open(database.clone(), OutboxSettings::default(), 0.0, "entropy").unwrap()
}

fn accepted(id: &str) -> EnqueueResult {
    EnqueueResult::Accepted { submission_id: id.into(), is_new: true }
}

/// Whether a lead is accepted from an address with a burst of four and almost no rate.
fn enqueue(outbox: &Outbox<Database>, number: usize, now: f64) -> bool {
    let client = "address 203.0.113.9".into();
    let rate = Some(RateLimit { client, per_minute: 1e-6, burst: 4.0, form: false });
    let response = outbox.enqueue(&Enqueue { rate, ..page_lead(number) }, now).unwrap();
    response == accepted(&submission(number))
}

#[test]
fn too_many_requests_from_one_client_are_rejected_and_counted_once() {
    let outbox = open(&Database::new());
    let rate = |client: &str, form| {
        Some(RateLimit { client: client.into(), per_minute: 10.0, burst: 3.0, form })
    };
    let enqueue = |number, client, form| {
        let page_lead = Enqueue { rate: rate(client, form), form, ..page_lead(number) };
        outbox.enqueue(&page_lead, 1_000.0).unwrap()
    };
    for number in 0..3 {
        assert_eq!(enqueue(number, "a", false), accepted(&submission(number)));
    }
    assert_eq!(enqueue(3, "a", false), EnqueueResult::Limited { retry_after_ms: 6_000.0 });
    assert!(outbox.inspect(&submission(3)).unwrap().is_none());
    // Other clients are not affected, and a form post is accepted and marked.
    assert_eq!(enqueue(4, "b", false), accepted(&submission(4)));
    assert_eq!(enqueue(5, "a", true), accepted(&submission(5)));
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
fn counts_are_stored_once_a_second_without_the_clients_address() {
    let database = Database::new();
    let written = || database.number("SELECT tokens FROM clients").round();
    let first = open(&database);
    assert!(enqueue(&first, 1, 5_000.0) && enqueue(&first, 2, 5_500.0));
    assert_eq!(written(), 3.0);
    // With the next request a second later, or the next claim.
    assert!(enqueue(&first, 3, 6_000.0));
    assert_eq!(written(), 1.0);
    assert!(enqueue(&first, 4, 6_500.0) && !enqueue(&first, 5, 6_500.0));
    assert_eq!(written(), 1.0);
    first.next(7_000.0).unwrap();
    assert_eq!(written(), 0.0);
    for row in database.exec("SELECT * FROM clients", &[]).unwrap() {
        assert!(!format!("{row:?}").contains("203"), "{row:?}");
    }
    let database = database.reopened();
    assert!(!enqueue(&open(&database), 6, 8_000.0));
    // A day later no client is stored.
    let other = Some(RateLimit { client: "b".into(), per_minute: 60.0, burst: 1.0, form: false });
    open(&database).enqueue(&Enqueue { rate: other, ..page_lead(7) }, 9e7).unwrap();
    assert_eq!(database.texts("SELECT client FROM clients WHERE tokens = 0").len(), 1);
    assert_eq!(database.texts("SELECT client FROM clients").len(), 1);
}

#[test]
fn a_clock_set_back_neither_leaks_memory_nor_bypasses_the_limit() {
    let database = Database::new();
    let written = || database.number("SELECT tokens FROM clients").round();
    let outbox = open(&database);
    assert!(enqueue(&outbox, 1, 9e9) && enqueue(&outbox, 2, 9e9 + 500.0));
    assert_eq!(written(), 3.0);
    // A second passes from then on.
    assert!(enqueue(&outbox, 3, 5_000.0));
    assert_eq!(written(), 3.0);
    assert!(enqueue(&outbox, 4, 5_600.0));
    assert_eq!(written(), 0.0);
    assert!(!enqueue(&outbox, 5, 5_700.0));
}
