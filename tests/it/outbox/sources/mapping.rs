//! What becomes of events: sent, skipped, held, erased.

use super::rig::*;
use crate::outbox::rig::{created, crm, empty_lookup, rejected, reopened, sends};
use crate::outbox::site::{Site, page_lead};
use crate::support::fake::Fake;
use crate::support::rig::simulated;
use icloud_ready::outbox::{
    BulkCommand, CommandName, Enqueue, HoldReason, LeadQuery, LeadState, Mapping, OutboxSettings,
    RateLimit, RecordRefusal, RefusalKind, Retention, SkipReason, SourceEvent, SourceJob,
};
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;

fn hold(reason: HoldReason) -> Mapping {
    Mapping::Hold { reason }
}

fn full(count: usize) -> Vec<SourceEvent> {
    (0..count).map(|number| event(&format!("lead-{number:05}"), false)).collect()
}

#[test]
fn a_lead_that_cannot_be_mapped_is_held_alerted_and_mapped_again_by_a_replay() {
    simulated(async {
        for (reason, name) in [
            (HoldReason::MapFailed, "map_failed"),
            (HoldReason::MapInvalid, "map_invalid"),
            (HoldReason::Incomplete, "incomplete"),
        ] {
            let fake = crm(|_| created(), empty_lookup);
            let site = crate::outbox::rig::site(&fake, settings());
            deliver(&site, "google", full(3));
            perform(&site, |_| panic!("it is whole"), |_| hold(reason));
            assert_eq!(state(&site, "google-lead-00000"), format!("held {name}"));
            let held = json!({ "kind": "source_leads_held", "source": "google", "reason": name, "count": 3 });
            assert!(alerts(&site).contains(&held), "{:?}", alerts(&site));
            site.work_until_idle(1e6).await;
            assert_eq!(sends(&fake), 0);
            let command = BulkCommand {
                command: CommandName::Replay,
                reason: name.into(),
                from: None,
                to: None,
                count: None,
                token: "admin".into(),
            };
            assert_eq!(site.outbox.command_all(&command, site.now()).unwrap().count, 3);
            perform(&site, |_| panic!("it is whole"), |_| send());
            site.work_until_idle(1e6).await;
            assert_eq!(sends(&fake), 3);
            let resolved = json!({ "kind": "resolved", "condition": "source_leads_held",
                "value": format!("google/{name}") });
            assert!(alerts(&site).contains(&resolved), "{:?}", alerts(&site));
        }
    });
}

#[test]
fn a_skipped_lead_is_not_sent_raises_no_alert_and_can_be_replayed() {
    simulated(async {
        let fake = crm(|_| created(), empty_lookup);
        let site = crate::outbox::rig::site(&fake, settings());
        deliver(&site, "google", full(1));
        perform(
            &site,
            |_| panic!("it is whole"),
            |_| Mapping::Skip { reason: SkipReason::TestLead },
        );
        assert_eq!(state(&site, "google-lead-00000"), "skipped test_lead");
        site.work_until_idle(1e6).await;
        assert_eq!((sends(&fake), alerts(&site).len()), (0, 0));
        let health = site.outbox.health(site.now()).unwrap();
        assert_eq!((health.backlog, health.held, health.dead), (0, 0, 0));
        assert_eq!(site.outbox.metrics(site.now()).unwrap()["leads{state=\"skipped\"}"], 1.0);
        assert!(site.outbox.replay("google-lead-00000", site.now()).unwrap());
        perform(&site, |_| panic!("it is whole"), |_| send());
        site.work_until_idle(1e6).await;
        assert_eq!(sends(&fake), 1);
    });
}

#[test]
fn a_lead_that_the_crm_refused_is_mapped_again_by_a_replay() {
    simulated(async {
        let refuses = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        let state_of = std::sync::Arc::clone(&refuses);
        let fake = crm(
            move |_| {
                let refuses = state_of.load(std::sync::atomic::Ordering::Relaxed);
                if refuses { rejected(422) } else { created() }
            },
            empty_lookup,
        );
        let site = crate::outbox::rig::site(&fake, settings());
        deliver(&site, "google", full(1));
        perform(&site, |_| panic!("it is whole"), |_| send());
        site.work_until_idle(1e6).await;
        assert_eq!(state(&site, "google-lead-00000"), "dead refused");
        refuses.store(false, std::sync::atomic::Ordering::Relaxed);
        assert!(site.outbox.replay("google-lead-00000", site.now()).unwrap());
        assert_eq!(state(&site, "google-lead-00000"), "fetching replayed");
        let fixed = r#"{"leadInformation":{"firstName":"Fixed","phone":"+201001234567"}}"#;
        perform(
            &site,
            |_| panic!("it is whole"),
            |_| Mapping::Send {
                lead: fixed.into(),
                custom: "{}".into(),
                warnings: None,
                marks: vec!["test".into()],
            },
        );
        site.work_until_idle(1e6).await;
        let body = fake.sent().last().unwrap().body.clone().unwrap();
        assert!(body.contains("Fixed") && body.contains(r#"marks\":[\"test\"]"#), "{body}");
    });
}

#[test]
fn a_map_that_ends_the_process_three_times_holds_its_event_alone() {
    simulated(async {
        let fake = crm(|_| created(), empty_lookup);
        let mut site = crate::outbox::rig::site(&fake, settings());
        deliver(&site, "google", full(30));
        // Mapping the fifth event ends the process; each process first maps what it gets.
        let mut deaths = 0;
        while let Some(job) = next(&site) {
            let SourceJob::Map { events } = job else { panic!("a mapping") };
            if events.iter().any(|event| event.id == "google-lead-00004") {
                deaths += 1;
                site = reopened(&site, &fake, settings());
                continue;
            }
            for event in &events {
                record_map(&site, event, send());
            }
        }
        assert_eq!(deaths, 3);
        assert_eq!(state(&site, "google-lead-00004"), "held map_crashed");
        assert_eq!(site.outbox.health(site.now()).unwrap().backlog, 29);
    });
}

#[test]
fn the_raw_event_is_erased_with_the_body_and_with_the_person() {
    simulated(async {
        let retention = Retention { delivered: 7.0, dead: 14.0, ids: 20.0 };
        let site = site(OutboxSettings { retention, ..settings() });
        let secret = |site: &Site<Fake>| {
            let dump = site.database.texts(
                "SELECT COALESCE(event, '') || COALESCE(lead, '') || COALESCE(custom, '') FROM leads",
            );
            dump.iter().filter(|text| text.contains("leadgen_id")).count()
        };
        deliver(&site, "google", full(2));
        deliver(&site, "meta", vec![event("9007199254740993", true)]);
        assert_eq!(secret(&site), 3);
        // While it waits to be fetched, and while a fetch is under way.
        let Some(SourceJob::Map { events }) = next(&site) else { panic!("a mapping") };
        let Some(SourceJob::Fetch { event }) = next(&site) else { panic!("a fetch") };
        assert!(site.outbox.erase(&event.id, site.now()).unwrap());
        record_fetch(&site, &event, lead("9007199254740993"));
        assert_eq!((secret(&site), state(&site, &event.id)), (2, "dead erased".into()));
        record_map(&site, &events[0], send());
        record_map(&site, &events[1], Mapping::Skip { reason: SkipReason::MapNull });
        site.work_until_idle(1e6).await;
        assert_eq!(secret(&site), 2);
        // A delivered and a skipped lead lose their bodies after seven days, and keep their ids.
        sleep(Duration::from_hours(24 * 8)).await;
        site.work_until_idle(1e6).await;
        assert_eq!(secret(&site), 0);
        assert_eq!(deliver(&site, "google", full(2)).known, 2);
        // A delivery or a backfill does not bring an erased person back.
        assert_eq!(deliver(&site, "meta", vec![event_of(&event.id)]).known, 1);
        sleep(Duration::from_hours(24 * 25)).await;
        site.work_until_idle(1e6).await;
        assert_eq!(site.database.number("SELECT COUNT(*) FROM leads"), 0.0);
    });
}

fn event_of(id: &str) -> SourceEvent {
    event(id.trim_start_matches("meta-"), true)
}

#[test]
fn a_person_is_found_in_events_that_have_no_lead_yet() {
    simulated(async {
        let site = site(settings());
        let waiting = SourceEvent {
            data: json!({ "answers": [{ "phone": "0100 123 4567", "email": "Mona@example.com" }] })
                .to_string(),
            ..event("lead-00001", false)
        };
        deliver(&site, "google", vec![waiting, event("lead-00002", false)]);
        deliver(&site, "meta", vec![event("9007199254740993", true)]);
        let found = |query: LeadQuery| {
            let page = site.outbox.list(&query).unwrap();
            page.entries.into_iter().map(|entry| entry.submission_id).collect::<Vec<_>>()
        };
        let phone = || LeadQuery { phone: Some("01001234567".into()), ..LeadQuery::default() };
        let email = LeadQuery { email: Some("mona@example.com".into()), ..LeadQuery::default() };
        assert_eq!(found(phone()), ["google-lead-00001"]);
        assert_eq!(found(email), ["google-lead-00001"]);
        perform(&site, |_| graph_error(1), |_| hold(HoldReason::Incomplete));
        assert_eq!(found(phone()), ["google-lead-00001"]);
    });
}

#[test]
fn a_page_cannot_occupy_the_id_of_a_platform() {
    simulated(async {
        let site = site(settings());
        let id = "google-lead-00001";
        site.enqueue(&Enqueue { submission_id: Some(id.into()), ..page_lead(1) }).unwrap();
        let result = deliver(&site, "google", vec![event("lead-00001", false)]);
        assert_eq!((result.stored, result.known), (1, 0));
        // A redelivery is known.
        let result = deliver(&site, "google", vec![event("lead-00001", false)]);
        assert_eq!((result.stored, result.known), (0, 1));
        assert_eq!(perform(&site, |_| panic!("it is whole"), |_| send()), 0);
        let page = site.outbox.list(&LeadQuery::default()).unwrap();
        let states: Vec<_> = page.entries.iter().map(|entry| entry.state).collect();
        assert_eq!(states, [LeadState::Pending, LeadState::Pending]);
    });
}

#[test]
fn a_dropped_event_is_not_fetched() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", vec![event("9007199254740993", true)]);
        assert!(site.outbox.drop_lead("meta-9007199254740993", site.now()).unwrap());
        assert_eq!(perform(&site, |_| panic!("it is dropped"), |_| send()), 0);
        assert_eq!(detail(&site, "meta-9007199254740993").entry.state, LeadState::Dead);
    });
}

#[test]
fn failed_verifications_are_counted_and_alerted_at_once_if_the_source_has_worked() {
    simulated(async {
        let site = site(settings());
        let fail = |source: &str| {
            let rate = RateLimit {
                client: "address 192.0.2.1".into(),
                per_minute: 60.0,
                burst: 60.0,
                form: false,
            };
            let refusal = RecordRefusal { rate, kind: RefusalKind::Source, value: source.into() };
            site.outbox.record_refusal(&refusal, site.now()).unwrap();
        };
        for _ in 0..4 {
            fail("meta");
        }
        assert!(alerts(&site).is_empty());
        fail("meta");
        assert_eq!(
            alerts(&site),
            [json!({ "kind": "source_auth_failed", "source": "meta", "count": 5 })]
        );
        deliver(&site, "google", full(1));
        fail("google");
        assert_eq!(
            alerts(&site)[1],
            json!({ "kind": "source_auth_failed", "source": "google", "count": 1 })
        );
        assert_eq!(site.outbox.metrics(site.now()).unwrap()["source_auth_failed_total"], 6.0);
    });
}

#[test]
fn the_metrics_and_the_list_name_the_source() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", vec![event("9007199254740993", true)]);
        deliver(&site, "meta", vec![event("9007199254740993", true)]);
        let metrics = site.outbox.metrics(site.now()).unwrap();
        assert_eq!(metrics["source_events_total{source=\"meta\"}"], 1.0);
        assert_eq!(metrics["source_duplicates_total{source=\"meta\"}"], 1.0);
        assert_eq!(metrics["source_events_total{source=\"google\"}"], 0.0);
        assert_eq!(metrics["source_fetching{source=\"meta\"}"], 1.0);
        assert_eq!(detail(&site, "meta-9007199254740993").entry.source.as_deref(), Some("meta"));
    });
}
