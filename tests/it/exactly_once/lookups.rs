//! Lookups after a lost response: what proves that the lead is there, or absent.

use crate::support::crm::{ANOTHER, Crm, NOTHING, OURS, outcome, settings};
use icloud_ready::Settings;
use icloud_ready::submission::SubmissionField;

#[test]
fn only_the_submission_id_field_is_compared() {
    let projected = r#"[{"_id":"l0"},{"_id":"l1"}]"#;
    let ours = "[{\"_id\":\"l1\",\"customField\":\"{\\\"submissionId\\\":\\\"submission-1\\\"}\"}]";
    let parsed = r#"[{"_id":"l1","customField":{"utm":1,"submissionId":"submission-1"}}]"#;
    for crm in [
        Crm { by_id: parsed, ..NOTHING },
        Crm { by_id: ours, ..NOTHING },
        Crm { by_phone: ours, ..NOTHING },
        Crm { recent: ours, ..NOTHING },
        Crm { by_id: projected, retrieved: OURS, ..NOTHING },
        Crm { by_phone: projected, retrieved: OURS, ..NOTHING },
    ] {
        let (sends, result, _) = outcome(crm, settings());
        assert_eq!((sends, result.unwrap().id.as_deref()), (1, Some("l1")));
    }
    // Hits that are not the lead: another id, a mention of the id, a longer id, a cleared field.
    for other in [
        r#"[{"_id":"l2","customField":"{\"submissionId\":\"submission-2\"}"}]"#,
        r#"[{"_id":"l2","customField":"submission-1","leadDescription":"submission-1"}]"#,
        r#"[{"_id":"l2","customField":"{\"submissionId\":\"submission-10\"}"}]"#,
        r#"[{"_id":"l2","customField":null},{"_id":"l3","customField":7}]"#,
        r#"[{"_id":"l2","customField":{"submissionId":"submission-2"}}]"#,
        r#"[{"_id":"l2","customField":["submission-1"]}]"#,
        r#"[{"_id":"l2","idengagerRequestId":"submission-1","customField":"{}"}]"#,
    ] {
        let recent: &str = [&ANOTHER[..ANOTHER.len() - 1], ",", &other[1..]].concat().leak();
        let crm = Crm { by_id: other, by_phone: other, recent, ..NOTHING };
        let (sends, result, _) = outcome(crm, settings());
        assert_eq!((sends, result.unwrap_err().cause.is_none()), (2, true), "{other}");
    }
}

#[test]
fn the_id_can_be_in_another_field() {
    let ours = r#"[{"_id":"l1","idengagerRequestId":"submission-1"}]"#;
    let field = SubmissionField::IdengagerRequestId;
    let settings = Settings { submission_field: field, ..settings() };
    let (sends, result, _) = outcome(Crm { by_id: ours, ..NOTHING }, settings);
    assert_eq!((sends, result.is_ok()), (1, true));
}

#[test]
fn a_failed_lookup_never_causes_a_resend() {
    for (crm, code, status) in [
        (Crm { by_id: "401", ..NOTHING }, "authentication", Some(401)),
        (Crm { by_id: "403", ..NOTHING }, "permission_denied", Some(403)),
        (Crm { by_id: "404", ..NOTHING }, "not_found", Some(404)),
        (Crm { by_phone: "400", ..NOTHING }, "bad_request", Some(400)),
        (Crm { recent: "501", ..NOTHING }, "server_error", Some(501)),
        (Crm { more: "501", ..NOTHING }, "server_error", Some(501)),
        (Crm { other: "403", ..NOTHING }, "permission_denied", Some(403)),
        (Crm { by_id: "{}", ..NOTHING }, "response", Some(200)),
        // A non-empty list in which no record has the field proves nothing.
        (Crm { recent: r#"[{"_id":"l2"}]"#, ..NOTHING }, "inconclusive", None),
        (Crm { by_id: r#"[{"name":"no id"}]"#, ..NOTHING }, "inconclusive", None),
        (Crm { by_id: r#"[{"_id":"l2"}]"#, retrieved: "404", ..NOTHING }, "not_found", Some(404)),
    ] {
        let (sends, result, _) = outcome(crm, settings());
        let error = result.unwrap_err();
        assert_eq!((sends, error.code, error.attempts), (1, "connection", 1));
        assert!(error.ambiguous);
        let cause = error.cause.unwrap();
        assert_eq!((cause.code, cause.status), (code, status));
        assert_eq!(cause.operation, "leads.create");
    }
}
