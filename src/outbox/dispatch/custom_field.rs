//! `customField`: composed when the lead is sent.

use crate::json::{Node, Type, object, quote};
use crate::request::submission::SubmissionField;
use alloc::string::String;
use alloc::vec::Vec;

/// The longest `customField`, in bytes of UTF-8.
pub const MAX_CUSTOM_FIELD_BYTES: usize = 4_000;

/// Its members after `submissionId` and before `marks`, in order.
const MEMBERS: [&str; 8] =
    ["attribution", "source", "consent", "page", "landingPage", "referrer", "locale", "phone"];

/// The lead's JSON text as it is sent: with the submission id in its field, and in `customField` as much
/// of `custom` and `marks` as fits. A text that is not a JSON object is returned unchanged; the
/// validation rejects it.
#[must_use]
pub fn compose(
    lead: &str,
    id: &str,
    custom: &str,
    marks: &[String],
    field: SubmissionField,
) -> String {
    let Some(node) = Node::parse(lead).filter(|node| node.kind() == Type::Object) else {
        return lead.into();
    };
    let text = node.with_member("customField", &quote(&custom_field(id, custom, marks)));
    match (field, Node::parse(&text)) {
        (SubmissionField::IdengagerRequestId, Some(node)) => {
            node.with_member(field.name(), &quote(id))
        }
        _ => text,
    }
}

/// `customField`: members are omitted from the end until it fits.
fn custom_field(id: &str, custom: &str, marks: &[String]) -> String {
    let quoted = |items: &[String]| items.iter().map(|mark| quote(mark)).collect::<Vec<_>>();
    let marks = (!marks.is_empty()).then(|| ["[", &quoted(marks).join(","), "]"].concat());
    let names: Vec<String> = MEMBERS.iter().map(|name| quote(name)).collect();
    let (member, id) = (quote("submissionId"), quote(id));
    let mut members: Vec<(&str, &str)> = Vec::from([(member.as_str(), id.as_str())]);
    if let Some(node) = Node::parse(custom) {
        let found = MEMBERS.iter().zip(&names).filter_map(|(name, quoted)| {
            node.member(name).map(|value| (quoted.as_str(), value.text()))
        });
        members.extend(found);
    }
    if let Some(marks) = &marks {
        members.push(("\"marks\"", marks));
    }
    loop {
        let text = object(&members);
        if text.len() <= MAX_CUSTOM_FIELD_BYTES || members.len() < 2 {
            return text;
        }
        members.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ID: &str = "submission-1";

    fn composed(custom: &str, marks: &[String]) -> (String, Value) {
        let lead = compose(r#"{"a":1}"#, ID, custom, marks, SubmissionField::CustomField);
        let lead: Value = serde_json::from_str(&lead).unwrap();
        let text = lead["customField"].as_str().unwrap();
        (text.into(), serde_json::from_str(text).unwrap())
    }

    #[test]
    fn members_have_a_fixed_order_and_unknown_ones_are_omitted() {
        let custom = r#"{"phone":{"raw":"1"},"x":1,"page":"p","attribution":{"last":{}}}"#;
        let (text, _) = composed(custom, &["rate".into(), "conflict".into()]);
        assert_eq!(
            text,
            r#"{"submissionId":"submission-1","attribution":{"last":{}},"page":"p","phone":{"raw":"1"},"marks":["rate","conflict"]}"#
        );
        assert_eq!(composed("[1]", &[]).0, r#"{"submissionId":"submission-1"}"#);
        assert_eq!(composed("no json", &[]).0, r#"{"submissionId":"submission-1"}"#);
    }

    #[test]
    fn members_that_do_not_fit_are_omitted_from_the_end() {
        for letter in ["a", "\u{633}", "\u{1f600}", "\u{7}", "\""] {
            for length in [10, 900, 1_300, 1_990, 3_940, 3_970, 4_500] {
                let page = letter.repeat(length);
                let custom = json!({ "attribution": 1, "page": page, "locale": "ar" });
                let (text, value) = composed(&custom.to_string(), &["rate".into()]);
                assert!(text.len() <= MAX_CUSTOM_FIELD_BYTES);
                assert_eq!(value["submissionId"], ID);
                assert_eq!(value["attribution"], 1);
                let whole = json!({ "submissionId": ID, "attribution": 1, "page": page,
                    "locale": "ar", "marks": ["rate"] });
                if whole.to_string().len() <= MAX_CUSTOM_FIELD_BYTES {
                    assert_eq!(value, whole);
                } else {
                    // Never a member after an omitted one.
                    let names: Vec<&String> = value.as_object().unwrap().keys().collect();
                    let all = ["submissionId", "attribution", "page", "locale", "marks"];
                    assert_eq!(names, all[..names.len()].iter().collect::<Vec<_>>());
                }
            }
        }
    }

    #[test]
    fn the_id_can_also_be_in_the_request_id_field() {
        let field = SubmissionField::IdengagerRequestId;
        let lead = compose(r#"{"idengagerRequestId":"other"}"#, ID, "{}", &[], field);
        let lead: Value = serde_json::from_str(&lead).unwrap();
        assert_eq!(lead["idengagerRequestId"], ID);
        assert_eq!(lead["customField"], r#"{"submissionId":"submission-1"}"#);
    }
}
