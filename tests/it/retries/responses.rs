//! The contract's table of responses: each response, for each method, with and without a submission
//! id.

use crate::support::crm::{Crm, NOTHING};
use crate::support::fake::{Fake, Reply};
use crate::support::records::{lead, submitting};
use crate::support::rig::{faked, simulated};
use icloud_ready::error::ErrorKind;
use icloud_ready::model::Opportunity;
use icloud_ready::transport::TransportError;
use icloud_ready::{Client, Error, Settings};

/// A row of the contract.
#[derive(Clone, Copy, Debug)]
struct Row {
    retried: bool,
    /// Whether a POST is retried too.
    any_method: bool,
    ambiguous: bool,
    kind: ErrorKind,
    code: &'static str,
}

const fn row(retried: bool, ambiguous: bool, kind: ErrorKind, code: &'static str) -> Row {
    Row { retried, any_method: false, ambiguous, kind, code }
}

fn of_status(status: u16) -> Row {
    use ErrorKind::{Api, Response};
    match status {
        200..=299 => row(false, true, Response, "response"),
        0 | 300..=399 => row(false, true, Api, "redirect"),
        408 | 425 => row(true, true, Api, "api"),
        500 | 502 | 503 | 504 | 520..=524 => row(true, true, Api, "server_error"),
        501 | 505..=519 | 525..=599 => row(false, true, Api, "server_error"),
        429 => Row { any_method: true, ..row(true, false, Api, "rate_limit") },
        400 => row(false, false, Api, "bad_request"),
        401 => row(false, false, Api, "authentication"),
        403 => row(false, false, Api, "permission_denied"),
        404 => row(false, false, Api, "not_found"),
        409 => row(false, false, Api, "conflict"),
        422 => row(false, false, Api, "unprocessable_entity"),
        _ => row(false, false, Api, "api"),
    }
}

/// Every response, with its row.
fn table() -> Vec<(String, Reply, Row)> {
    let mut table = vec![
        (
            "cut".into(),
            Reply::fault(TransportError::Connection),
            row(true, true, ErrorKind::Connection, "connection"),
        ),
        ("hang".into(), Reply::hang(), row(true, true, ErrorKind::Timeout, "timeout")),
    ];
    // Neither a record nor empty: HTML, truncated JSON.
    for body in ["<html>", "{\"_id\":"] {
        table.push((body.into(), Reply::json(200, body), of_status(200)));
    }
    for status in [0, 200, 201, 204, 299].into_iter().chain(300..=599) {
        let body = if (200..300).contains(&status) { "OK" } else { r#"{"message":"no"}"# };
        table.push((status.to_string(), Reply::json(status, body), of_status(status)));
    }
    table
}

/// Calls each method.
pub(crate) async fn call(client: &Client<Fake>, method: &str) -> Result<(), Error> {
    let lead = lead("Mona", "+201001234567");
    match method {
        "GET" => client.leads().retrieve("l1").await.map(drop),
        "PUT" => client.leads().update("l1", &lead).await.map(drop),
        "PATCH" => client.opportunities().patch("o1", &Opportunity::default()).await.map(drop),
        "DELETE" => client.customers().delete("c1").await.map(drop),
        _ => client.leads().create(&lead).await.map(drop),
    }
}

/// The requests of a create, without its lookups.
fn sends(fake: &Fake, method: &str) -> usize {
    fake.sent().iter().filter(|sent| sent.method == method).count()
}

#[test]
fn each_response_for_each_method() {
    for (name, reply, row) in table() {
        for method in ["GET", "PUT", "PATCH", "DELETE", "POST"] {
            for max_retries in [0, 2] {
                let context = format!("{name} to {method} with {max_retries} retries");
                simulated(async {
                    let fake = Fake::replying([reply.clone()]);
                    let client = faked(&fake, Settings { max_retries, ..Settings::default() });
                    let error = call(&client, method).await.expect_err(&context);
                    let again = row.retried && (method != "POST" || row.any_method);
                    let expected = if again { max_retries + 1 } else { 1 };
                    assert_eq!(fake.count(), expected as usize, "{context}");
                    assert_eq!(error.attempts, expected, "{context}");
                    assert_eq!((error.kind, error.code), (row.kind, row.code), "{context}");
                    assert_eq!(error.ambiguous, row.ambiguous && method != "GET", "{context}");
                    assert!(error.cause.is_none(), "{context}");
                    let status =
                        name.parse().ok().or((row.kind == ErrorKind::Response).then_some(200));
                    assert_eq!(error.status, status, "{context}");
                });
            }
        }
    }
}

/// A CRM that responds to lookups like this.
fn looking_at(crm: Crm, post: Reply) -> Fake {
    Fake::new(move |sent| if sent.method == "POST" { post.clone() } else { crm.respond(sent) })
}

#[test]
fn each_response_to_a_create_with_a_submission_id() {
    let found = r#"[{"_id":"l1","customField":"{\"submissionId\":\"submission-1\"}"}]"#;
    for (name, reply, row) in table() {
        for max_retries in [0, 2] {
            let context = format!("{name} with {max_retries} retries");
            let settings = Settings { max_retries, ..Settings::default() };
            let settings = submitting("submission-1", &settings);
            simulated(async {
                // The lead is absent: sent again if the row says so.
                let fake = looking_at(NOTHING, reply.clone());
                let error =
                    call(&faked(&fake, settings.clone()), "POST").await.expect_err(&context);
                let expected = if row.retried { max_retries + 1 } else { 1 };
                assert_eq!(sends(&fake, "POST"), expected as usize, "{context}");
                assert_eq!((error.kind, error.code), (row.kind, row.code), "{context}");
                assert_eq!(
                    (error.attempts, error.ambiguous),
                    (expected, row.ambiguous),
                    "{context}"
                );
                // After every ambiguous response two lookups of seven requests each.
                let lookups = if row.ambiguous { expected as usize * 2 * 7 } else { 0 };
                assert_eq!(sends(&fake, "GET"), lookups, "{context}");

                // The lead is there: it is the result, and nothing is sent again.
                let fake = looking_at(Crm { by_id: found, ..NOTHING }, reply.clone());
                let result = call(&faked(&fake, settings.clone()), "POST").await;
                assert_eq!(result.is_ok(), row.ambiguous, "{context}");
                let expected = if row.ambiguous { 1 } else { expected as usize };
                assert_eq!(sends(&fake, "POST"), expected, "{context}");
                assert_eq!(sends(&fake, "GET"), usize::from(row.ambiguous), "{context}");
            });
        }
    }
}
