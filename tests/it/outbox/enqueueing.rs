//! Enqueueing leads: stored once under each id.

use super::database::Database;
use super::site::{page_lead, submission};
use icloud_ready::outbox::store::Store as _;
use icloud_ready::outbox::{
    Enqueue, EnqueueResult, LeadState, Outbox, OutboxSettings, Precheck, PrecheckResult, RateLimit,
};
use serde_json::{Value, json};

fn outbox() -> Outbox<Database> {
    Outbox::open(Database::new(), OutboxSettings::default(), 0.0, "entropy").unwrap()
}

fn accepted(id: &str) -> EnqueueResult {
    EnqueueResult::Accepted { submission_id: id.into(), is_new: true }
}

/// The id of an accepted lead.
fn id_of(result: EnqueueResult) -> String {
    match result {
        EnqueueResult::Accepted { submission_id, .. } => submission_id,
        other => panic!("{other:?}"),
    }
}

fn other(number: usize, name: &str) -> Enqueue {
    let lead = json!({ "leadInformation": { "firstName": name } }).to_string();
    Enqueue { canonical: lead.clone(), lead, ..page_lead(number) }
}

#[test]
fn a_duplicate_stores_nothing_and_another_body_is_a_revision() {
    let outbox = outbox();
    let id = submission(1);
    assert_eq!(outbox.enqueue(&page_lead(1), 1.0).unwrap(), accepted(&id));
    let again = EnqueueResult::Accepted { submission_id: id.clone(), is_new: false };
    assert_eq!(outbox.enqueue(&page_lead(1), 2.0).unwrap(), again);
    let detail = outbox.inspect(&id).unwrap().unwrap();
    assert!(detail.revisions.is_empty() && detail.entry.marks.is_empty());
    // The last five, each once.
    for name in ["A", "B", "B", "C", "D", "E", "F", "G"] {
        let conflict = EnqueueResult::Conflict { submission_id: id.clone() };
        assert_eq!(
            outbox.enqueue(&other(1, name), 3.0 + f64::from(name.as_bytes()[0])).unwrap(),
            conflict
        );
    }
    let detail = outbox.inspect(&id).unwrap().unwrap();
    let names: Vec<Value> = detail
        .revisions
        .iter()
        .map(|revision| revision.lead.as_ref().unwrap()["leadInformation"]["firstName"].clone())
        .collect();
    assert_eq!(names, ["C", "D", "E", "F", "G"]);
    assert_eq!(detail.entry.marks, ["conflict"]);
    // The first body is sent.
    assert_eq!(detail.lead.unwrap()["leadInformation"]["firstName"], "Visitor 1");
    assert_eq!(outbox.list(&icloud_ready::outbox::LeadQuery::default()).unwrap().entries.len(), 1);
}

#[test]
fn a_precheck_reports_whether_a_lead_is_known() {
    let outbox = outbox();
    let precheck = |canonical: &str| {
        let submission_id = Some(submission(1));
        let precheck =
            Precheck { rate: None, submission_id, form: None, canonical: canonical.into() };
        outbox.precheck(&precheck, 5.0).unwrap()
    };
    let (submission_id, marked) = (submission(1), false);
    let canonical = page_lead(1).canonical;
    assert_eq!(
        precheck(&canonical),
        PrecheckResult::New { submission_id: submission_id.clone(), marked }
    );
    outbox.enqueue(&page_lead(1), 6.0).unwrap();
    assert_eq!(
        precheck(&canonical),
        PrecheckResult::Duplicate { submission_id: submission_id.clone(), marked }
    );
    assert_eq!(precheck("{}"), PrecheckResult::Conflict { submission_id, marked });
}

#[test]
fn a_form_post_is_the_same_lead_for_ten_minutes() {
    let outbox = outbox();
    let minutes = |minutes: f64| 1.9e12 + minutes * 60_000.0;
    let post = |origin: &str, name: &str, at: f64| {
        let page_lead =
            Enqueue { submission_id: None, form: true, origin: origin.into(), ..other(1, name) };
        match outbox.enqueue(&page_lead, at).unwrap() {
            EnqueueResult::Accepted { submission_id, .. } => submission_id,
            other => panic!("{other:?}"),
        }
    };
    // For any minute of the first post.
    for begin in 0..20 {
        let begin = f64::from(begin) * 30.7;
        let name = format!("Mona {begin}");
        let first = post("https://a.example", &name, minutes(begin));
        assert_eq!(first.len(), 32);
        assert_eq!(first, post("https://a.example", &name, minutes(begin + 9.9)));
        assert_ne!(first, post("https://a.example", &name, minutes(begin + 20.1)));
        assert_ne!(first, post("https://b.example", &name, minutes(begin)));
        assert_ne!(first, post("https://a.example", &format!("{name}x"), minutes(begin)));
    }
    // The secret is created once: a new process has the same.
    let id = post("https://a.example", "Omar", minutes(1_000.0));
    let database = Database::new();
    let settings = OutboxSettings::default;
    let open = |entropy| Outbox::open(database.clone(), settings(), 0.0, entropy).unwrap();
    let page_lead = Enqueue { submission_id: None, form: true, ..other(1, "Omar") };
    let ids = ["one", "two"]
        .map(|entropy| id_of(open(entropy).enqueue(&page_lead, minutes(1_000.0)).unwrap()));
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], id);
}

#[test]
fn a_form_post_from_the_fallback_queue_is_deduplicated_by_the_time_it_was_received() {
    let outbox = outbox();
    let minutes = |minutes: f64| 1.9e12 + minutes * 60_000.0;
    let post = |name: &str, received: Option<f64>, at: f64| {
        let at_first = received.map(minutes);
        let page_lead = Enqueue { submission_id: None, form: true, at: at_first, ..other(1, name) };
        id_of(outbox.enqueue(&page_lead, minutes(at)).unwrap())
    };
    for begin in 0..20 {
        let begin = f64::from(begin) * 30.7;
        let name = format!("Mona {begin}");
        let direct = post(&name, None, begin);
        for late in [15.0, 26.3, 47.1] {
            assert_eq!(post(&name, Some(begin + 4.9), begin + late), direct);
        }
        let name = format!("Omar {begin}");
        let first = post(&name, Some(begin), begin + 15.0);
        assert_eq!(post(&name, Some(begin), begin + 33.0), first);
    }
}

#[test]
fn an_invalid_submission_id_is_rejected() {
    let outbox = outbox();
    for id in [
        "",
        "short",
        "a b c d e f",
        "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        &"a".repeat(65),
    ] {
        let page_lead = Enqueue { submission_id: Some(id.into()), ..page_lead(1) };
        assert!(outbox.enqueue(&page_lead, 0.0).is_err());
    }
}

#[test]
fn an_enqueue_interrupted_at_any_statement_stores_the_lead_once_when_retried() {
    for after in [false, true] {
        for statement in 0..12 {
            let database = Database::new();
            let open = |database: &Database| {
                Outbox::open(database.clone(), OutboxSettings::default(), 0.0, "entropy").unwrap()
            };
            let first = open(&database);
            first.enqueue(&page_lead(1), 1.0).unwrap();
            database.die_at(statement, after);
            let rate =
                Some(RateLimit { client: "a".into(), per_minute: 9.0, burst: 9.0, form: false });
            let _ = first.enqueue(&Enqueue { rate: rate.clone(), ..other(1, "A") }, 2.0);
            let _ = first.enqueue(&Enqueue { rate, ..page_lead(2) }, 2.0);
            let database = database.reopened();
            let second = open(&database);
            second.enqueue(&other(1, "A"), 3.0).unwrap();
            second.enqueue(&page_lead(2), 3.0).unwrap();
            let detail = second.inspect(&submission(1)).unwrap().unwrap();
            assert_eq!(
                (detail.revisions.len(), &detail.entry.marks[..]),
                (1, &["conflict".into()][..])
            );
            assert_eq!(database.number("SELECT COUNT(*) FROM leads"), 2.0);
        }
    }
}

#[test]
fn a_held_lead_waits_for_its_release() {
    let outbox = outbox();
    outbox.enqueue(&Enqueue { hold: true, ..page_lead(1) }, 0.0).unwrap();
    let entry = outbox.inspect(&submission(1)).unwrap().unwrap().entry;
    assert_eq!((entry.state, entry.reason.as_deref()), (LeadState::Held, Some("challenge")));
    assert_eq!(outbox.health(0.0).unwrap().backlog, 0);
    assert!(outbox.release(&submission(1), 1.0).unwrap());
    assert!(!outbox.release(&submission(1), 1.0).unwrap());
    assert_eq!(outbox.inspect(&submission(1)).unwrap().unwrap().entry.state, LeadState::Pending);
}

#[test]
fn personal_data_is_stored_only_in_the_body() {
    let database = Database::new();
    let outbox = Outbox::open(database.clone(), OutboxSettings::default(), 0.0, "entropy").unwrap();
    outbox.enqueue(&page_lead(7), 0.0).unwrap();
    outbox.enqueue(&other(7, "Visitor 7b"), 0.0).unwrap();
    outbox.erase(&submission(7), 1.0).unwrap();
    let tables = database.texts("SELECT name FROM sqlite_master WHERE type = 'table'");
    assert_eq!(tables.len(), 11);
    for table in tables {
        for row in database.exec(&format!("SELECT * FROM {table}"), &[]).unwrap() {
            let text = format!("{row:?}");
            assert!(!text.contains("Visitor") && !text.contains("+20100"), "{text}");
        }
    }
}
