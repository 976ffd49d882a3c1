//! Token functions: called before each request, and once more after a 401.

use crate::support::fake::{Fake, Reply};
use crate::support::fetched::PlainResponse;
use crate::support::records::{lead, submitting};
use crate::support::rig::{faked, simulated};
use icloud_ready::Settings;
use icloud_ready::auth::CredentialKind;
use icloud_ready::error::ErrorKind;
use icloud_ready::transport::TransportError;

fn settings() -> Settings {
    Settings { max_retries: 0, ..Settings::default() }
}

/// A server that rejects tokens below this number.
fn taking(token: u32) -> Fake {
    let script = move |sent: &crate::support::fake::Sent| {
        let status = if sent.token < token { 401 } else { 200 };
        Reply::json(status, "{}")
    };
    Fake::new(script).with_token_function()
}

fn tokens(fake: &Fake) -> Vec<u32> {
    fake.sent().iter().map(|sent| sent.token).collect()
}

#[test]
fn a_rejected_token_is_replaced_once_for_every_method() {
    simulated(async {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let fake = taking(2);
            faked(&fake, settings()).request(method, "/x", None, None, None).await.unwrap();
            assert_eq!((tokens(&fake), fake.token_calls()), (vec![1, 2], 2), "{method}");
            assert_eq!(fake.sent()[1].at, 0.0, "at once");

            let fake = taking(9);
            let error = faked(&fake, settings()).request(method, "/x", None, None, None).await;
            let error = error.unwrap_err();
            assert_eq!(tokens(&fake), [1, 2], "{method}");
            let found = (error.code, error.status, error.attempts, error.ambiguous);
            assert_eq!(found, ("authentication", Some(401), 2, false));
        }
    });
}

#[test]
fn without_a_token_function_a_401_fails_the_call() {
    simulated(async {
        let fake = Fake::replying([Reply::json(401, "{}"), Reply::json(200, "{}")]);
        let error = faked(&fake, settings()).leads().retrieve("l1").await.unwrap_err();
        assert_eq!((error.status, fake.count()), (Some(401), 1));
    });
}

#[test]
fn a_resend_with_a_fresh_token_does_not_count_as_a_retry() {
    simulated(async {
        let replies = [401, 503, 503, 200].map(|status| Reply::json(status, "{}"));
        let fake = Fake::replying(replies).with_token_function();
        let settings = Settings { max_retries: 2, ..settings() };
        faked(&fake, settings).leads().retrieve("l1").await.unwrap();
        assert_eq!(tokens(&fake), [1, 2, 2, 2]);
        // Each request gets a token; only after the rejection a fresh one is requested.
        assert_eq!(fake.token_calls(), 4);
    });
}

#[test]
fn a_lookup_has_its_own_resend_with_a_fresh_token() {
    simulated(async {
        let replies = [
            Reply::json(401, "{}"),
            Reply::json(503, ""),
            Reply::json(401, "{}"),
            Reply::json(200, r#"[{"customField":"{\"submissionId\":\"submission-1\"}"}]"#),
        ];
        let fake = Fake::replying(replies).with_token_function();
        let client = faked(&fake, submitting("submission-1", &settings()));
        client.leads().create(&lead("Mona", "+201001234567")).await.unwrap();
        assert_eq!(tokens(&fake), [1, 2, 2, 3]);
    });
}

#[test]
fn a_token_function_without_a_token_fails_the_call() {
    simulated(async {
        let response = PlainResponse::error(TransportError::Token, false);
        let fake = Fake::replying([Reply { response, after: 0.0 }])
            .with_credential(CredentialKind::TokenFunction);
        let settings = Settings { max_retries: 5, ..settings() };
        let client = faked(&fake, submitting("submission-1", &settings));
        let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        let found = (error.kind, error.code, error.status, error.attempts, error.ambiguous);
        assert_eq!(found, (ErrorKind::Api, "authentication", None, 1, false));
        assert_eq!(fake.count(), 1);
    });
}
