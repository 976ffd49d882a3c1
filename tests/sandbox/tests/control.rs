//! The control API: the log, the state, the inbox page.

use icloud_ready_sandbox::{Action, Fault, Moment, Options, Resource, Sandbox};
use serde_json::json;

use crate::support::{BEARER, Bench, JSON, lead, until};

#[test]
fn the_log_contains_no_credentials_or_bodies() {
    let bench = Bench::new();
    let id = bench.lead("Verysecretname");
    bench.get(&format!("/leads/{id}?fields=uid"));
    let text = bench.control("GET", "/requests", None).text();
    assert!(!text.contains("sandbox-access-token") && !text.contains("Verysecretname"));
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log[1]["seq"], 2);
    assert_eq!(log[1]["method"], "GET");
    assert_eq!(log[1]["route"], "/leads/:id");
    assert_eq!(log[1]["path"], json!(format!("/leads/{id}")));
    assert_eq!(log[1]["query"], "fields=uid");
    assert_eq!(log[1]["auth"], "bearer");
    assert_eq!(log[1]["status"], 200);
    assert!(log[1]["atMs"].as_u64().unwrap() >= log[0]["atMs"].as_u64().unwrap());
    assert!(log[1]["headers"].as_array().unwrap().contains(&json!("authorization")));

    assert_eq!(bench.control("DELETE", "/requests", None).status, 200);
    assert_eq!(bench.control("GET", "/requests", None).json(), json!([]));
    bench.get("/leads");
    assert_eq!(bench.control("GET", "/requests", None).json()[0]["seq"], 3);
}

#[test]
fn reset_restores_the_initial_state() {
    let bench = Bench::switched(json!({ "defaultLimit": 3 }));
    bench.lead("Mona");
    bench.faults(vec![Fault::new(Action::Garbage).path("/units")]);
    let state = bench.control("GET", "/state", None).json();
    assert_eq!(state["resources"]["leads"], json!({ "count": 1, "deleted": 0 }));
    assert_eq!((&state["requests"], &state["tokens"]), (&json!(1), &json!(3)));
    assert_eq!(state["faults"][0]["action"]["kind"], "garbage");
    assert_eq!(state["faults"][0]["fired"], 0);
    assert_eq!(state["switches"]["defaultLimit"], 3);

    bench.control("POST", "/reset", None);
    let state = bench.control("GET", "/state", None).json();
    assert_eq!(state["resources"]["leads"], json!({ "count": 0, "deleted": 0 }));
    assert_eq!((&state["requests"], &state["faults"]), (&json!(0), &json!([])));
    assert_eq!(state["switches"]["defaultLimit"], 20);
    bench.lead("Again");
    assert_eq!(bench.sandbox.control().leads().unwrap()[0]["leadNumber"], 1);
}

#[test]
fn the_inbox_page_runs_only_its_own_files() {
    let bench = Bench::new();
    let read = |path: &str| {
        let url = format!("{}{path}", bench.sandbox.inbox_url());
        bench.try_send("GET", &url, &[], None).unwrap()
    };
    let page = read("");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
    assert!(!policy.contains("unsafe"));
    let html = page.text();
    assert!(!html.contains("style=") && !html.contains("<style") && !html.contains("<script>"));
    for script in [read("inbox.js"), read("lead-details.js")] {
        assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
        for markup in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"] {
            assert!(!script.text().contains(markup), "{markup}");
        }
    }
    assert_eq!(read("inbox.css").header("content-type"), Some("text/css; charset=utf-8"));

    bench.lead("First");
    bench.lead("Second");
    let newest = bench.control("GET", "/leads?newest=1", None).json();
    assert_eq!(newest[0]["leadInformation"]["firstName"], "Second");
    assert_eq!(bench.control("GET", "/leads?resource=units", None).status, 400);
    assert_eq!(bench.control("GET", "/leads?resource=customers", None).json(), json!([]));
}

#[test]
fn pages_of_other_origins_are_rejected() {
    let bench = Bench::new();
    let url = format!("{}/leads", bench.sandbox.control_url());
    let status = |header| bench.try_send("GET", &url, &[header], None).unwrap().status;
    assert_eq!(status(("origin", "https://evil.example")), 403);
    assert_eq!(status(("host", "rebound.example")), 403);
    assert_eq!(status(("accept", "application/json")), 200);
    let own = format!("http://{}", bench.sandbox.address());
    assert_eq!(status(("origin", &own)), 200);
}

#[test]
fn records_survive_a_restart_and_temporary_files_do_not() {
    let path = std::env::temp_dir().join(format!("sandbox-restart-{}.sqlite", std::process::id()));
    let options = || Options { file: Some(path.clone()), ..Options::default() };
    {
        let bench = Bench::with(options());
        bench.lead("Before");
    }
    {
        let bench = Bench::with(options());
        bench.lead("After");
        assert_eq!(bench.names("/leads"), ["After", "Before"]);
        assert_eq!(bench.sandbox.control().leads().unwrap()[1]["leadNumber"], 2);
        let count = bench.sandbox.control().count(Resource::Leads).unwrap();
        assert_eq!(count, (2, 0));
    }
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
}

#[test]
fn dropping_it_ends_hanging_requests_and_frees_the_port() {
    let bench = Bench::new();
    bench.faults(vec![Fault::new(Action::Hang { when: Moment::Before })]);
    let address = bench.sandbox.address();
    let url = format!("{}/leads", bench.sandbox.url());
    let Bench { sandbox, .. } = bench;
    let client = Bench::new();
    std::thread::scope(|scope| {
        let hanging = scope.spawn(|| client.try_send("GET", &url, &[BEARER], None));
        until(|| !sandbox.control().requests().is_empty());
        drop(sandbox);
        // The server ended it; it did not time out.
        assert!(!matches!(hanging.join().unwrap(), Ok(_) | Err(ureq::Error::Timeout(_))));
    });
    let options = Options { port: address.port(), ..Options::default() };
    assert_eq!(Sandbox::start(options).address(), address);
}

#[test]
fn a_port_in_use_is_an_error_not_a_panic() {
    let bench = Bench::new();
    let options = Options { port: bench.sandbox.address().port(), ..Options::default() };
    assert!(Sandbox::try_start(options).is_err());
}

#[test]
fn sandboxes_run_independently_at_the_same_time() {
    let bench = Bench::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let body = lead("Busy").to_string();
                    assert_eq!(
                        bench.raw("POST", "/leads", &[BEARER, JSON], Some(&body)).status,
                        200
                    );
                }
            });
        }
    });
    let numbers: std::collections::BTreeSet<_> = bench
        .sandbox
        .control()
        .leads()
        .unwrap()
        .iter()
        .map(|lead| lead["leadNumber"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=400).collect());
}
