//! The stored and returned records of creates.

use serde_json::{Value, json};

use crate::support::{BEARER, Bench, JSON, KEY, ORGANIZATION, lead};

#[test]
fn a_created_lead_has_every_documented_field() {
    let bench = Bench::new();
    let body = lead("منى").to_string();
    let headers = [KEY, ORGANIZATION, JSON];
    let created = bench.raw("POST", "/leads", &headers, Some(&body)).json();
    let text = |name: &str| created[name].as_str().unwrap().to_owned();

    assert_eq!(created["leadInformation"]["firstName"], "منى");
    assert_eq!(text("_id").len(), 24);
    assert!(text("_id").bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(text("uid").len(), 12);
    assert!(text("uid").bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    assert_eq!(created["leadNumber"], 1);
    assert_eq!(text("realmId"), ORGANIZATION.1);
    assert_eq!(text("createdBy").len(), 24);
    assert_eq!(text("creationDate").len(), "2025-08-17T17:13:14+03:00".len());
    assert!(text("creationDate").ends_with("+03:00"));
    assert_eq!(text("createdAt").len(), "2025-08-17T14:13:14.963Z".len());
    assert_eq!(created["createdAt"], created["updatedAt"]);
    for name in ["deletedAt", "lastAssignedDate", "territoryId", "proposalUrl", "claimedAt"] {
        assert_eq!(created.get(name), Some(&Value::Null), "{name}");
    }
    for name in ["deleted", "converted", "workflowStart", "isFavorite"] {
        assert_eq!(created[name], false, "{name}");
    }
    for name in [
        "conversations",
        "customFields",
        "favoritedBy",
        "assignedAccounts",
        "workflowSetup",
        "units",
        "activityLog",
        "notes",
        "documents",
        "workflow",
        "collaborators",
    ] {
        assert_eq!(created[name], json!([]), "{name}");
    }
    assert_eq!(created["__v"], 0);
    assert_eq!(bench.send("POST", "/leads", Some(lead("Two"))).json()["leadNumber"], 2);
}

#[test]
fn values_are_returned_to_the_last_digit() {
    let bench = Bench::new();
    let sent = concat!(
        r#"{"leadInformation":{"firstName":"A","phone":"+1"},"__proto__":{"polluted":true},"#,
        r#""big":12345678901234567890123,"price":2.500,"tiny":1E-7,"half":"\ud83d","é":"\u00e9","#,
        r#""notes":["Send brochure"],"isFavorite":true}"#
    );
    let created = bench.raw("POST", "/leads", &[BEARER, JSON], Some(sent));
    // Rust cannot represent a lone surrogate: the id is cut out of the text.
    let text = created.text();
    let id = text.split("\"_id\":\"").nth(1).unwrap().get(..24).unwrap();
    for text in [created.text(), bench.send("GET", &format!("/leads/{id}"), None).text()] {
        assert!(text.starts_with(&sent[..sent.len() - 1]), "{text}");
    }
}

#[test]
fn server_set_fields_in_a_request_are_ignored() {
    let bench = Bench::new();
    let mut sent = lead("Mona");
    sent["_id"] = json!("mine");
    sent["leadNumber"] = json!(99);
    sent["deleted"] = json!(true);
    let created = bench.send("POST", "/leads", Some(sent)).json();
    assert_eq!(created["leadNumber"], 1);
    assert_eq!(created["deleted"], false);
    let id = created["_id"].as_str().unwrap();
    // A returned record can be sent back.
    let put = bench.send("PUT", &format!("/leads/{id}"), Some(created.clone())).json();
    assert_eq!((&put["_id"], &put["uid"]), (&created["_id"], &created["uid"]));
}

#[test]
fn invalid_bodies_are_rejected_with_400() {
    let bench = Bench::new();
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(600), "]".repeat(600));
    for body in [
        "",
        "{",
        "[]",
        "null",
        "1",
        "\"text\"",
        "{}",
        deep.as_str(),
        r#"{"leadInformation":{"firstName":"A"}}"#,
        r#"{"leadInformation":{"firstName":" ","phone":"+1"}}"#,
        r#"{"leadInformation":{"firstName":"A","phone":1}}"#,
        r#"{"leadInformation":"A"}"#,
    ] {
        let reply = bench.raw("POST", "/leads", &[BEARER, JSON], Some(body));
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.json()["message"].is_string());
    }
    let body = lead("A").to_string();
    let untyped = [BEARER, ("content-type", "text/plain")];
    assert_eq!(bench.raw("POST", "/leads", &untyped, Some(&body)).status, 400);
    assert_eq!(bench.lead_count(), 0);
}
