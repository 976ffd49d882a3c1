use super::*;
use crate::model::Lead;

fn issues(body: &str) -> Vec<(String, IssueCode)> {
    check(Kind::Model(&Lead::MODEL), body, true)
        .unwrap()
        .into_iter()
        .map(|issue| (issue.path, issue.code))
        .collect()
}

#[test]
fn an_empty_lead_lacks_both_required_fields() {
    let both = [
        ("leadInformation.firstName".into(), IssueCode::Required),
        ("leadInformation.phone".into(), IssueCode::Required),
    ];
    for body in
        ["{}", r#"{"leadInformation":null}"#, r#"{"leadInformation":{"phone":" ","firstName":""}}"#]
    {
        assert_eq!(issues(body), both, "{body}");
    }
    assert_eq!(check(Kind::Model(&Lead::MODEL), "{}", false), Some(Vec::new()));
}

#[test]
fn all_issues_are_reported_at_once() {
    let body = r#"{"leadInformation":{"firstName":5,"phone":"0100","email":"x"},"leadRating":4.5,
        "additionalPhones":["+201001234567",7],"activityLog":[{"activityDate":"19/04/2023"},"x"],
        "leadType":"a","leadtype":"b","tags":{},"notes":["a",{}],"_id":7,"createdAt":0,"custom":[],"status":null}"#;
    let found = issues(body);
    let expected = [
        ("leadInformation.firstName", IssueCode::Type),
        ("leadInformation.phone", IssueCode::Phone),
        ("leadInformation.email", IssueCode::Email),
        ("leadRating", IssueCode::Integer),
        ("additionalPhones.1", IssueCode::Type),
        ("activityLog.0.activityDate", IssueCode::Date),
        ("activityLog.1", IssueCode::Type),
        ("tags", IssueCode::Type),
        ("leadtype", IssueCode::Spelling),
    ];
    assert_eq!(found, expected.map(|(path, code)| (path.to_owned(), code)));
}

#[test]
fn a_name_in_another_spelling_is_a_warning() {
    let body = r#"{"campaign_name":"a","Deal-Size":1,"custom_Field":"x","campaign":1,"uid_":1,"leadtype":"a",
        "leadInformation":{"first_name":"A","firstName":"A","phone":"+201001234567"}}"#;
    let paths = ["campaign_name", "Deal-Size", "custom_Field", "leadInformation.first_name"];
    assert_eq!(issues(body), paths.map(|path| (path.to_owned(), IssueCode::Spelling)));
}

#[test]
fn a_body_that_is_not_an_object_is_one_issue() {
    assert_eq!(issues("[]"), [(String::new(), IssueCode::Type)]);
    assert_eq!(issues("null"), [(String::new(), IssueCode::Type)]);
}
