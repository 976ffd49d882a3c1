//! Ids and paths that try to reach other endpoints.

use crate::support::fake::{Fake, Reply};
use crate::support::records::object;
use crate::support::rig::{faked, simulated};
use icloud_ready::error::ErrorKind;
use icloud_ready::model::Note;
use icloud_ready::validate::IssueCode;
use icloud_ready::{Client, Error, Settings};
use serde_json::{Value, json};

fn server() -> (Fake, Client<Fake>) {
    let fake = Fake::new(|_| Reply::json(200, "{}"));
    let client = faked(&fake, Settings::default());
    (fake, client)
}

/// The target that was sent, or the paths of the issues if nothing was sent.
fn seen(fake: &Fake, result: Result<(), Error>) -> Result<String, Vec<String>> {
    let sent = fake.sent();
    fake.forget();
    match result {
        Ok(()) => Ok(sent.last().expect("a request").target.clone()),
        Err(error) => {
            assert_eq!((error.kind, sent.len(), error.attempts), (ErrorKind::Validation, 0, 0));
            assert!(error.issues.iter().all(|issue| issue.code == IssueCode::Format), "{error:?}");
            Err(error.issues.into_iter().map(|issue| issue.path).collect())
        }
    }
}

/// Whether a target is `before`, one segment that a URL parser leaves unchanged, and `after`.
fn keeps_its_shape(target: &str, before: &str, after: &str) -> bool {
    let inner = target.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    inner.is_some_and(|segment| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
        let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
        segment.bytes().all(plain) && !["", ".", ".."].contains(&decoded.as_str())
    })
}

#[test]
fn an_id_is_encoded_or_rejected() {
    let long = "x/".repeat(5_000);
    let encoded = [
        ("../admin", "..%2Fadmin"),
        ("a/b", "a%2Fb"),
        ("%2e%2e", "%252e%252e"),
        ("a?b", "a%3Fb"),
        ("a#b", "a%23b"),
        ("a\u{0}", "a%00"),
        ("\u{1f600}", "%F0%9F%98%80"),
        // What a lone surrogate becomes on its way into Rust.
        ("\u{fffd}", "%EF%BF%BD"),
        ("...", "..."),
        (" a", "%20a"),
        ("a\r\nx-api-key: 1", "a%0D%0Ax-api-key%3A%201"),
        ("..\\", "..%5C"),
        (";x=1", "%3Bx%3D1"),
        ("@evil", "%40evil"),
        ("{id}", "%7Bid%7D"),
        (&long, &"x%2F".repeat(5_000)),
    ];
    let (fake, client) = server();
    simulated(async {
        for (id, segment) in encoded {
            let target = seen(&fake, client.leads().retrieve(id).await.map(drop)).unwrap();
            assert_eq!(target, format!("/leads/{segment}"));
            assert!(keeps_its_shape(&target, "/leads/", ""), "{target}");
            let target = seen(&fake, client.leads().delete(id).await.map(drop)).unwrap();
            assert_eq!(target, format!("/leads/deleted/{segment}"));
            let target = seen(&fake, client.leads().convert(id, &None).await.map(drop)).unwrap();
            assert_eq!(target, format!("/leads/{segment}/convert"));
        }
        for id in ["", ".", "..", " ", "\t\n", "\u{0}", "\u{a0}", "\u{200b}\u{200e}"] {
            let seen = |result| seen(&fake, result).unwrap_err();
            assert_eq!(seen(client.leads().retrieve(id).await.map(drop)), ["id"]);
            assert_eq!(seen(client.customers().delete(id).await.map(drop)), ["id"]);
            let note = Note { extra: object(json!({})) };
            let updated = client.lead_notes().update(id, id, &note).await;
            assert_eq!(seen(updated.map(drop)), ["leadId", "noteId"]);
            let deleted = client.lead_activities().delete("l1", id).await;
            assert_eq!(seen(deleted.map(drop)), ["activityId"]);
        }
    });
}

async fn request(
    client: &Client<Fake>,
    path: &str,
    params: Option<Value>,
    query: Option<Value>,
) -> Result<(), Error> {
    let (params, query) = (params.map(object), query.map(object));
    client.request("GET", path, params.as_ref(), query.as_ref(), None).await.map(drop)
}

#[test]
fn a_path_stays_below_the_base_url() {
    let (fake, client) = server();
    let rejected = [
        "",
        "stages",
        "//evil",
        "/\\evil",
        "\\evil",
        "/../x",
        "/a?x",
        "/a#x",
        "https://evil",
        "/https://evil",
        "/a//b",
        "/./a",
        "/a/..",
        "/a/.",
        "/%2e%2e/x",
        "/%2E./x",
        "/.%2e/x",
        "/a/%2e",
        "/..%2fx",
        "/a%2F..%2Fx",
        "/a%5c%2e%2E%5Cx",
        "/a/%2f.",
        "/%2{a",
        "/a\nb",
        "/a b",
        "/a\tb",
        "/a\u{0}",
        "/a\u{7f}",
        " /a",
        "/a\r\nhost: evil",
    ];
    let taken = [
        "/stages",
        "/a/b/c",
        "/a/",
        "/...",
        "/a..b",
        "/%2f",
        "/a%2f...%2fb",
        "/a%5Cb",
        "/a:b",
        "/@x",
        "/\u{e9}",
        "/%",
    ];
    simulated(async {
        for path in rejected {
            let result = request(&client, path, None, None).await;
            if let Err(error) = &result {
                assert!(!error.message.contains("evil"), "a refused path may hold anything");
            }
            assert_eq!(seen(&fake, result), Err(vec!["path".to_owned()]), "{path:?}");
        }
        for path in taken {
            let result = request(&client, path, None, None).await;
            assert_eq!(seen(&fake, result), Ok(path.to_owned()));
        }
    });
}

#[test]
fn params_and_query_do_not_change_the_path() {
    let (fake, client) = server();
    let paths = |paths: &[&str]| Err(paths.iter().map(|path| (*path).to_owned()).collect());
    simulated(async {
        let path = "/stages/{id}/{part}";
        for (params, expected) in [
            (json!({ "id": "../x", "part": "a/b?c#d" }), Ok("/stages/..%2Fx/a%2Fb%3Fc%23d".into())),
            (json!({ "id": 7, "part": true }), Ok("/stages/7/true".into())),
            (json!({ "id": "", "part": ".." }), paths(&["params.id", "params.part"])),
            (json!({ "id": "x" }), paths(&["params.part"])),
            (json!({ "id": "x", "part": "y", "other": "z" }), Ok("/stages/x/y".into())),
            (json!({ "id": null, "part": ["y"] }), paths(&["params.id", "params.part"])),
        ] {
            let result = request(&client, path, Some(params), None).await;
            assert_eq!(seen(&fake, result), expected);
        }
        // Together they would be a dot segment, or an encoded one.
        for (path, value) in
            [("/{a}{a}/x", "."), ("/%2{a}/x", "e"), ("/.{a}", "."), ("/{a}%2e/x", ".")]
        {
            let result = request(&client, path, Some(json!({ "a": value })), None).await;
            assert!(seen(&fake, result).is_err(), "{path} with {value}");
        }
        let query = json!({ "a b": "c&d=e", "n": 1.5, "#": false });
        let result = request(&client, "/x", None, Some(query)).await;
        assert_eq!(seen(&fake, result), Ok("/x?a%20b=c%26d%3De&n=1.5&%23=false".into()));
        let result = request(&client, "/x", None, Some(json!({ "a": {} }))).await;
        assert_eq!(seen(&fake, result), paths(&["query.a"]));
    });
}

#[test]
fn a_method_is_one_of_five() {
    let (fake, client) = server();
    simulated(async {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            client.request(method, "/x", None, None, None).await.unwrap();
            assert_eq!(fake.sent().last().unwrap().method, method);
        }
        fake.forget();
        for method in ["get", "TRACE", "CONNECT", "OPTIONS", "", "GET /evil HTTP/1.1\r\n"] {
            let result = client.request(method, "/x", None, None, None).await;
            assert_eq!(seen(&fake, result.map(drop)), Err(vec!["method".into()]));
        }
    });
}
