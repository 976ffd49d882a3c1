//! A probe determines an account's permissions, whatever its searches return.

use super::rig::{rejected, site};
use crate::support::fake::{Fake, Reply, Sent};
use crate::support::rig::simulated;
use icloud_ready::outbox::{OutboxSettings, ProbeReport};
use serde_json::json;
use std::cell::RefCell;

/// A CRM in which `sees` decides what a search finds, by the query, the lead, and its age.
fn crm(create: u16, sees: impl Fn(&str, &serde_json::Value, f64) -> u16 + Send + 'static) -> Fake {
    let lead = RefCell::new(None);
    Fake::new(move |sent: &Sent| {
        if sent.method == "POST" {
            let mut created: serde_json::Value =
                serde_json::from_str(sent.body.as_deref().unwrap()).unwrap();
            created["_id"] = json!("crm-1");
            lead.replace(Some((sent.at, created.clone())));
            return Reply::json(create, &created.to_string());
        }
        let (at, lead) = lead.borrow().clone().unwrap();
        let query = sent.target.split_once('?').unwrap().1;
        match sees(query, &lead, sent.at - at) {
            200 => Reply::json(200, &json!([lead]).to_string()),
            204 => Reply::json(200, "[]"),
            status => rejected(status),
        }
    })
    .chance(0.5)
}

fn recent(query: &str) -> bool {
    query.starts_with("limit=")
}

#[test]
fn the_probe_distinguishes_each_kind_of_lookup() {
    let id = |query: &str, lead: &serde_json::Value| {
        query.strip_prefix("q=").is_some_and(|id| lead["customField"].to_string().contains(id))
    };
    let phone = |query: &str| query.starts_with("q=%2B");
    let seen = |seen: bool| if seen { 200 } else { 204 };
    type Sees = Box<dyn Fn(&str, &serde_json::Value, f64) -> u16 + Send>;
    let cases: [(&str, f64, Sees); 6] = [
        ("id", 0.0, Box::new(move |query, lead, _| seen(id(query, lead) || recent(query)))),
        ("phone", 0.0, Box::new(move |query, _, _| seen(phone(query) || recent(query)))),
        // Searches that find nothing, and searches that ignore the query.
        ("recent", 0.0, Box::new(move |query, _, _| seen(recent(query)))),
        ("recent", 0.0, Box::new(|_, _, _| 200)),
        // A search that lags.
        (
            "id",
            3_000.0,
            Box::new(move |query, lead, age| {
                seen(recent(query) || id(query, lead) && age >= 2_500.0)
            }),
        ),
        ("none", f64::NAN, Box::new(|_, _, _| 204)),
    ];
    for (finds, lag, sees) in cases {
        let report =
            simulated(async { site(&crm(201, sees), OutboxSettings::default()).probe().await });
        let report = report.unwrap();
        assert_eq!(
            (report.can_create, report.can_read, report.finds),
            (true, Some(true), Some(finds))
        );
        assert_eq!(report.lag_ms.map(f64::round), Some(lag).filter(|lag| !lag.is_nan()));
        let ambiguous = if finds == "none" { "hold" } else { "reconcile" };
        assert_eq!(report.configuration["ambiguous"], ambiguous);
    }
}

#[test]
fn the_probe_reports_a_key_without_read_or_write_permission() {
    for status in [401, 403, 404] {
        let report = probe_of(201, status).unwrap();
        assert_eq!((report.can_create, report.can_read, report.finds), (true, Some(false), None));
        let report = probe_of(status, 204).unwrap();
        assert_eq!((report.can_create, report.can_read, report.finds), (false, None, None));
    }
    // No usable response, and a lead that was found although its response was lost.
    assert_eq!(probe_of(503, 204), None);
    assert!(probe_of(503, 200).unwrap().can_create);
}

fn probe_of(create: u16, lookup: u16) -> Option<ProbeReport> {
    simulated(async {
        site(&crm(create, move |_, _, _| lookup), OutboxSettings::default()).probe().await
    })
}

#[test]
fn the_probe_reports_what_lists_contain() {
    let second = |query: &str| query.contains("page=2");
    type Sees = Box<dyn Fn(&str, &serde_json::Value, f64) -> u16 + Send>;
    let cases: [(Option<bool>, Sees); 2] = [
        (Some(true), Box::new(move |query, _, _| if second(query) { 204 } else { 200 })),
        (Some(false), Box::new(|_, _, _| 200)),
    ];
    for (has_pages, sees) in cases {
        let (report, knows) = simulated(async {
            let site = site(&crm(201, sees), OutboxSettings::default());
            let report = site.probe().await.unwrap();
            (report, site.database.number("SELECT value FROM facts WHERE name = 'lists_ids'"))
        });
        assert_eq!((report.shows_id, report.is_sorted), (Some(true), None));
        assert_eq!((report.has_pages, knows), (has_pages, 1.0));
    }
}
