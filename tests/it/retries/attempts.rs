//! What several answers to one call come to.

use crate::retries::answers::call;
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
fn what_never_left_is_sent_again_and_is_not_ambiguous() {
    simulated(async {
        for method in ["GET", "DELETE", "POST"] {
            let answer = PlainResponse::error(TransportError::Connection, false);
            let fake = Fake::replying([Reply { answer, after: 0.0 }]);
            let error = call(&faked(&fake, Settings::default()), method).await.unwrap_err();
            assert_eq!((error.code, error.attempts, error.ambiguous), ("connection", 3, false));
        }
    });
}

#[test]
fn gone_is_success_to_a_delete_tried_again() {
    let gone = || Reply::json(404, r#"{"message":"not found"}"#);
    for (first, succeeds) in [
        (Reply::json(503, ""), true),
        (Reply::fault(TransportError::Connection), true),
        (Reply::hang(), true),
        // Nothing was deleted by what was not processed, nor by nothing.
        (Reply::json(429, ""), false),
        (gone(), false),
    ] {
        simulated(async {
            let fake = Fake::replying([first.clone(), gone()]);
            let result = faked(&fake, Settings::default()).leads().delete("l1").await;
            assert_eq!(result.is_ok(), succeeds, "{first:?}");
            assert_eq!(result.unwrap_or(None), None);
            // Another method learns that it is gone.
            let fake = Fake::replying([first.clone(), gone()]);
            let client = faked(&fake, Settings::default());
            let error = client.leads().patch("l1", &Lead::default()).await.unwrap_err();
            assert_eq!(error.status, Some(404));
        });
    }
}

#[test]
fn a_success_that_is_no_record_is_told_with_its_attempts() {
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
