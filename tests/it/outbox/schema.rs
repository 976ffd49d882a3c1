//! Stores of other versions, and of other programs.

use super::database::Database;
use super::rig::{created, crm, empty_lookup, entry, found};
use super::site::{Site, page_lead, submission};
use crate::support::rig::simulated;
use icloud_ready::outbox::{
    LeadQuery, LeadState, Outbox, OutboxError, OutboxSettings, SCHEMA_VERSION,
};

/// A store of each earlier version, as that version created it.
const EARLIER: [&str; 5] = [
    include_str!("../../fixtures/outbox-1.sql"),
    include_str!("../../fixtures/outbox-2.sql"),
    include_str!("../../fixtures/outbox-3.sql"),
    include_str!("../../fixtures/outbox-4.sql"),
    include_str!("../../fixtures/outbox-5.sql"),
];

fn open(database: &Database) -> Result<Outbox<Database>, OutboxError> {
    Outbox::open(database.clone(), OutboxSettings::default(), 0.0, "entropy")
}

/// The whole content of a database.
fn dump(database: &Database) -> Vec<String> {
    let tables = database.texts("SELECT name FROM sqlite_master WHERE type = 'table'");
    let rows = |table: &String| database.rows(&format!("SELECT * FROM {table}"), &[]).unwrap();
    let mut dump: Vec<String> =
        tables.iter().map(|table| format!("{table}: {:?}", rows(table))).collect();
    dump.extend(database.texts("SELECT COALESCE(sql, name) FROM sqlite_master"));
    dump
}

#[test]
fn a_store_of_each_earlier_version_opens_and_drains() {
    assert_eq!(EARLIER.len() as u32 + 1, SCHEMA_VERSION, "a fixture for each earlier version");
    // The last stores have six more leads, of which one waits for an operator.
    for (sql, delivered) in EARLIER.into_iter().zip([6.0, 6.0, 11.0, 11.0, 11.0]) {
        simulated(async {
            let fake = crm(
                |_| created(),
                |sent| if sent.at < 1e9 { empty_lookup(sent) } else { found(0) },
            );
            let database = Database::of(sql);
            let settings = icloud_ready::request::settings::CallSettings::default();
            let site =
                Site::open(database, fake.clone(), OutboxSettings::default(), settings).unwrap();
            site.work_until_idle(1e6).await;
            let states: Vec<LeadState> = (0..8).map(|number| entry(&site, number).state).collect();
            let mut expected = [LeadState::Delivered; 8];
            (expected[6], expected[7]) = (LeadState::Dead, LeadState::Held);
            assert_eq!(states, expected);
            // Leads that were in flight are not sent before a lookup, and known states stay.
            let first = |number: usize| {
                let id = submission(number);
                let sent = fake.sent();
                let about = sent.iter().find(|sent| {
                    sent.target.contains(&id)
                        || sent.body.as_ref().is_some_and(|body| body.contains(&id))
                });
                about.map(|sent| sent.method)
            };
            assert_eq!([0, 1, 2, 3, 4].map(first), ["POST", "POST", "GET", "GET", "GET"].map(Some));
            assert_eq!([5, 6, 7].map(first), [None; 3]);
            assert_eq!(site.outbox.metrics(0.0).unwrap()["leads_delivered_total"], delivered);
            site.enqueue(&page_lead(9)).unwrap();
            site.work_until_idle(1e6).await;
            assert_eq!(entry(&site, 9).state, LeadState::Delivered);
        });
    }
}

#[test]
fn the_migration_renames_what_version_3_stored() {
    let database = Database::of(EARLIER[2]);
    let outbox = open(&database).unwrap();
    let leads = outbox.list(&LeadQuery::default()).unwrap().entries;
    let named: Vec<String> = leads
        .iter()
        .rev()
        .map(|entry| format!("{} {}", entry.state.name(), entry.reason.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(
        named,
        [
            "pending -",
            "pending rate_limited",
            "unconfirmed claim_expired",
            "unconfirmed outcome_unknown",
            "unconfirmed claim_expired",
            "delivered -",
            "dead refused",
            "held challenge",
            "unconfirmed absence_unproven",
            "held lookup_forbidden",
            "held unconfirmed_response",
            "unconfirmed claim_expired",
            "unconfirmed lookup_failed",
            "unconfirmed lookup_inconclusive",
        ]
    );
    let dead = outbox.inspect("submission-00006").unwrap().unwrap();
    assert_eq!(dead.response.as_deref(), Some(r#"{"message":"refused"}"#));
    let health = outbox.health(0.0).unwrap();
    assert_eq!((health.paused, health.pause_reason.as_deref()), (true, Some("client_error")));
    let metrics = outbox.metrics(0.0).unwrap();
    let counted = [
        ("leads_delivered_total", 1.0),
        ("lookups_total", 3.0),
        ("leads_duplicate_total", 2.0),
        ("requests_rate_limited_total", 4.0),
        ("origin_refused_total", 5.0),
        ("path_not_found_total", 6.0),
        ("admin_auth_failed_total", 7.0),
    ];
    for (name, value) in counted {
        assert_eq!(metrics[name], value, "{name}");
    }
    assert!(!metrics.keys().any(|name| name.contains("done") || name.contains("looks")));
    // Its alerts are stored under their new names, so none of them is raised as a new one.
    let alerts = database.texts("SELECT value FROM facts WHERE name = 'alerts'").concat();
    assert!(alerts.contains(r#""paused":{"detail":"client_error""#), "{alerts}");
    assert!(alerts.contains(r#""backlog_age":"#), "{alerts}");
}

#[test]
fn a_migration_interrupted_at_any_statement_is_finished_by_the_next_process() {
    for sql in EARLIER.into_iter().chain([""]) {
        let whole = Database::of(sql);
        open(&whole).unwrap();
        for after in [false, true] {
            for statement in 0..60 {
                let database = Database::of(sql);
                database.die_at(statement, after);
                let _ = open(&database);
                let database = database.reopened();
                open(&database).unwrap();
                let columns = "SELECT group_concat(name) FROM pragma_table_info('leads')";
                assert_eq!(database.texts(columns), whole.texts(columns));
                let version = "SELECT value FROM facts WHERE name = 'schema'";
                assert_eq!(database.number(version), f64::from(SCHEMA_VERSION));
            }
        }
    }
}

#[test]
fn a_store_of_a_later_version_is_rejected_unchanged() {
    let database = Database::new();
    open(&database).unwrap();
    let later = f64::from(SCHEMA_VERSION) + 1.0;
    let sql = format!("UPDATE facts SET value = {later} WHERE name = 'schema'");
    database.rows(&sql, &[]).unwrap();
    let before = dump(&database);
    assert_eq!(open(&database).err(), Some(OutboxError::Newer));
    assert_eq!(dump(&database), before);
}

#[test]
fn the_store_of_another_program_is_rejected_unchanged() {
    for sql in [
        "CREATE TABLE users (id INTEGER PRIMARY KEY)",
        "CREATE TABLE facts (name TEXT, value TEXT, source TEXT)",
        "CREATE TABLE leads (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE stages (id INTEGER)",
    ] {
        let database = Database::of(sql);
        let before = dump(&database);
        assert_eq!(open(&database).err(), Some(OutboxError::Foreign), "{sql}");
        assert_eq!(dump(&database), before);
    }
}

#[test]
fn tables_of_the_host_and_of_replication_are_accepted() {
    let database = Database::of(
        "CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB); \
         CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)",
    );
    open(&database).unwrap();
    open(&database.reopened()).unwrap();
}
