//! Requests on the wire, byte for byte, against routes typed by hand from the vendor's reference.

use crate::support::bodies::Bodies;
use crate::support::recorder::{Received, Recorder, ok};
use crate::support::records::{lead, object, submitting};
use crate::support::rig::{bearer, client, integration_token, on_sockets};
use crate::transport::Socket;
use icloud_ready::Settings;
use icloud_ready::auth::Credential;
use icloud_ready::endpoint::OPERATIONS;
use icloud_ready::model::Lead;
use icloud_ready::{Client, Error};
use serde::Serialize;
use serde_json::json;
use std::future::Future;
use std::pin::Pin;

/// Method and path below the base URL, the body's text, and the call.
type Row<'a> =
    (&'static str, Option<String>, Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>);

fn row<'a, T>(line: &'static str, call: impl Future<Output = Result<T, Error>> + 'a) -> Row<'a> {
    (line, None, Box::pin(async { call.await.map(drop) }))
}

fn sending<'a, T>(
    line: &'static str,
    body: &impl Serialize,
    call: impl Future<Output = Result<T, Error>> + 'a,
) -> Row<'a> {
    let (line, _, call) = row(line, call);
    (line, serde_json::to_string(body).ok(), call)
}

/// The query of every list, as [`Bodies`] has it.
macro_rules! listing {
    ($path:literal) => {
        concat!(
            "GET ",
            $path,
            "?limit=5&page=2&order=asc&sortBy=leadNumber&fields=a%2Cb%20c",
            "&p=%7B%22x%22%3A1%7D&q=%2B20%20100%26x%3Dy%23z"
        )
    };
}

#[rustfmt::skip]
fn rows<'a>(client: &'a Client<Socket>, with: &'a Bodies) -> Vec<Row<'a>> {
    vec![
        row(listing!("/leads"), async move { client.leads().list(&with.query).await }),
        sending("POST /leads", &with.lead, async move { client.leads().create(&with.lead).await }),
        row("GET /leads/promo123", async move { client.leads().retrieve("promo123").await }),
        sending("PUT /leads/a%20b", &with.lead, async move { client.leads().update("a b", &with.lead).await }),
        sending("PATCH /leads/l1", &with.lead, async move { client.leads().patch("l1", &with.lead).await }),
        row("POST /leads/l1/convert", async move { client.leads().convert("l1", &None).await }),
        row("DELETE /leads/deleted/l1", async move { client.leads().delete("l1").await }),
        sending("POST /leads/l1/notes", &with.note, async move { client.lead_notes().create("l1", &with.note).await }),
        sending("PUT /leads/l1/notes/n1", &with.note, async move { client.lead_notes().update("l1", "n1", &with.note).await }),
        row("DELETE /leads/l1/notes/n1", async move { client.lead_notes().delete("l1", "n1").await }),
        sending("POST /leads/l1/activities", &with.activity, async move { client.lead_activities().create("l1", &with.activity).await }),
        sending("PUT /leads/l1/activities/a1", &with.activity, async move { client.lead_activities().update("l1", "a1", &with.activity).await }),
        row("DELETE /leads/l1/activities/a1", async move { client.lead_activities().delete("l1", "a1").await }),
        row(listing!("/opportunities"), async move { client.opportunities().list(&with.query).await }),
        sending("POST /opportunities", &with.opportunity, async move { client.opportunities().create(&with.opportunity).await }),
        row("GET /opportunities/o1", async move { client.opportunities().retrieve("o1").await }),
        sending("PUT /opportunities/o1", &with.opportunity, async move { client.opportunities().update("o1", &with.opportunity).await }),
        sending("PATCH /opportunities/o1", &with.opportunity, async move { client.opportunities().patch("o1", &with.opportunity).await }),
        row("DELETE /opportunities/deleted/o1", async move { client.opportunities().delete("o1").await }),
        sending("POST /opportunities/no-activity-opportunities", &with.object, async move { client.opportunities().create_no_activity(&with.object).await }),
        sending("PUT /opportunities/multiple", &with.array, async move { client.opportunities().update_multiple(&with.array).await }),
        row(listing!("/batches"), async move { client.batches().list(&with.query).await }),
        sending("POST /batches", &with.batch, async move { client.batches().create(&with.batch).await }),
        row("GET /batches/b1", async move { client.batches().retrieve("b1").await }),
        sending("PUT /batches/b1", &with.batch, async move { client.batches().update("b1", &with.batch).await }),
        sending("PATCH /batches/b1", &with.batch, async move { client.batches().patch("b1", &with.batch).await }),
        row("DELETE /batches/deleted/b1", async move { client.batches().delete("b1").await }),
        row(listing!("/customers"), async move { client.customers().list(&with.query).await }),
        sending("POST /customers", &with.customer, async move { client.customers().create(&with.customer).await }),
        row("GET /customers/c1", async move { client.customers().retrieve("c1").await }),
        sending("PUT /customers/c1", &with.customer, async move { client.customers().update("c1", &with.customer).await }),
        sending("PATCH /customers/c1", &with.customer, async move { client.customers().patch("c1", &with.customer).await }),
        row("DELETE /customers/c1", async move { client.customers().delete("c1").await }),
    ]
}

fn response(line: &str) -> (String, String) {
    let list = line.starts_with("GET") && line.contains('?');
    ok(if list { "[]" } else { r#"{"_id":"1"}"# })
}

/// Asserts one request, headers by name and value.
fn check(received: &[Received], line: &str, body: Option<&str>, credential: &Credential) {
    let [request] = received else { panic!("{line}: {received:?}") };
    let (method, path) = line.split_once(' ').unwrap();
    assert_eq!(request.line, format!("{method} /api/v2{path}"));
    assert_eq!(request.body, body.unwrap_or(""), "{line}");
    let of_mode = credential.headers();
    let mut expected: Vec<_> =
        of_mode.iter().map(|(name, value)| (*name, value.as_str())).collect();
    expected.push(("accept", "application/json"));
    if body.is_some() {
        expected.push(("content-type", "application/json"));
    }
    for (name, value) in &expected {
        assert_eq!(request.header(&name.to_ascii_lowercase()), Some(*value), "{line}");
    }
    let names = ["host", "content-length"];
    let others = request.headers.iter().filter(|header| !names.contains(&header.0.as_str()));
    assert_eq!(others.count(), expected.len(), "{line}: {:?}", request.headers);
}

#[test]
fn each_operation_in_both_modes() {
    for credential in [bearer(), integration_token()] {
        let recorder = Recorder::start(response);
        let client = client(recorder.url(), credential.clone());
        let bodies = Bodies::new();
        let rows = rows(&client, &bodies);
        assert_eq!((rows.len(), OPERATIONS.len()), (33, 33));
        on_sockets(async {
            for (line, body, call) in rows {
                call.await.unwrap_or_else(|error| panic!("{line}: {error}"));
                check(&recorder.take(), line, body.as_deref(), &credential);
            }
        });
    }
}

#[test]
fn convert_can_have_a_body_and_lead_type_is_spelled_as_in_the_guide() {
    for (credential, spelled) in [(bearer(), "leadType"), (integration_token(), "leadtype")] {
        let recorder = Recorder::start(response);
        // A derived client has the same credential, whatever its settings are.
        let client = client(recorder.url(), credential.clone()).with(Settings::default());
        let body = object(json!({ "leadType": "as it is" }));
        let typed = Lead { lead_type: Some("buying".into()), ..lead("Mona", "+201001234567") };
        let both = Lead { extra: object(json!({ "leadtype": "renting" })), ..typed.clone() };
        on_sockets(async {
            client.leads().convert("l1", &Some(body)).await.unwrap();
            let text = Some(r#"{"leadType":"as it is"}"#);
            check(&recorder.take(), "POST /leads/l1/convert", text, &credential);
            let text = serde_json::to_string(&typed).unwrap().replace("leadType", spelled);
            client.leads().create(&typed).await.unwrap();
            check(&recorder.take(), "POST /leads", Some(&text), &credential);
            client.leads().update("l1", &typed).await.unwrap();
            check(&recorder.take(), "PUT /leads/l1", Some(&text), &credential);
            client.leads().patch("l1", &typed).await.unwrap();
            check(&recorder.take(), "PATCH /leads/l1", Some(&text), &credential);
            let text = serde_json::to_string(&both).unwrap();
            client.leads().create(&both).await.unwrap();
            check(&recorder.take(), "POST /leads", Some(&text), &credential);
        });
    }
}

#[test]
fn a_submission_id_adds_only_itself() {
    let recorder = Recorder::start(response);
    let credential = bearer();
    let client = client(recorder.url(), credential.clone());
    let client = client.with(submitting("submission-1", &Settings::default()));
    let lead = Bodies::new().lead;
    on_sockets(client.leads().create(&lead)).unwrap();
    let bare = serde_json::to_string(&lead).unwrap();
    let bare = bare.strip_suffix('}').unwrap();
    let text = bare.to_owned() + r#","customField":"{\"submissionId\":\"submission-1\"}"}"#;
    check(&recorder.take(), "POST /leads", Some(&text), &credential);
    // An update has no submission id: only a create can cause a duplicate.
    on_sockets(client.leads().update("l1", &lead)).unwrap();
    let text = serde_json::to_string(&lead).unwrap();
    check(&recorder.take(), "PUT /leads/l1", Some(&text), &credential);
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [300, 301, 302, 303, 307, 308] {
        let elsewhere = Recorder::start(response);
        let location = elsewhere.url().to_owned();
        let redirecting = Recorder::start(move |_| {
            (format!("HTTP/1.1 {status} Moved\r\nlocation: {location}/leads"), String::new())
        });
        let client = client(redirecting.url(), integration_token());
        on_sockets(async {
            let lead = lead("Mona", "+201001234567");
            let error = client.leads().create(&lead).await.unwrap_err();
            assert_eq!((error.status, error.ambiguous, error.attempts), (Some(status), true, 1));
            client.leads().retrieve("l1").await.unwrap_err();
        });
        assert_eq!(redirecting.take().len(), 2);
        assert_eq!(elsewhere.take().len(), 0);
    }
}
