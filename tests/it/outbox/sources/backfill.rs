//! Reading the leads of forms, and how many events may be stored.

use super::rig::*;
use crate::outbox::site::Site;
use crate::support::fake::Fake;
use crate::support::rig::simulated;
use icloud_ready::outbox::{
    BackfillPage, Capacity, Delivery, FetchResponse, Mapping, OutboxSettings, SkipReason,
    SourceEvent, SourceJob,
};
use serde_json::json;

fn backfill_page(site: &Site<Fake>, response: FetchResponse) {
    let (source, kind, form) = ("meta".into(), "meta".into(), "77".into());
    let page = BackfillPage { source, kind, form, account: String::new(), response };
    site.outbox.record_backfill(&page, site.now(), 0.5).unwrap();
}

#[test]
fn a_form_is_read_from_its_first_deployment_on_page_by_page_with_an_overlap() {
    simulated(async {
        let site = site(with_backfill());
        let deployed = site.now().wall;
        assert_eq!(next(&site), None);
        deliver(&site, "meta", vec![event("1000000001", true)]);
        perform(&site, |_| lead("1000000001"), |_| send());
        pass(1_801).await;
        let Some(SourceJob::Backfill { since, after: None, form, .. }) = next(&site) else {
            panic!("a page")
        };
        assert_eq!((form.as_str(), since), ("77", ((deployed - 3_600_000.0) / 1_000.0).floor()));
        let first = json!({ "data": [answered("1000000001"), answered("1000000002")],
            "paging": { "cursors": { "after": "c1" }, "next": "https://x" } });
        backfill_page(&site, responds(200, &first.to_string()));
        // The known one is not stored again.
        assert_eq!(meta_health(&site).fetching, 1);
        perform_maps(&site);
        let Some(SourceJob::Backfill { after, .. }) = next(&site) else { panic!("a page") };
        assert_eq!(after.as_deref(), Some("c1"));
        let mut third = answered("1000000003");
        third["id"] = json!(1_000_000_003);
        let last = json!({ "data": [third], "paging": { "cursors": { "after": "c2" } } });
        backfill_page(&site, responds(200, &last.to_string()));
        perform_maps(&site);
        assert_eq!(state(&site, "meta-1000000003"), "pending -");
        assert_eq!(next(&site), None);
        pass(1_801).await;
        let Some(SourceJob::Backfill { since: later, after: None, .. }) = next(&site) else {
            panic!("a page")
        };
        // From an hour before the previous reading began.
        assert!((later - (since + 1_801.0)).abs() <= 2.0, "{later} {since}");
    });
}

fn perform_maps(site: &Site<Fake>) {
    if let Some(SourceJob::Map { events }) = next(site) {
        for event in &events {
            record_map(site, event, send());
        }
    }
}

#[test]
fn a_failed_reading_is_repeated_from_the_same_time_and_alerted() {
    simulated(async {
        let site = site(with_backfill());
        next(&site);
        pass(1_801).await;
        let Some(SourceJob::Backfill { since, .. }) = next(&site) else { panic!("a page") };
        let mut tries = 1;
        backfill_page(&site, responds(500, ""));
        while tries < 4 {
            pass(60).await;
            if let Some(SourceJob::Backfill { since: again, .. }) = next(&site) {
                assert_eq!(again, since);
                backfill_page(&site, responds(500, ""));
                tries += 1;
            }
        }
        let failed = json!({ "kind": "source_backfill_failed", "source": "meta", "form": "77" });
        assert!(alerts(&site).contains(&failed));
    });
}

#[test]
fn a_lead_without_answers_in_a_form_is_fetched_by_itself() {
    simulated(async {
        let site = site(with_backfill());
        assert_eq!(next(&site), None);
        pass(1_801).await;
        assert!(matches!(next(&site), Some(SourceJob::Backfill { .. })));
        backfill_page(&site, responds(200, r#"{"data":[{"id":"1000000001"}]}"#));
        let Some(SourceJob::Fetch { event }) = next(&site) else { panic!("a fetch") };
        assert_eq!(event.data, r#"{"leadgen_id":"1000000001","form_id":"77"}"#);
        record_fetch(&site, &event, lead("1000000001"));
        perform_maps(&site);
        assert_eq!(state(&site, "meta-1000000001"), "pending -");
    });
}

#[test]
fn events_count_towards_the_capacity_and_known_ones_are_acknowledged() {
    simulated(async {
        let capacity = Capacity { leads: 5.0, ..Capacity::default() };
        let site = site(OutboxSettings { capacity, ..with_backfill() });
        assert_eq!(next(&site), None);
        assert_eq!(deliver(&site, "meta", thin(4)).stored, 4);
        // All or nothing, since the platform repeats the whole delivery.
        let refused = deliver(&site, "meta", thin(6));
        assert_eq!((refused.stored, refused.retry_after_ms), (0, Some(300_000.0)));
        assert_eq!(meta_health(&site).fetching, 4);
        assert_eq!(deliver(&site, "meta", thin(4)).known, 4);
        let metrics = site.outbox.metrics(site.now()).unwrap();
        assert_eq!(metrics["leads_refused_total{limit=\"leads\"}"], 1.0);
        let is_reached = |alert: &serde_json::Value| alert["kind"] == "capacity_reached";
        assert!(alerts(&site).iter().any(is_reached), "{:?}", alerts(&site));
        // A form's page is read again later.
        pass(1_801).await;
        let page = json!({ "data": ids(6).iter().map(|id| answered(id)).collect::<Vec<_>>() });
        let drop_all = || {
            for id in ids(4) {
                site.outbox.drop_lead(&format!("meta-{id}"), site.now()).unwrap();
            }
        };
        let backfill = || {
            while let Some(job) = next(&site) {
                if matches!(job, SourceJob::Backfill { .. }) {
                    return backfill_page(&site, responds(200, &page.to_string()));
                }
            }
            panic!("no form was read");
        };
        backfill();
        assert_eq!(meta_health(&site).fetching, 4);
        drop_all();
        pass(301).await;
        backfill();
        assert_eq!(meta_health(&site).fetching, 2);
    });
}

#[test]
fn a_refused_delivery_takes_no_space_and_neither_does_a_skipped_lead() {
    simulated(async {
        let capacity = Capacity { leads: 5.0, ..Capacity::default() };
        let site = site(OutboxSettings { capacity, ..settings() });
        let full = |id: &str| vec![event(id, false)];
        assert_eq!(deliver(&site, "google", full("lead-00001")).stored, 1);
        assert!(deliver(&site, "meta", thin(6)).retry_after_ms.is_some());
        assert_eq!(deliver(&site, "meta", thin(4)).stored, 4);
        assert!(deliver(&site, "google", full("lead-00002")).retry_after_ms.is_some());
        let skip = Mapping::Skip { reason: SkipReason::TestLead };
        perform(&site, |_| responds(503, ""), |_| skip.clone());
        assert_eq!(state(&site, "google-lead-00001"), "skipped test_lead");
        // The next count.
        pass(2).await;
        assert_eq!(site.outbox.metrics(site.now()).unwrap()["stored_leads"], 4.0);
        assert_eq!(deliver(&site, "google", full("lead-00002")).stored, 1);
        assert!(deliver(&site, "google", full("lead-00003")).retry_after_ms.is_some());
    });
}

#[test]
fn a_delivery_is_known_if_all_of_its_events_are() {
    simulated(async {
        let site = site(settings());
        let without_id = SourceEvent { id: None, ..event("no id", false) };
        let delivery = |events: Vec<SourceEvent>| Delivery {
            source: "meta".into(),
            kind: "meta".into(),
            events,
        };
        let is_known = |events: Vec<SourceEvent>| {
            site.outbox.knows_events(&delivery(events), site.now()).unwrap()
        };
        let events = || [thin(3), vec![without_id.clone()]].concat();
        assert!(!is_known(events()));
        assert_eq!(deliver(&site, "meta", events()).stored, 4);
        assert!(is_known(events()));
        assert!(!is_known(thin(4)));
        // Asking stores nothing.
        assert_eq!(meta_health(&site).fetching, 4);
    });
}
