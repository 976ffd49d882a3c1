//! Each fault, over a bare socket if needed.

use std::io::{ErrorKind, Read as _};
use std::time::{Duration, Instant};

use icloud_ready_sandbox::{Action, Fault, Moment, Options};
use serde_json::{Value, json};

use crate::support::{Bench, lead, until};

fn with(action: Action) -> Bench {
    let bench = Bench::new();
    bench.faults(vec![Fault::new(action).times(1)]);
    bench
}

fn create(bench: &Bench) -> crate::support::Reply {
    bench.send("POST", "/leads", Some(lead("Mona")))
}

#[test]
fn a_status_replaces_the_response() {
    let bench = Bench::new();
    let action = json!({
        "kind": "status", "status": 503, "body": { "reason": "tired" }, "headers": { "Retry-After": "1" },
    });
    let rule = json!([{ "method": "POST", "path": "/leads", "times": 1, "action": action }]);
    assert_eq!(bench.control("PUT", "/faults", Some(rule)).status, 200);
    assert_eq!(bench.send("GET", "/leads", None).status, 200);
    let reply = create(&bench);
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("1")));
    assert_eq!(reply.json(), json!({ "reason": "tired" }));
    assert_eq!(bench.lead_count(), 0);
    assert_eq!(create(&bench).status, 200);

    let action = json!({ "kind": "status", "status": 500, "body": "as it is", "commit": true });
    bench.control("PUT", "/faults", Some(json!([{ "action": action }])));
    let reply = create(&bench);
    assert_eq!((reply.status, reply.text().as_str()), (500, "as it is"));
    assert_eq!(bench.lead_count(), 2);
    bench.faults(vec![Fault::new(Action::status(502))]);
    assert!(create(&bench).json()["message"].is_string());
}

#[test]
fn a_delay_postpones_the_response() {
    let bench = with(Action::Delay { ms: 120 });
    let start = Instant::now();
    assert_eq!(create(&bench).status, 200);
    assert!(start.elapsed() >= Duration::from_millis(120));
}

#[test]
fn a_hang_before_or_after_the_commit() {
    for (when, leads) in [(Moment::Before, 0), (Moment::After, 1)] {
        let bench = with(Action::Hang { when });
        let mut stream = bench.send_over_tcp().unwrap();
        until(|| !bench.sandbox.control().requests().is_empty() && bench.lead_count() == leads);
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let error = stream.read(&mut [0]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
        assert_eq!(bench.lead_count(), leads);
        let logged = bench.sandbox.control().requests().pop().unwrap();
        assert_eq!((logged.status, logged.fault), (None, Some("hang")));
    }
}

#[test]
fn a_cut_before_or_after_the_commit() {
    for (when, leads) in [(Moment::Before, 0), (Moment::After, 1)] {
        let bench = with(Action::Cut { when });
        assert_eq!(bench.create_over_tcp().unwrap(), b"");
        assert_eq!(bench.lead_count(), leads);
        bench.faults(vec![Fault::new(Action::Cut { when }).times(1)]);
        let url = format!("{}/customers", bench.sandbox.url());
        let headers = [crate::support::BEARER, crate::support::JSON];
        assert!(bench.try_send("POST", &url, &headers, Some("{}")).is_err());
        assert_eq!(create(&bench).status, 200, "the next connection is whole");
    }
}

#[test]
fn a_truncated_response_is_shorter_than_its_content_length() {
    let bench = with(Action::Truncate { bytes: 10 });
    let bytes = bench.create_over_tcp().unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert!(length.parse::<usize>().unwrap() > 400);
    assert_eq!(body, r#"{"leadInfo"#);
    assert_eq!(bench.lead_count(), 1);
}

#[test]
fn responses_that_are_not_json() {
    let bench = with(Action::Garbage);
    let garbage = create(&bench);
    assert_eq!((garbage.status, garbage.header("content-type")), (200, Some("application/json")));
    assert!(String::from_utf8(garbage.bytes).is_err());

    bench.faults(vec![Fault::new(Action::Html { status: 200 })]);
    assert!(create(&bench).text().starts_with("<!DOCTYPE html>"));
    bench.control("PUT", "/faults", Some(json!([{ "action": { "kind": "emptyBody" } }])));
    let empty = create(&bench);
    assert_eq!((empty.status, empty.bytes.len()), (200, 0));
    assert_eq!(bench.lead_count(), 3, "all of them committed");
}

#[test]
fn a_redirect_commits_nothing() {
    let bench = Bench::new();
    let action = json!({ "kind": "redirect", "location": "https://elsewhere.example/" });
    bench.control("PUT", "/faults", Some(json!([{ "action": action }])));
    let reply = create(&bench);
    assert_eq!((reply.status, reply.header("location")), (307, Some("https://elsewhere.example/")));
    assert_eq!(bench.lead_count(), 0);
}

#[test]
fn bytes_that_are_not_http() {
    let bench = with(Action::MalformedHttp);
    let bytes = bench.create_over_tcp().unwrap();
    assert!(!bytes.is_empty() && !bytes.starts_with(b"HTTP/"));
    assert_eq!(bench.lead_count(), 1);
}

#[test]
fn rules_count_matches_and_the_first_that_fires_applies() {
    let bench = Bench::new();
    bench.faults(vec![
        Fault::new(Action::status(500)).method("GET").path("/leads").skip(1).times(2),
        Fault::new(Action::status(502)).path("/leads/*/convert"),
        Fault::new(Action::status(503)).path("/leads/:id"),
        Fault::new(Action::status(504)).query("q=%2B20"),
    ]);
    let status = |path: &str| bench.send("GET", path, None).status;
    let seen: Vec<u16> = (0..4).map(|_| status("/leads")).collect();
    assert_eq!(seen, [200, 500, 500, 200]);
    assert_eq!(bench.send("POST", "/leads/1/convert", None).status, 502);
    assert_eq!(status("/leads/1"), 503);
    assert_eq!(status("/leads?limit=1&q=%2B2010"), 504);
    let fired: Vec<_> = bench.sandbox.control().faults().iter().map(|rule| rule.fired).collect();
    assert_eq!(fired, [2, 1, 1, 1]);
}

#[test]
fn random_faults_are_the_same_for_the_same_seed() {
    let run = |seed| {
        let bench = Bench::with(Options { seed, ..Options::default() });
        bench.faults(vec![Fault::new(Action::status(500)).probability(0.5)]);
        (0..40).map(|_| bench.send("GET", "/leads", None).status).collect::<Vec<_>>()
    };
    let first = run(7);
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
    let failed = first.iter().filter(|status| **status == 500).count();
    assert!((8..=32).contains(&failed), "{failed}");
}

#[test]
fn invalid_rules_are_rejected() {
    let bench = Bench::new();
    let refused: [Value; 5] = [
        json!({ "action": { "kind": "explode" } }),
        json!({ "action": { "kind": "status", "status": 99 } }),
        json!({ "action": { "kind": "garbage" }, "probability": 2 }),
        json!({ "action": { "kind": "delay" } }),
        json!({ "acton": {} }),
    ];
    for rule in refused {
        let reply = bench.control("PUT", "/faults", Some(json!([rule])));
        assert_eq!(reply.status, 400, "{rule}");
    }
}
