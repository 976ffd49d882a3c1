//! What is fetched from a platform: back-off, pauses, limits, backfill.

use super::rig::*;
use crate::outbox::rig::sends;
use crate::outbox::site::Site;
use crate::support::fake::Fake;
use crate::support::rig::simulated;
use icloud_ready::outbox::{LeadState, SourceEvent, SourceJob};
use serde_json::json;

#[test]
fn a_thin_event_is_fetched_mapped_and_sent() {
    simulated(async {
        let fake = crate::outbox::rig::crm(
            |_| crate::outbox::rig::created(),
            crate::outbox::rig::empty_lookup,
        );
        let site = crate::outbox::rig::site(&fake, settings());
        let result = deliver(&site, "meta", vec![event("9007199254740993", true)]);
        assert_eq!((result.stored, result.known), (1, 0));
        assert_eq!(state(&site, "meta-9007199254740993"), "fetching -");
        assert_eq!(perform(&site, |_| lead("9007199254740993"), |_| send()), 1);
        assert_eq!(state(&site, "meta-9007199254740993"), "pending -");
        site.work_until_idle(1e6).await;
        let detail = detail(&site, "meta-9007199254740993");
        assert_eq!(detail.entry.state, LeadState::Delivered);
        let expected = json!({ "change": { "leadgen_id": "9007199254740993" },
            "lead": answered("9007199254740993") });
        assert_eq!(detail.event, Some(expected));
        assert_eq!(sends(&fake), 1);
    });
}

#[test]
fn a_known_id_is_not_stored_again_whatever_its_content() {
    simulated(async {
        let site = site(settings());
        assert_eq!(deliver(&site, "meta", thin(1_000)).stored, 1_000);
        let mut again = thin(1_000);
        for event in &mut again {
            event.data = r#"{"changed":true}"#.into();
        }
        let result = deliver(&site, "meta", again);
        assert_eq!((result.stored, result.known), (0, 1_000));
        let marks = detail(&site, "meta-9007199254740993").entry.marks;
        assert!(marks.is_empty(), "{marks:?}");
        // The same id of another kind is another lead.
        assert_eq!(deliver(&site, "google", vec![event("9007199254740993", false)]).stored, 1);
    });
}

#[test]
fn an_event_without_an_id_has_the_same_one_for_ten_minutes() {
    simulated(async {
        let site = site(settings());
        let mut event = event("", false);
        event.id = None;
        assert_eq!(deliver(&site, "google", vec![event.clone()]).stored, 1);
        pass(300).await;
        assert_eq!(deliver(&site, "google", vec![event.clone()]).stored, 0);
        pass(1_300).await;
        assert_eq!(deliver(&site, "google", vec![event]).stored, 1);
    });
}

#[test]
fn a_dead_token_pauses_its_source_alone_and_one_trial_at_a_time_ends_that() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", thin(50));
        let mut fetches = perform(&site, |_| graph_error(190), |_| send());
        assert_eq!(fetches, 1);
        let paused = json!({ "kind": "source_paused", "source": "meta", "reason": "token_invalid", "code": 190 });
        assert_eq!(alerts(&site), [paused]);
        // Other sources continue, and events are still accepted.
        assert_eq!(deliver(&site, "google", vec![event("google-lead-1", false)]).stored, 1);
        perform(&site, |_| panic!("it is paused"), |_| send());
        assert_eq!(state(&site, "google-google-lead-1"), "pending -");
        assert_eq!(deliver(&site, "meta", vec![event("9107199254740993", true)]).stored, 1);
        // For a day: one trial per back-off.
        for _ in 0..288 {
            pass(300).await;
            fetches += perform(&site, |_| graph_error(190), |_| send());
        }
        assert!((90..300).contains(&fetches), "{fetches}");
        pass(900).await;
        let mut rest = 0;
        for _ in 0..60 {
            rest += perform(&site, |event| lead(&event.id), |_| send());
            pass(1).await;
        }
        assert_eq!(rest, 51);
        let resolved = json!({ "kind": "resolved", "condition": "source_paused", "value": "meta" });
        assert!(alerts(&site).contains(&resolved));
        assert_eq!(meta_health(&site).fetching, 0);
    });
}

#[test]
fn an_outage_of_the_platform_does_not_lengthen_a_pause() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", thin(300));
        for _ in 0..288 {
            perform(&site, |_| graph_error(190), |_| send());
            pass(300).await;
        }
        // The token is valid again, while the platform is down for an hour.
        let mut trials = 0;
        for _ in 0..3_600 {
            trials += perform(&site, |_| responds(503, ""), |_| send());
            pass(1).await;
        }
        assert!((60..300).contains(&trials), "{trials}");
        let mut waited = 0;
        while perform(&site, |event| lead(&event.id), |_| send()) == 0 {
            pass(1).await;
            waited += 1;
        }
        assert!(waited <= 60, "{waited} s");
        assert!(meta_health(&site).pause_reason.is_none());
    });
}

#[test]
fn accounts_with_their_own_tokens_are_paused_separately() {
    simulated(async {
        let site = site(settings());
        let events = thin(20).into_iter().enumerate().map(|(number, event)| {
            let account = ["page-a", "page-b"][number % 2].into();
            SourceEvent { account, ..event }
        });
        deliver(&site, "meta", events.collect());
        let respond = |event: &icloud_ready::outbox::ClaimedEvent| {
            if event.account == "page-a" { graph_error(102) } else { lead(&event.id) }
        };
        perform(&site, respond, |_| send());
        let health = meta_health(&site);
        assert_eq!((health.fetching, health.pause_reason.as_deref()), (10, Some("token_invalid")));
        let alert = alerts(&site);
        assert_eq!(alert[0]["account"], "page-a", "{alert:?}");
        assert_eq!(alert.len(), 1, "{alert:?}");
    });
}

#[test]
fn failures_of_the_platform_are_retried_without_a_pause() {
    simulated(async {
        for response in [
            responds(500, "<html>"),
            graph_error(1),
            graph_error(2),
            icloud_ready::outbox::FetchResponse::default(),
        ] {
            let site = site(settings());
            deliver(&site, "meta", thin(1));
            for _ in 0..200 {
                perform(&site, |_| response.clone(), |_| send());
                pass(60).await;
            }
            assert_eq!(state(&site, "meta-9007199254740993"), "fetching -");
            assert!(alerts(&site).is_empty());
            pass(900).await;
            perform(&site, |_| lead("1"), |_| send());
            assert_eq!(state(&site, "meta-9007199254740993"), "pending -");
        }
    });
}

#[test]
fn a_rate_limit_closes_the_account_for_as_long_as_the_platform_asks() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", thin(10));
        let mut limited = graph_error(4);
        limited.retry_after_ms = Some(120_000.0);
        assert_eq!(perform(&site, |_| limited.clone(), |_| send()), 1);
        pass(119).await;
        assert_eq!(perform(&site, |_| panic!("too early"), |_| send()), 0);
        pass(2).await;
        assert_eq!(perform(&site, |_| lead("1"), |_| send()), 10);
    });
}

#[test]
fn a_lead_that_does_not_exist_is_held_after_an_hour_and_replayed() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", thin(1));
        for _ in 0..11 {
            perform(&site, |_| graph_error(100), |_| send());
            pass(300).await;
            // Another lead is found in between, so that no permission is missing.
            let id = site.now().now.to_string();
            deliver(&site, "meta", vec![event(&id, true)]);
            perform(
                &site,
                |event| if event.id.ends_with("0993") { graph_error(100) } else { lead("1") },
                |_| send(),
            );
        }
        assert_eq!(state(&site, "meta-9007199254740993"), "fetching -");
        pass(900).await;
        perform(&site, |_| graph_error(100), |_| send());
        assert_eq!(state(&site, "meta-9007199254740993"), "held lead_not_found");
        let held = json!({ "kind": "source_leads_held", "source": "meta", "reason": "lead_not_found", "count": 1 });
        assert!(alerts(&site).contains(&held), "{:?}", alerts(&site));
        assert!(site.outbox.replay("meta-9007199254740993", site.now()).unwrap());
        perform(&site, |_| lead("1"), |_| send());
        assert_eq!(state(&site, "meta-9007199254740993"), "pending -");
    });
}

#[test]
fn a_single_lead_that_does_not_exist_pauses_nothing_and_is_held_after_an_hour() {
    simulated(async {
        let site = site(settings());
        // Such as the sample that the platform's dashboard sends during setup.
        deliver(&site, "meta", vec![event("444444444444", true)]);
        for _ in 0..11 {
            perform(&site, |_| graph_error(100), |_| send());
            pass(300).await;
        }
        assert_eq!(state(&site, "meta-444444444444"), "fetching -");
        pass(900).await;
        perform(&site, |_| graph_error(100), |_| send());
        assert_eq!(state(&site, "meta-444444444444"), "held lead_not_found");
        assert_eq!(meta_health(&site).pause_reason, None);
        // Four more in a row are five without a success in between.
        for id in ids(4) {
            deliver(&site, "meta", vec![event(&id, true)]);
            perform(&site, |_| graph_error(100), |_| send());
        }
        assert_eq!(meta_health(&site).pause_reason.as_deref(), Some("leads_not_found"));
    });
}

#[test]
fn a_lead_without_answers_is_fetched_again_held_after_an_hour_and_fetched_by_a_replay() {
    simulated(async {
        for body in [r#"{"id":"1"}"#, r#"{"id":"1","field_data":[]}"#, r#"{"field_data":null}"#] {
            let site = site(settings());
            let id = "meta-9007199254740993";
            deliver(&site, "meta", thin(1));
            let mut fetches = 0;
            for _ in 0..11 {
                fetches += perform(&site, |_| responds(200, body), |_| panic!("no lead yet"));
                pass(300).await;
            }
            assert!((5..12).contains(&fetches), "{fetches}");
            assert_eq!(state(&site, id), "fetching -");
            assert_eq!(meta_health(&site).pause_reason, None);
            pass(900).await;
            perform(&site, |_| responds(200, body), |_| send());
            assert_eq!(state(&site, id), "held incomplete");
            let held = json!({ "kind": "source_leads_held", "source": "meta", "reason": "incomplete", "count": 1 });
            assert!(alerts(&site).contains(&held), "{:?}", alerts(&site));
            assert!(site.outbox.replay(id, site.now()).unwrap());
            assert_eq!(perform(&site, |_| lead("1"), |_| send()), 1);
            assert_eq!(state(&site, id), "pending -");
        }
    });
}

#[test]
fn five_leads_in_a_row_that_do_not_exist_pause_the_source_and_none_is_held() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", thin(30));
        for _ in 0..100 {
            perform(&site, |_| graph_error(100), |_| send());
            pass(120).await;
        }
        let meta = meta_health(&site);
        assert_eq!((meta.fetching, meta.held), (30, 0));
        assert_eq!(meta.pause_reason.as_deref(), Some("leads_not_found"));
        pass(900).await;
        for _ in 0..60 {
            perform(&site, |_| lead("1"), |_| send());
            pass(1).await;
        }
        assert_eq!(meta_health(&site).fetching, 0);
    });
}

#[test]
fn requests_keep_to_their_own_limit() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", thin(1_000));
        let mut fetches = perform(&site, |_| lead("1"), |_| send());
        assert_eq!(fetches, 20);
        for _ in 0..50 {
            pass(1).await;
            fetches += perform(&site, |_| lead("1"), |_| send());
        }
        assert!((500..=520).contains(&fetches), "{fetches}");
        // Two at a time.
        pass(10).await;
        assert!(matches!(next(&site), Some(SourceJob::Fetch { .. })));
        assert!(matches!(next(&site), Some(SourceJob::Fetch { .. })));
        assert_eq!(next(&site), None);
    });
}

#[test]
fn a_claim_of_a_dead_process_expires_and_a_new_process_takes_it_at_once() {
    simulated(async {
        let fake = crate::outbox::rig::crm(
            |_| crate::outbox::rig::created(),
            crate::outbox::rig::empty_lookup,
        );
        let site = crate::outbox::rig::site(&fake, settings());
        deliver(&site, "meta", thin(1));
        let Some(SourceJob::Fetch { event: first }) = next(&site) else { panic!("a fetch") };
        assert_eq!(next(&site), None);
        pass(61).await;
        let Some(SourceJob::Fetch { event: second }) = next(&site) else { panic!("a fetch") };
        assert_eq!(second.claim, first.claim + 1.0);
        // The response of the older claim changes nothing.
        record_fetch(&site, &first, lead("1"));
        assert!(detail(&site, &first.id).event.unwrap().get("lead").is_none());
        let site = crate::outbox::rig::reopened(&site, &fake, settings());
        assert_eq!(perform(&site, |_| lead("1"), |_| send()), 1);
        assert_eq!(state(&site, &first.id), "pending -");
    });
}

#[test]
fn an_old_event_is_alerted_after_seven_and_sixty_days() {
    simulated(async {
        let site = site(settings());
        deliver(&site, "meta", thin(3));
        let ages = |site: &Site<Fake>| {
            let alerts = alerts(site);
            alerts.iter().filter(|alert| alert["kind"] == "source_fetch_age").count()
        };
        perform(&site, |_| graph_error(190), |_| send());
        pass(6 * 86_400).await;
        assert_eq!(ages(&site), 0);
        pass(2 * 86_400).await;
        assert_eq!(ages(&site), 1);
        let before = ages(&site);
        // The simulated clock ends before that.
        let sql = "UPDATE leads SET created_at = created_at - 53 * 86400000.0";
        site.database.rows(sql, &[]).unwrap();
        pass(86_400).await;
        assert!(ages(&site) > before);
    });
}

#[test]
fn a_renamed_source_keeps_its_events_and_knows_their_ids() {
    simulated(async {
        let fake = crate::outbox::rig::crm(
            |_| crate::outbox::rig::created(),
            crate::outbox::rig::empty_lookup,
        );
        let site = crate::outbox::rig::site(&fake, settings());
        deliver(&site, "meta", thin(2));
        let mut renamed = settings();
        renamed.sources[0].name = "facebook".into();
        let site = crate::outbox::rig::reopened(&site, &fake, renamed);
        let delivery = icloud_ready::outbox::Delivery {
            source: "facebook".into(),
            kind: "meta".into(),
            events: thin(2),
        };
        assert_eq!(site.outbox.store_events(&delivery, site.now()).unwrap().known, 2);
        assert_eq!(perform(&site, |_| lead("1"), |_| send()), 2);
        // Without any source of its kind an event waits for an operator.
        deliver(&site, "google", vec![event("google-lead-1", false)]);
        let mut none = settings();
        none.sources.clear();
        let site = crate::outbox::rig::reopened(&site, &fake, none);
        assert_eq!(state(&site, "google-google-lead-1"), "held source_missing");
        let site = crate::outbox::rig::reopened(&site, &fake, settings());
        assert!(site.outbox.replay("google-google-lead-1", site.now()).unwrap());
        perform(&site, |_| panic!("it is whole"), |_| send());
        assert_eq!(state(&site, "google-google-lead-1"), "pending -");
    });
}
