//! What counts as a created lead: not every 2xx does.

use crate::support::crm::{OURS, create, settings};
use crate::support::fake::{Fake, Reply};
use crate::support::records::lead;
use crate::support::rig::{faked, simulated};
use icloud_ready::Settings;

/// Responses with a 2xx status that do not confirm a lead.
const NOT_CONFIRMED: [(u16, &str); 18] = [
    (200, r#"{"success":false}"#),
    (202, r#"{"status":"queued"}"#),
    (200, r#"{"_id":null}"#),
    (200, r#"{"_id":""}"#),
    (200, r#"{"_id":123}"#),
    (200, r#"{"success":false,"_id":"x"}"#),
    (200, r#"{"error":"no","_id":"x"}"#),
    (200, r#"{"errors":[{"message":"no"}],"_id":"x"}"#),
    (200, r#"{"success":false,"data":{"_id":"x"}}"#),
    (200, r#"{"data":[{"_id":"x"}]}"#),
    (200, r#"{"message":"ok"}"#),
    (201, "{}"),
    (200, "[]"),
    (200, r#""created""#),
    (200, "1"),
    (200, "null"),
    (201, ""),
    (204, ""),
];

/// Records of another lead: the submission field is not empty and has another id.
const ANOTHER_LEAD: [&str; 3] = [
    r#"{"_id":"x","customField":"{\"submissionId\":\"submission-2\"}"}"#,
    r#"{"_id":"x","customField":"utm=1"}"#,
    r#"{"data":{"_id":"x","customField":{"submissionId":"submission-2"}}}"#,
];

#[test]
fn a_2xx_without_a_lead_is_an_ambiguous_error() {
    for (status, body) in NOT_CONFIRMED {
        simulated(async move {
            let fake = Fake::replying([Reply::json(status, body)]);
            let client = faked(&fake, Settings::default());
            let error = client.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
            let found = (error.code, error.status, error.ambiguous, error.attempts);
            assert_eq!(found, ("response", Some(status), true, 1), "{body}");
            assert_eq!(fake.count(), 1, "{body}");
        });
    }
}

#[test]
fn with_a_submission_id_the_lead_is_looked_up_and_never_resent() {
    let others = ANOTHER_LEAD.map(|body| (200, body));
    for (status, body) in NOT_CONFIRMED.into_iter().chain(others) {
        for is_there in [true, false] {
            simulated(async move {
                let list = if is_there { ["[", OURS, "]"].concat() } else { "[]".into() };
                let fake = Fake::new(move |sent| match sent.method {
                    "POST" => Reply::json(status, body),
                    _ => Reply::json(200, &list),
                });
                match create(&faked(&fake, settings())).await {
                    Ok(found) => assert_eq!((is_there, found.id.as_deref()), (true, Some("l1"))),
                    Err(error) => {
                        assert_eq!(
                            (is_there, error.code, error.ambiguous),
                            (false, "response", true)
                        );
                    }
                }
                let sends = fake.sent().iter().filter(|sent| sent.method == "POST").count();
                assert_eq!(sends, 1, "{body}");
            });
        }
    }
}

#[test]
fn the_record_is_returned_from_any_envelope() {
    for body in [
        r#"{"_id":"x","leadDescription":"d"}"#,
        r#"{"data":{"_id":"x","leadDescription":"d"}}"#,
        r#"{"result":{"_id":"x","leadDescription":"d"},"success":true}"#,
        r#"{"lead":{"_id":"x","leadDescription":"d"},"error":null}"#,
        r#"{"data":{"lead":{"_id":"x","leadDescription":"d"}},"errors":[]}"#,
        r#"{"_id":"x","leadDescription":"d","customField":null}"#,
        r#"{"_id":"x","leadDescription":"d","customField":"{\"submissionId\":\"submission-1\"}"}"#,
    ] {
        simulated(async move {
            let fake = Fake::replying([Reply::json(200, body)]);
            let created = create(&faked(&fake, settings())).await.unwrap();
            let found = (created.id.as_deref(), created.lead_description.as_deref());
            assert_eq!(found, (Some("x"), Some("d")), "{body}");
            assert_eq!(fake.count(), 1);
        });
    }
}
