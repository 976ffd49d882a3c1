//! Calls every route once, by its literal method and path.

use serde_json::json;

use crate::support::{Bench, lead};

#[test]
fn all_33_routes_and_sign_in_exist() {
    let bench = Bench::new();
    let send = |method: &str, path: String, body| {
        let reply = bench.send(method, &path, body);
        assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text());
        reply
    };
    let fields = || Some(json!({ "status": "active" }));

    let id = send("POST", "/leads".into(), Some(lead("Mona"))).id();
    send("GET", "/leads".into(), None);
    send("GET", format!("/leads/{id}"), None);
    send("PUT", format!("/leads/{id}"), Some(lead("Mona")));
    send("PATCH", format!("/leads/{id}"), fields());
    send("POST", format!("/leads/{id}/convert"), None);
    for part in ["notes", "activities"] {
        let part_id = send("POST", format!("/leads/{id}/{part}"), fields()).id();
        send("PUT", format!("/leads/{id}/{part}/{part_id}"), fields());
        send("DELETE", format!("/leads/{id}/{part}/{part_id}"), None);
    }
    send("DELETE", format!("/leads/deleted/{id}"), None);

    for resource in ["opportunities", "batches", "customers"] {
        let id = send("POST", format!("/{resource}"), fields()).id();
        send("GET", format!("/{resource}"), None);
        send("GET", format!("/{resource}/{id}"), None);
        send("PUT", format!("/{resource}/{id}"), fields());
        send("PATCH", format!("/{resource}/{id}"), fields());
        let deletion = if resource == "customers" { "" } else { "/deleted" };
        send("DELETE", format!("/{resource}{deletion}/{id}"), None);
    }
    send("POST", "/opportunities/no-activity-opportunities".into(), fields());
    send("PUT", "/opportunities/multiple".into(), Some(json!([])));

    let mut routes: Vec<_> = bench
        .sandbox
        .control()
        .requests()
        .into_iter()
        .map(|request| (request.method, request.route.unwrap()))
        .collect();
    routes.sort_unstable();
    routes.dedup();
    assert_eq!(routes.len(), 33, "{routes:#?}");

    send(
        "POST",
        "/signin".into(),
        Some(json!({ "email": "agent@example.com", "password": "sandbox-password" })),
    );
}

#[test]
fn undocumented_routes_do_not_exist() {
    let bench = Bench::new();
    let id = bench.lead("Mona");
    for (method, path) in [
        ("DELETE", format!("/leads/{id}")),
        ("GET", format!("/leads/{id}/notes")),
        ("POST", format!("/leads/{id}")),
        ("DELETE", format!("/customers/deleted/{id}")),
        ("GET", "/units".to_owned()),
        ("GET", String::new()),
    ] {
        assert_eq!(bench.send(method, &path, None).status, 404, "{method} {path}");
    }
    assert_eq!(bench.sandbox.control().requests().last().unwrap().route, None);
}
