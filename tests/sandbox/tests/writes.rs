//! The changes of a record by later writes.

use serde_json::json;

use crate::support::{Bench, lead};

#[test]
fn put_replaces_patch_merges_and_convert_converts() {
    let bench = Bench::new();
    let id = bench.lead("Mona");
    let path = format!("/leads/{id}");
    let patch = json!({ "status": "new", "leadInformation": { "email": "m@example.com" } });
    let patched = bench.send("PATCH", &path, Some(patch)).json();
    assert_eq!(patched["leadInformation"]["firstName"], "Mona");
    assert_eq!(patched["leadInformation"]["email"], "m@example.com");
    let converted = bench.send("POST", &format!("{path}/convert"), Some(json!({}))).json();
    assert_eq!(converted["converted"], true);
    let put = bench.send("PUT", &path, Some(json!({ "region": "Cairo" }))).json();
    assert_eq!(put["region"], "Cairo");
    assert_eq!(put["leadNumber"], 1);
    assert!(put.get("status").is_none() && put.get("leadInformation").is_none());
    assert_eq!(bench.get(&path), put);
    for method in ["PUT", "PATCH"] {
        assert_eq!(bench.send(method, "/leads/unknown", Some(json!({}))).status, 404);
    }
}

#[test]
fn deletion_is_soft_and_happens_once() {
    let bench = Bench::new();
    let id = bench.lead("Mona");
    let deleted = bench.send("DELETE", &format!("/leads/deleted/{id}"), None);
    assert_eq!((deleted.status, &deleted.json()["deleted"]), (200, &json!(true)));
    assert_eq!(bench.send("DELETE", &format!("/leads/deleted/{id}"), None).status, 404);
    assert_eq!(bench.send("GET", &format!("/leads/{id}"), None).status, 404);
    assert_eq!(bench.get("/leads"), json!([]));
    assert_eq!(bench.control("GET", "/leads", None).json(), json!([]));
    let all = bench.control("GET", "/leads?deleted=true", None).json();
    assert_eq!(all[0]["_id"], json!(id));
}

#[test]
fn notes_and_activities_are_stored_in_their_lead() {
    let bench = Bench::new();
    let mut sent = lead("Mona");
    sent["notes"] = json!(["Send brochure"]);
    let id = bench.send("POST", "/leads", Some(sent)).id();
    let note = bench.send("POST", &format!("/leads/{id}/notes"), Some(json!({ "text": "Call" })));
    let note_path = format!("/leads/{id}/notes/{}", note.id());
    let stored = bench.get(&format!("/leads/{id}"));
    assert_eq!(stored["notes"], json!(["Send brochure", note.json()]));
    let updated = bench.send("PUT", &note_path, Some(json!({ "text": "Called" }))).json();
    assert_eq!((&updated["_id"], &updated["text"]), (&json!(note.id()), &json!("Called")));
    assert_eq!(bench.send("DELETE", &note_path, None).status, 200);
    assert_eq!(bench.send("DELETE", &note_path, None).status, 404);
    assert_eq!(bench.get(&format!("/leads/{id}"))["notes"], json!(["Send brochure"]));
    let activity = json!({ "activityNumber": "1", "activity": "Email sent" });
    bench.send("POST", &format!("/leads/{id}/activities"), Some(activity));
    assert_eq!(bench.get(&format!("/leads/{id}"))["activityLog"][0]["activity"], "Email sent");
    assert_eq!(bench.send("POST", "/leads/unknown/notes", Some(json!({}))).status, 404);
}

#[test]
fn several_opportunities_are_updated_in_one_request() {
    let bench = Bench::new();
    let create = || bench.send("POST", "/opportunities", Some(json!({ "revenue": 1000 }))).id();
    let (first, second) = (create(), create());
    let body = json!([
        { "_id": first, "stage": "won" }, { "_id": "unknown" }, { "_id": second, "stage": "lost" },
    ]);
    let response = bench.send("PUT", "/opportunities/multiple", Some(body)).json();
    assert_eq!(response["modifiedCount"], 2);
    assert_eq!(bench.get(&format!("/opportunities/{first}"))["stage"], "won");
    assert_eq!(bench.get(&format!("/opportunities/{second}"))["revenue"], 1000);
    let one = json!({ "_id": first, "stage": "open" });
    bench.send("PUT", "/opportunities/multiple", Some(one));
    assert_eq!(bench.get(&format!("/opportunities/{first}"))["stage"], "open");
    assert_eq!(bench.send("PUT", "/opportunities/multiple", Some(json!([1]))).status, 400);
}
