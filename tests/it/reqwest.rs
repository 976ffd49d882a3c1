//! The transport of the feature `reqwest`, over real sockets.

use crate::support::recorder::{Recorder, ok};
use crate::support::records::{lead, submitting};
use crate::support::rig::{bearer, integration_token, on_sockets};
use icloud_ready::auth::Credential;
use icloud_ready::error::ErrorKind;
use icloud_ready::model::ListQuery;
use icloud_ready::{Client, ConfigurationError, ReqwestTransport, Settings};
use icloud_ready_sandbox::{ACCESS_TOKEN, API_KEY, ORGANIZATION_ID, Options, Sandbox};
use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

fn client(url: &str, credential: Credential, settings: Settings) -> Client<ReqwestTransport> {
    Client::new(ReqwestTransport::new(url, credential).expect("a transport"), settings, None)
}

fn without_retries() -> Settings {
    Settings { max_retries: 0, ..Settings::default() }
}

#[test]
fn a_lead_is_created_read_listed_and_deleted() {
    for credential in [bearer(), integration_token()] {
        let sandbox = Sandbox::start(Options::default());
        let client = client(&sandbox.url(), credential, Settings::default());
        on_sockets(async {
            let sent = lead("Mona", "+201001234567");
            let creating = client.with(submitting("submission-1", &Settings::default()));
            let created = creating.leads().create(&sent).await.unwrap();
            assert_eq!(created.lead_information, sent.lead_information);
            let id = created.id.clone().unwrap();
            assert_eq!(client.leads().retrieve(&id).await.unwrap(), created);
            let mut pages = client.leads().pages(&ListQuery::default());
            assert_eq!(pages.next().await.unwrap().unwrap().data, [created]);
            assert!(pages.next().await.unwrap().is_none());
            client.leads().delete(&id).await.unwrap();
            let error = client.leads().retrieve(&id).await.unwrap_err();
            assert_eq!((error.code, error.status), ("not_found", Some(404)));
        });
    }
}

#[test]
fn calls_run_on_several_threads() {
    let sandbox = Sandbox::start(Options::default());
    let client = client(&sandbox.url(), bearer(), Settings::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let creates: Vec<_> = (0..20)
            .map(|number| {
                let id = format!("submission-{number}");
                let creating = client.with(submitting(&id, &Settings::default()));
                let lead = lead("Mona", "+201001234567");
                tokio::spawn(async move { creating.leads().create(&lead).await })
            })
            .collect();
        let mut ids = BTreeSet::new();
        for create in creates {
            ids.insert(create.await.unwrap().unwrap().id.unwrap());
        }
        assert_eq!(ids.len(), 20);
    });
}

#[test]
fn the_headers_are_those_of_the_credential() {
    let response = |_: &str| {
        let (head, body) = ok(r#"{"_id":"l1"}"#);
        (head + "\r\nset-cookie: session=1; Path=/", body)
    };
    for (credential, expected) in [
        (bearer(), vec![("authorization", format!("Bearer {ACCESS_TOKEN}"))]),
        (
            integration_token(),
            vec![("x-api-key", API_KEY.into()), ("organizationid", ORGANIZATION_ID.into())],
        ),
    ] {
        let recorder = Recorder::start(response);
        let client = client(&format!("{}/", recorder.url()), credential, Settings::default());
        on_sockets(async {
            client.leads().create(&lead("Mona", "+201001234567")).await.unwrap();
            client.leads().retrieve("l1").await.unwrap();
        });
        let [create, retrieve] = recorder.take().try_into().expect("two requests");
        assert_eq!(create.line, "POST /api/v2/leads");
        assert_eq!(create.header("content-type"), Some("application/json"));
        assert_eq!(retrieve.line, "GET /api/v2/leads/l1");
        assert_eq!(retrieve.header("content-type"), None);
        for request in [&create, &retrieve] {
            assert_eq!(request.header("accept"), Some("application/json"));
            assert_eq!(request.header("cookie"), None, "cookies are not kept");
            for (name, value) in &expected {
                assert_eq!(request.header(name), Some(value.as_str()));
            }
        }
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Recorder::start(|_| ok("{}"));
    let location = elsewhere.url().to_owned();
    let redirecting = Recorder::start(move |_| {
        (format!("HTTP/1.1 307 Moved\r\nlocation: {location}/leads"), String::new())
    });
    let client = client(redirecting.url(), integration_token(), without_retries());
    let error = on_sockets(client.leads().create(&lead("Mona", "+201001234567"))).unwrap_err();
    assert_eq!((error.status, error.ambiguous), (Some(307), true));
    assert!(elsewhere.take().is_empty());
}

/// A server that sends this, and then nothing more for as long as `open` says.
fn stalling(response: &'static str, open: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(response.as_bytes());
            thread::sleep(open);
        }
    });
    url
}

const HALF: &str = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"_id\":";

#[test]
fn the_timeout_covers_the_body() {
    let url = stalling(HALF, Duration::from_secs(60));
    let settings = Settings { timeout: Duration::from_millis(300), ..without_retries() };
    let start = Instant::now();
    let error = on_sockets(client(&url, bearer(), settings).leads().delete("l1")).unwrap_err();
    assert_eq!((error.kind, error.code, error.ambiguous), (ErrorKind::Timeout, "timeout", true));
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn a_truncated_body_is_a_connection_error() {
    let url = stalling(HALF, Duration::ZERO);
    let error = on_sockets(client(&url, bearer(), without_retries()).leads().delete("l1"));
    let error = error.unwrap_err();
    assert_eq!((error.kind, error.ambiguous), (ErrorKind::Connection, true));
}

#[test]
fn without_a_connection_nothing_was_sent() {
    // A port that no program is given by chance.
    let client = client("http://127.0.0.1:9", bearer(), without_retries());
    let error = on_sockets(client.leads().delete("l1")).unwrap_err();
    assert_eq!((error.kind, error.ambiguous), (ErrorKind::Connection, false));
    assert!(!format!("{error:?}{client:?}").contains(ACCESS_TOKEN), "no secret in an error");
}

#[test]
fn invalid_options_are_errors() {
    for url in ["", "api", "ftp://a.example", "https://a.example/?b", "https://a.example/#b"] {
        let error = ReqwestTransport::new(url, bearer()).unwrap_err();
        assert_eq!(error, ConfigurationError::BaseUrl, "{url}");
    }
    for url in [
        "http://a.example/api/v2",
        "http://192.0.2.2:8080",
        "http://[2001:db8::1]",
        "http://localhost.example",
    ] {
        let error = ReqwestTransport::new(url, bearer()).unwrap_err();
        assert_eq!(error, ConfigurationError::InsecureBaseUrl, "{url}");
        assert!(ReqwestTransport::with_insecure_base_url(url, bearer()).is_ok(), "{url}");
    }
    for url in [
        "http://127.0.0.1:8080",
        "http://localhost/api",
        "http://crm.localhost",
        "http://[::1]:1",
        "https://a.example",
    ] {
        assert!(ReqwestTransport::new(url, bearer()).is_ok(), "{url}");
    }
    let credential = Credential::AccessToken("a\nb".into());
    let error = ReqwestTransport::new("https://a.example", credential).unwrap_err();
    assert_eq!(error, ConfigurationError::Credential);
}
