//! The result of several responses to one call.

use crate::retries::responses::call;
use crate::support::fake::{Fake, Reply};
use crate::support::fetched::PlainResponse;
use crate::support::rig::{faked, simulated};
use icloud_ready::Settings;
use icloud_ready::error::ErrorKind;
use icloud_ready::model::Lead;
use icloud_ready::transport::TransportError;

#[test]
fn an_error_is_ambiguous_if_any_of_its_attempts_was() {
    simulated(async {
        for method in ["PUT", "PATCH", "DELETE"] {
            let fake = Fake::replying([Reply::json(503, ""), Reply::json(400, "{}")]);
            let error = call(&faked(&fake, Settings::default()), method).await.unwrap_err();
            assert_eq!((error.status, error.attempts, error.ambiguous), (Some(400), 2, true));
        }
        let replies = [Reply::json(429, ""), Reply::json(502, ""), Reply::json(200, "{}")];
        let fake = Fake::replying(replies);
        let error = call(&faked(&fake, Settings::default()), "POST").await.unwrap_err();
        assert_eq!((error.status, error.attempts, error.ambiguous), (Some(502), 2, true));
    });
}

#[test]
fn a_request_that_was_not_sent_is_retried_and_not_ambiguous() {
    simulated(async {
        for method in ["GET", "DELETE", "POST"] {
            let response = PlainResponse::error(TransportError::Connection, false);
            let fake = Fake::replying([Reply { response, after: 0.0 }]);
            let error = call(&faked(&fake, Settings::default()), method).await.unwrap_err();
            assert_eq!((error.code, error.attempts, error.ambiguous), ("connection", 3, false));
        }
    });
}

#[test]
fn a_404_to_a_retried_delete_is_success() {
    let gone = || Reply::json(404, r#"{"message":"not found"}"#);
    for (first, succeeds) in [
        (Reply::json(503, ""), true),
        (Reply::fault(TransportError::Connection), true),
        (Reply::hang(), true),
        // A request that was not processed, and one without effect, deleted nothing.
        (Reply::json(429, ""), false),
        (gone(), false),
    ] {
        simulated(async {
            let fake = Fake::replying([first.clone(), gone()]);
            let result = faked(&fake, Settings::default()).leads().delete("l1").await;
            assert_eq!(result.is_ok(), succeeds, "{first:?}");
            assert_eq!(result.unwrap_or(None), None);
            // Another method gets the 404.
            let fake = Fake::replying([first.clone(), gone()]);
            let client = faked(&fake, Settings::default());
            let error = client.leads().patch("l1", &Lead::default()).await.unwrap_err();
            assert_eq!(error.status, Some(404));
        });
    }
}

#[test]
fn a_2xx_without_a_record_is_an_error_with_its_attempts() {
    let settings = Settings::default;
    simulated(async {
        for body in ["[]", "\"OK\"", "null", "5"] {
            let fake = Fake::replying([Reply::json(503, ""), Reply::json(200, body)]);
            let error = faked(&fake, settings()).leads().retrieve("l1").await.unwrap_err();
            let found = (error.kind, error.attempts, error.ambiguous);
            assert_eq!(found, (ErrorKind::Response, 2, false), "{body}");
            let fake = Fake::replying([Reply::json(503, ""), Reply::json(200, body)]);
            let error = faked(&fake, settings()).leads().update("l1", &Lead::default()).await;
            let Err(error) = error else { continue };
            let found = (error.kind, error.attempts, error.ambiguous);
            assert_eq!(found, (ErrorKind::Response, 2, true), "{body}");
            assert_eq!(error.operation, "leads.update");
        }
        for body in ["{}", "\"OK\"", "5", "{\"a\":[],\"b\":[]}"] {
            let fake = Fake::replying([Reply::json(503, ""), Reply::json(200, body)]);
            let error =
                faked(&fake, settings()).leads().list(&Default::default()).await.unwrap_err();
            let found = (error.kind, error.attempts, error.ambiguous, error.operation.as_str());
            assert_eq!(found, (ErrorKind::Response, 2, false, "leads.list"), "{body}");
            assert_eq!(error.body.as_deref(), Some(body), "the answer is kept");
        }
    });
}
