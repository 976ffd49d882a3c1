//! List parameters, documented and not.

use serde_json::{Value, json};

use crate::support::{Bench, lead, until};

fn five() -> Bench {
    let bench = Bench::new();
    for name in ["A", "B", "C", "D", "E"] {
        bench.lead(name);
    }
    bench
}

#[test]
fn pages_are_ordered_most_recent_first() {
    let bench = five();
    assert_eq!(bench.names("/leads"), ["E", "D", "C", "B", "A"]);
    assert_eq!(bench.names("/leads?limit=2"), ["E", "D"]);
    assert_eq!(bench.names("/leads?limit=2&page=1"), ["E", "D"]);
    assert_eq!(bench.names("/leads?limit=2&page=3"), ["A"]);
    assert!(bench.names("/leads?limit=2&page=4").is_empty());
    assert_eq!(bench.names("/leads?order=asc&p=policy"), ["A", "B", "C", "D", "E"]);
    let sorted = "/leads?sortBy=leadInformation.firstName&order=desc&limit=1";
    assert_eq!(bench.names(sorted), ["E"]);
    assert_eq!(bench.names("/leads?sortBy=no%22such&limit=1"), ["E"]);
    for query in ["limit=x", "limit=0", "limit=-1", "page=1.5", "order=up"] {
        assert_eq!(bench.send("GET", &format!("/leads?{query}"), None).status, 400, "{query}");
    }
}

#[test]
fn paging_follows_its_switches() {
    let bench = five();
    bench.switch(json!({ "firstPage": 0 }));
    assert_eq!(bench.names("/leads?limit=2&page=0"), ["E", "D"]);
    assert_eq!(bench.names("/leads?limit=2&page=1"), ["C", "B"]);
    bench.switch(json!({ "firstPage": 1, "ignorePage": true }));
    assert_eq!(bench.names("/leads?limit=2&page=3"), ["E", "D"]);
    bench.switch(json!({ "ignorePage": false, "limitCap": 1 }));
    assert_eq!(bench.names("/leads?limit=4&page=2"), ["D"]);
    bench.switch(json!({ "limitCap": null, "defaultLimit": 3, "ignoreLimit": true }));
    assert_eq!(bench.names("/leads?limit=1&page=2"), ["B", "A"]);
}

#[test]
fn fields_and_the_projection_keep_the_id() {
    let bench = five();
    let keys = |path: &str| {
        let list = bench.get(path);
        list[0].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(keys("/leads?fields=leadNumber,uid"), "_id leadNumber uid");
    assert_eq!(keys("/leads?fields=uid%20leadNumber"), "_id uid leadNumber");
    let phone = bench.get("/leads?fields=leadInformation.phone&limit=1");
    assert_eq!(phone[0]["leadInformation"], json!({ "phone": "+201001234567" }));
    bench.switch(json!({ "projection": ["leadInformation", "uid"] }));
    assert_eq!(keys("/leads"), "_id leadInformation uid");
    assert_eq!(keys("/leads?fields=uid,leadNumber"), "_id uid");
}

#[test]
fn search_is_literal_and_covers_the_configured_fields() {
    let bench = Bench::new();
    let mut tagged = lead("50%_OFF");
    tagged["customField"] = json!(r#"{"submissionId":"abc-123_XYZ"}"#);
    bench.send("POST", "/leads", Some(tagged));
    bench.lead("Mona");
    let found = |query: &str| bench.names(&format!("/leads?q={query}"));
    assert_eq!(found("abc-123_xyz"), ["50%_OFF"]);
    assert_eq!(found("%25_"), ["50%_OFF"], "no wildcard");
    assert_eq!(found("%2B2010"), ["Mona", "50%_OFF"]);
    assert_eq!(found("+2010").len(), 0, "a plus that is not encoded is a space");
    assert_eq!(found("").len(), 2);
    assert!(found("%27%20OR%201%3D1").is_empty());

    bench.switch(json!({ "searchFields": ["customField", "idengagerRequestId"] }));
    assert_eq!(found("abc-123"), ["50%_OFF"]);
    assert!(found("%2B2010").is_empty());
    bench.switch(json!({ "searchFields": ["leadInformation.phone"] }));
    assert!(found("abc-123").is_empty());
    assert_eq!(found("%2B2010").len(), 2);
    bench.switch(json!({ "searchFields": [] }));
    assert!(found("%2B2010").is_empty());
    bench.switch(json!({ "searchFields": null }));
    assert_eq!(found("nowhere").len(), 2, "q is ignored");
}

#[test]
fn records_and_the_search_index_can_lag() {
    // No test takes an hour, however slow the machine is.
    const HOUR: u32 = 3_600_000;
    let bench = Bench::switched(json!({ "commitLagMs": HOUR, "searchLagMs": HOUR }));
    let id = bench.lead("Mona");
    assert_eq!(bench.send("GET", &format!("/leads/{id}"), None).status, 200);
    assert!(bench.names("/leads").is_empty());
    bench.switch(json!({ "commitLagMs": 30 }));
    bench.lead("Sara");
    until(|| bench.names("/leads") == ["Sara"]);
    assert!(bench.names("/leads?q=Sara").is_empty());
    bench.switch(json!({ "searchLagMs": 30 }));
    until(|| bench.names("/leads?q=Sara") == ["Sara"]);
}

#[test]
fn a_list_can_use_any_envelope() {
    let bench = five();
    let list = |envelope: Value| {
        bench.switch(json!({ "envelope": envelope }));
        bench.get("/leads?limit=2")
    };
    assert_eq!(list(json!("array")).as_array().unwrap().len(), 2);
    for path in ["data", "docs", "items", "results", "records", "rows", "list", "weirdOnes"] {
        let response = list(json!({ "path": path }));
        assert_eq!(response.as_object().unwrap().len(), 1);
        assert_eq!(response[path].as_array().unwrap().len(), 2);
    }
    let named = list(json!({ "path": "{resource}", "total": "total" }));
    assert_eq!((named["leads"].as_array().unwrap().len(), &named["total"]), (2, &json!(5)));
    let nested = list(json!({ "path": "data.docs", "total": "data.totalCount" }));
    assert_eq!(nested["data"]["docs"].as_array().unwrap().len(), 2);
    assert_eq!(nested["data"]["totalCount"], 5);
    let paged = list(json!({
        "path": "result.items", "total": "pagination.total", "extra": { "ok": true, "tags": [] },
    }));
    assert_eq!(paged["result"]["items"].as_array().unwrap().len(), 2);
    assert_eq!(paged["pagination"]["total"], 5);
    assert_eq!(paged["tags"], json!([]));
}

#[test]
fn lists_of_thousands_are_fast() {
    let bench = Bench::new();
    for resource in ["leads", "opportunities", "batches", "customers"] {
        let seed = json!({ "resource": resource, "count": 300 });
        assert_eq!(bench.control("POST", "/seed", Some(seed)).status, 200);
        let list = bench.get(&format!("/{resource}?limit=1000"));
        assert_eq!(list.as_array().unwrap().len(), 300);
    }
}
