//! What is rejected before anything is sent, and what only causes warnings.

use crate::support::fake::{Fake, Reply};
use crate::support::records::{lead, object, submitting};
use crate::support::rig::{faked, simulated};
use icloud_ready::error::ErrorKind;
use icloud_ready::model::{Activity, Lead, LeadInformation, ListQuery, Object, StringOrNumber};
use icloud_ready::submission::SubmissionField;
use icloud_ready::validate::{Issue, IssueCode, Severity};
use icloud_ready::{Client, Error, Settings};
use serde_json::json;

fn server(settings: Settings) -> (Fake, Client<Fake>) {
    let fake = Fake::new(|_| Reply::json(200, r#"{"_id":"1"}"#));
    let client = faked(&fake, settings);
    (fake, client)
}

/// The issues of a call that was rejected, with nothing sent.
fn issues<T>(fake: &Fake, result: Result<T, Error>) -> Vec<(String, IssueCode, Severity)> {
    let error = result.err().expect("a refusal");
    let found = (error.kind, error.code, error.attempts, error.ambiguous, fake.count());
    assert_eq!(found, (ErrorKind::Validation, "validation", 0, false, 0));
    let reported = |issue: Issue| (issue.path.clone(), issue.code, issue.severity);
    error.issues.into_iter().map(reported).collect()
}

fn errors(issues: &[(&str, IssueCode)]) -> Vec<(String, IssueCode, Severity)> {
    issues.iter().map(|&(path, code)| (path.to_owned(), code, Severity::Error)).collect()
}

/// A lead whose values cause only warnings.
fn lead_with_warnings() -> Lead {
    let activity = Activity { activity_date: Some("19/04/2023".into()), ..Activity::default() };
    let mut lead = Lead { activity_log: Some(vec![activity]), ..lead("Mona", "call me") };
    lead.lead_information.as_mut().unwrap().email = Some("mona at example".into());
    lead
}

#[test]
fn an_empty_lead_lacks_both_required_fields() {
    let both = errors(&[
        ("leadInformation.firstName", IssueCode::Required),
        ("leadInformation.phone", IssueCode::Required),
    ]);
    simulated(async {
        let blank = LeadInformation {
            first_name: Some(String::new()),
            phone: Some(" \n".into()),
            ..LeadInformation::default()
        };
        let cleared = json!({ "leadInformation": null });
        for lead in [
            Lead::default(),
            Lead { lead_information: Some(LeadInformation::default()), ..Lead::default() },
            Lead { lead_information: Some(blank), ..Lead::default() },
            Lead { extra: object(cleared), ..Lead::default() },
        ] {
            let (fake, client) = server(Settings::default());
            assert_eq!(issues(&fake, client.leads().create(&lead).await), both);
            // Fields are required only when creating.
            client.leads().update("l1", &lead).await.unwrap();
            client.leads().patch("l1", &lead).await.unwrap();
            assert_eq!(fake.count(), 2);
        }
    });
}

#[test]
fn warnings_do_not_stop_a_lead_unless_the_client_is_strict() {
    simulated(async {
        let (fake, client) = server(Settings::default());
        client.leads().create(&lead_with_warnings()).await.unwrap();
        assert_eq!(fake.count(), 1);
        let (fake, client) = server(Settings { strict: true, ..Settings::default() });
        let found = issues(&fake, client.leads().create(&lead_with_warnings()).await);
        let expected = errors(&[
            ("leadInformation.phone", IssueCode::Phone),
            ("leadInformation.email", IssueCode::Email),
            ("activityLog.0.activityDate", IssueCode::Date),
        ]);
        assert_eq!(found, expected);
    });
}

#[test]
fn every_wrong_type_is_reported_at_once_except_in_undocumented_fields() {
    let extra = object(json!({
        "leadRating": "hot", "tags": "one", "additionalEmails": ["a@b.cd", 7], "leadtype": 5,
        "dealSize": true, "activityLog": [{ "activityNumber": [] }, "x"], "history": [1, "x", null],
        "mine": { "any": [] }, "_id": 7, "createdAt": {}, "units": "x", "status": null,
    }));
    simulated(async {
        let (fake, client) = server(Settings::default());
        let found = issues(
            &fake,
            client.leads().create(&Lead { extra, ..lead("M", "+201001234567") }).await,
        );
        let wrong = |path| (path, IssueCode::Type);
        let expected = [
            "leadRating",
            "tags",
            "additionalEmails.1",
            "leadtype",
            "dealSize",
            "activityLog.0.activityNumber",
            "activityLog.1",
        ];
        assert_eq!(found, errors(&expected.map(wrong)));
        let fraction = object(json!({ "leadRating": 4.5 }));
        let fields = Lead { extra: fraction, ..Lead::default() };
        let found = issues(&fake, client.leads().patch("l1", &fields).await);
        assert_eq!(found, errors(&[("leadRating", IssueCode::Integer)]));
    });
}

#[test]
fn both_spellings_at_once_are_a_warning() {
    let extra = object(json!({ "leadtype": "renting" }));
    let lead = Lead { lead_type: Some("buying".into()), extra, ..lead("Mona", "+201001234567") };
    simulated(async {
        let (_, client) = server(Settings::default());
        client.leads().create(&lead).await.unwrap();
        let (fake, client) = server(Settings { strict: true, ..Settings::default() });
        let found = issues(&fake, client.leads().create(&lead).await);
        assert_eq!(found, errors(&[("leadtype", IssueCode::Spelling)]));
    });
}

#[test]
fn a_record_that_was_read_can_be_sent_back() {
    let read = json!({
        "_id": "l1", "__v": 0, "deletedAt": null, "createdAt": "2025-08-17T14:13:14.963Z",
        "leadNumber": 7, "realmId": { "populated": true }, "units": [{}], "converted": "later",
        "leadInformation": { "firstName": "Mona", "phone": "20", "lastName": null },
        "activityLog": [{ "activityNumber": 5, "_id": "a1" }, { "activityNumber": "5" }],
        "notes": ["text", { "_id": "n1" }],
    });
    let lead: Lead = serde_json::from_value(read).unwrap();
    let number = lead.activity_log.as_ref().unwrap()[0].activity_number.clone();
    assert_eq!(number, Some(StringOrNumber::Number(5.0)));
    simulated(async {
        let (fake, client) = server(Settings::default());
        client.leads().update("l1", &lead).await.unwrap();
        client.leads().create(&lead).await.unwrap();
        assert_eq!(fake.count(), 2);
    });
}

#[test]
fn a_list_query_and_a_submission_id_are_validated_too() {
    simulated(async {
        let (fake, client) = server(Settings::default());
        let extra: Object = object(json!({ "limit": 1.5, "q": ["x"], "page": "2", "mine": "any" }));
        let query = ListQuery { extra, ..ListQuery::default() };
        let found = issues(&fake, client.leads().list(&query).await);
        let paths: std::collections::BTreeSet<_> =
            found.iter().map(|issue| issue.0.as_str()).collect();
        assert_eq!(paths.into_iter().collect::<Vec<_>>(), ["query.limit", "query.page", "query.q"]);
        assert!(found.iter().all(|issue| issue.1 == IssueCode::Format));

        for (limit, page, path) in [
            (Some(0), None, "query.limit"),
            (Some(-5), Some(0), "query.limit"),
            (None, Some(-1), "query.page"),
        ] {
            let (fake, client) = server(Settings::default());
            let query = ListQuery { limit, page, ..ListQuery::default() };
            let found = issues(&fake, client.leads().list(&query).await);
            assert_eq!(found, errors(&[(path, IssueCode::Format)]));
        }

        let taken = object(json!({ "idengagerRequestId": "request123" }));
        let lead = Lead { extra: taken, ..lead("Mona", "+201001234567") };
        let field = SubmissionField::IdengagerRequestId;
        let settings = Settings { submission_field: field, ..Settings::default() };
        let (fake, client) = server(submitting("submission-1", &settings));
        let found = issues(&fake, client.leads().create(&lead).await);
        assert_eq!(found, errors(&[("idengagerRequestId", IssueCode::Conflict)]));
        let (fake, client) = server(submitting("short", &Settings::default()));
        let found = issues(&fake, client.leads().create(&Lead::default()).await);
        assert_eq!(found.len(), 3, "with what is wrong with the lead");
        assert!(found.contains(&("submissionId".into(), IssueCode::Format, Severity::Error)));
    });
}
