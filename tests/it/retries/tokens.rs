//! Token functions: asked before each request, and once more after a 401.

use crate::support::fake::{Fake, Reply};
use crate::support::fetched::PlainResponse;
use crate::support::records::{lead, submitting};
use crate::support::rig::{faked, simulated};
use icloud_ready::Settings;
use icloud_ready::error::ErrorKind;
use icloud_ready::transport::TransportError;

fn settings() -> Settings {
    Settings { token_function: true, max_retries: 0, ..Settings::default() }
}

/// A server that refuses tokens below this number.
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
fn a_refused_token_is_replaced_once_whatever_the_method() {
    simulated(async {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let fake = taking(2);
            faked(&fake, settings()).request(method, "/x", None, None, None).await.unwrap();
            assert_eq!((tokens(&fake), fake.asked()), (vec![1, 2], 2), "{method}");
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
fn without_a_function_a_401_is_given() {
    simulated(async {
        let fake = Fake::replying([Reply::json(401, "{}"), Reply::json(200, "{}")]);
        let settings = Settings { token_function: false, ..settings() };
        let error = faked(&fake, settings).leads().retrieve("l1").await.unwrap_err();
        assert_eq!((error.status, fake.count()), (Some(401), 1));
    });
}

#[test]
fn the_second_send_is_outside_the_retries_and_later_ones_ask_as_the_first() {
    simulated(async {
        let replies = [401, 503, 503, 200].map(|status| Reply::json(status, "{}"));
        let fake = Fake::replying(replies).with_token_function();
        let settings = Settings { max_retries: 2, ..settings() };
        faked(&fake, settings).leads().retrieve("l1").await.unwrap();
        assert_eq!(tokens(&fake), [1, 2, 2, 2]);
        // Each request asks; only after the refusal a new token is asked for.
        assert_eq!(fake.asked(), 4);
    });
}

#[test]
fn a_look_has_its_own_second_send() {
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
fn a_function_that_gives_no_token_ends_the_call() {
    simulated(async {
        let answer = PlainResponse::error(TransportError::Token, false);
        let fake = Fake::replying([Reply { answer, after: 0.0 }]);
        let settings = Settings { max_retries: 5, ..settings() };
        let client = faked(&fake, submitting("submission-1", &settings));
        let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        let found = (error.kind, error.code, error.status, error.attempts, error.ambiguous);
        assert_eq!(found, (ErrorKind::Api, "authentication", None, 1, false));
        assert_eq!(fake.count(), 1);
    });
}
