//! The shapes of responses.

use serde_json::{Value, json};

use crate::support::{BEARER, Bench, lead};

#[test]
fn error_bodies_have_the_configured_shape() {
    let bench = Bench::new();
    let api_error = |shape: &str| {
        bench.switch(json!({ "errorShape": shape }));
        let reply = bench.send("GET", "/leads/unknown", None);
        assert_eq!(reply.status, 404, "{shape}");
        reply
    };
    assert_eq!(api_error("message").json(), json!({ "message": "Not found" }));
    assert_eq!(api_error("error").json(), json!({ "error": "Not found" }));
    assert_eq!(api_error("nested").json(), json!({ "error": { "message": "Not found" } }));
    assert_eq!(api_error("errors").json(), json!({ "errors": [{ "message": "Not found" }] }));
    assert_eq!(api_error("text").text(), "Not found");
    let page = api_error("html");
    assert!(page.text().starts_with("<!DOCTYPE html>"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(api_error("empty").bytes.is_empty());
}

#[test]
fn writes_can_return_an_empty_body() {
    for (switch, status) in [("204", 204), ("200", 200)] {
        let bench = Bench::switched(json!({ "emptyResponses": switch, "createdStatus": 201 }));
        let created = bench.send("POST", "/leads", Some(lead("Mona")));
        assert_eq!(created.status, 201);
        let path = format!("/leads/{}", created.id());
        let note = json!({ "text": "Call" });
        for (method, path) in [
            ("PATCH", path.clone()),
            ("POST", format!("{path}/convert")),
            ("POST", format!("{path}/notes")),
            ("POST", format!("{path}/activities")),
            ("POST", "/opportunities/no-activity-opportunities".to_owned()),
            ("PUT", "/opportunities/multiple".to_owned()),
            ("PUT", path.clone()),
            ("DELETE", path.replace("/leads/", "/leads/deleted/")),
        ] {
            let reply = bench.send(method, &path, Some(note.clone()));
            assert_eq!((reply.status, reply.bytes.len()), (status, 0), "{method} {path}");
        }
        assert!(bench.names("/leads").is_empty(), "what answered nothing was done");
    }
}

#[test]
fn responses_can_have_a_request_id() {
    let bench = Bench::new();
    let response = || bench.send("GET", "/leads/unknown", None);
    assert!(response().header("x-request-id").is_none());
    for header in ["x-request-id", "cf-ray"] {
        bench.switch(json!({ "requestId": header }));
        let (first, second) = (response(), response());
        assert_ne!(first.header(header).unwrap(), second.header(header).unwrap());
        let logged = bench.sandbox.control().requests().pop().unwrap();
        assert_eq!(logged.request_id.as_deref(), second.header(header));
    }
}

#[test]
fn pages_of_other_origins_can_read_if_allowed() {
    let bench = Bench::new();
    let shop = ("origin", "https://shop.example");
    let ask = |cors: Value, origin| {
        bench.switch(json!({ "cors": cors }));
        bench.raw("GET", "/leads/unknown", &[BEARER, origin], None)
    };
    let allowed = "access-control-allow-origin";
    assert_eq!(ask(json!(null), shop).header(allowed), None);
    assert_eq!(ask(json!("*"), shop).header(allowed), Some("*"));
    assert_eq!(ask(json!([shop.1]), shop).header(allowed), Some(shop.1));
    let other_origin = ask(json!([shop.1]), ("origin", "https://other.example"));
    assert_eq!((other_origin.header(allowed), other_origin.header("vary")), (None, Some("origin")));

    let preflight = [shop, ("access-control-request-method", "POST")];
    let reply = bench.raw("OPTIONS", "/leads", &preflight, None);
    assert_eq!(reply.status, 204);
    let headers = reply.header("access-control-allow-headers").unwrap();
    for name in ["authorization", "content-type", "x-api-key", "organizationId"] {
        assert!(headers.contains(name), "{name}");
    }
    assert!(reply.header("access-control-allow-methods").unwrap().contains("PATCH"));
    bench.switch(json!({ "cors": null }));
    assert_eq!(bench.raw("OPTIONS", "/leads", &preflight, None).status, 401);
}

#[test]
fn switches_merge_and_reject_unknown_members() {
    let bench = Bench::switched(json!({ "firstPage": 0 }));
    bench.switch(json!({ "defaultLimit": 7 }));
    let switches = bench.control("PUT", "/switches", Some(json!({}))).json();
    assert_eq!((&switches["firstPage"], &switches["defaultLimit"]), (&json!(0), &json!(7)));
    // The output of the sandbox is valid input.
    bench.switch(switches);
    for wrong in [
        json!({ "firstpage": 1 }),
        json!({ "firstPage": 2 }),
        json!({ "createdStatus": 404 }),
        json!({ "errorShape": "odd" }),
        json!({ "emptyResponses": "201" }),
        json!({ "envelope": "data" }),
        json!({ "limits": { "perSecond": 1 } }),
        json!([]),
    ] {
        let reply = bench.control("PUT", "/switches", Some(wrong.clone()));
        assert_eq!(reply.status, 400, "{wrong}");
        assert!(reply.json()["error"].is_string());
    }
}
