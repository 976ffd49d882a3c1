//! Submission ids: inserted into a lead, and read from a record.

use crate::json::value::Json;
use crate::json::{Node, Type, object, quote};
use crate::request::confirmation::is_empty;
use crate::request::validate::{Issue, IssueCode};
use crate::text::{is_blank, join};
use alloc::string::String;
use alloc::vec::Vec;

/// The lead's field that contains the submission id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubmissionField {
    /// `customField`, as a member of the JSON object in it.
    #[default]
    CustomField,
    /// `idengagerRequestId`, as its value.
    IdengagerRequestId,
}

const MEMBER: &str = "submissionId";

impl SubmissionField {
    /// The field's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CustomField => "customField",
            Self::IdengagerRequestId => "idengagerRequestId",
        }
    }

    /// The submission id in a record's field, empty if the field contains none; `None` if the record
    /// lacks the field.
    pub fn id_in<V: Json>(self, record: &V) -> Option<String> {
        let field = record.member(self.name())?;
        // The CRM may return as an object what it received as text.
        let text = field.string().unwrap_or_else(|| field.print());
        Some(match self {
            Self::IdengagerRequestId => text,
            Self::CustomField => Node::parse(&text)
                .and_then(|node| node.member(MEMBER)?.string())
                .map_or_else(String::new, Into::into),
        })
    }

    /// Whether a record's field contains this id; `None` if the record lacks the field.
    pub fn has_id<V: Json>(self, record: &V, id: &str) -> Option<bool> {
        Some(self.id_in(record)? == id)
    }

    /// Whether a record may have been created with this id: its field contains the id, or is missing
    /// or empty.
    pub(crate) fn may_have_id<V: Json>(self, record: &V, id: &str) -> bool {
        record.member(self.name()).is_none_or(|field| is_empty(&field))
            || self.has_id(record, id) == Some(true)
    }

    /// The lead's JSON text with the id in this field.
    ///
    /// # Errors
    ///
    /// If `idengagerRequestId` already has another value.
    pub fn insert_id(self, lead: Node<'_>, id: &str) -> Result<String, Issue> {
        let present = lead.member(self.name());
        let text = present.and_then(Node::string).unwrap_or_default();
        let value = match self {
            Self::IdengagerRequestId if !is_blank(&text) && text != id => {
                let message = "differs from the submission id";
                return Err(Issue::error(self.name(), IssueCode::Conflict, message));
            }
            Self::IdengagerRequestId => id.into(),
            Self::CustomField => custom_field_with_id(&text, present.map_or("", Node::text), id),
        };
        Ok(lead.with_member(self.name(), &quote(&value)))
    }
}

/// Whether an id is 8 to 64 of `[A-Za-z0-9_-]`.
#[must_use]
pub fn is_submission_id(id: &str) -> bool {
    (8..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// `customField` with the id: added to an object's members; other text is kept unchanged (`literal`)
/// in a member `text`.
fn custom_field_with_id(text: &str, literal: &str, id: &str) -> String {
    let (name, id) = (quote(MEMBER), quote(id));
    let object_node = Node::parse(text).filter(|node| node.kind() == Type::Object);
    let members = object_node.map(Node::members).unwrap_or_default();
    let mut members: Vec<_> = members
        .iter()
        .filter(|member| !member.is(MEMBER))
        .map(|member| (member.name.text(), member.value.text()))
        .collect();
    members.push((&name, &id));
    if object_node.is_none() && !text.is_empty() {
        members.push(("\"text\"", literal));
    }
    object(&members)
}

/// The text of an object with a member renamed; `None` if it has no such member, or already has one
/// with the other name.
#[must_use]
pub fn rename_member(object: Node<'_>, name: &str, other: &str) -> Option<String> {
    if object.member(other).is_some() {
        return None;
    }
    let members = object.members();
    let member = members.iter().find(|member| member.is(name))?;
    let whole = object.text();
    let start = member.name.text().as_ptr() as usize - whole.as_ptr() as usize;
    let (before, rest) = whole.split_at_checked(start)?;
    let after = rest.get(member.name.text().len()..)?;
    Some(join(&[before, &quote(other), after]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "submission-1";

    fn with_id(lead: &str) -> String {
        SubmissionField::CustomField.insert_id(Node::parse(lead).unwrap(), ID).unwrap()
    }

    #[test]
    fn the_id_is_added_to_existing_content() {
        for (lead, expected) in [
            ("{}", r#"{"customField":"{\"submissionId\":\"submission-1\"}"}"#),
            (
                r#"{"customField":"","a":1}"#,
                r#"{"customField":"{\"submissionId\":\"submission-1\"}","a":1}"#,
            ),
            // Invisible text is still the caller's.
            (
                r#"{"customField":"  "}"#,
                r#"{"customField":"{\"submissionId\":\"submission-1\",\"text\":\"  \"}"}"#,
            ),
            (
                r#"{"a":1,"customField":null}"#,
                r#"{"a":1,"customField":"{\"submissionId\":\"submission-1\"}"}"#,
            ),
            (
                r#"{"customField":"{\"utm\": [1]}"}"#,
                r#"{"customField":"{\"utm\":[1],\"submissionId\":\"submission-1\"}"}"#,
            ),
            (
                r#"{"customField":"{\"submissionId\":\"older-one\",\"b\":2}"}"#,
                r#"{"customField":"{\"b\":2,\"submissionId\":\"submission-1\"}"}"#,
            ),
            (
                r#"{"customField":"call \"me\""}"#,
                r#"{"customField":"{\"submissionId\":\"submission-1\",\"text\":\"call \\\"me\\\"\"}"}"#,
            ),
            (
                r#"{"customField":"[1]"}"#,
                r#"{"customField":"{\"submissionId\":\"submission-1\",\"text\":\"[1]\"}"}"#,
            ),
        ] {
            assert_eq!(with_id(lead), expected);
        }
    }

    #[test]
    fn an_inserted_id_is_found() {
        for lead in ["{}", r#"{"customField":"{\"a\":1}"}"#, r#"{"customField":"text"}"#] {
            let record: serde_json::Value = serde_json::from_str(&with_id(lead)).unwrap();
            assert_eq!(SubmissionField::CustomField.has_id(&record, ID), Some(true));
            assert_eq!(SubmissionField::CustomField.has_id(&record, "submission-2"), Some(false));
        }
        let bare = serde_json::json!({ "_id": "1" });
        assert_eq!(SubmissionField::CustomField.has_id(&bare, ID), None);
        // An id mentioned in other text does not count.
        let mention = serde_json::json!({ "customField": ID });
        assert_eq!(SubmissionField::CustomField.has_id(&mention, ID), Some(false));
    }

    #[test]
    fn a_created_record_has_the_id_or_an_empty_field() {
        let field = SubmissionField::CustomField;
        for own in [
            serde_json::json!({}),
            serde_json::json!({ "customField": null }),
            serde_json::json!({ "customField": "" }),
            serde_json::json!({ "customField": {} }),
            serde_json::json!({ "customField": [] }),
            serde_json::json!({ "customField": { "submissionId": ID } }),
            serde_json::json!({ "customField": "{\"submissionId\":\"submission-1\"}" }),
        ] {
            assert!(field.may_have_id(&own, ID), "{own}");
        }
        for other in [
            serde_json::json!({ "customField": "{\"submissionId\":\"submission-2\"}" }),
            serde_json::json!({ "customField": { "submissionId": "submission-2" } }),
            serde_json::json!({ "customField": "{}" }),
            serde_json::json!({ "customField": ID }),
            serde_json::json!({ "customField": 7 }),
        ] {
            assert!(!field.may_have_id(&other, ID), "{other}");
        }
        let field = SubmissionField::IdengagerRequestId;
        assert!(field.may_have_id(&serde_json::json!({ "idengagerRequestId": ID }), ID));
        assert!(field.may_have_id(&serde_json::json!({ "idengagerRequestId": "" }), ID));
        assert!(!field.may_have_id(&serde_json::json!({ "idengagerRequestId": "request123" }), ID));
    }

    #[test]
    fn the_request_id_field_must_be_empty_or_equal() {
        let field = SubmissionField::IdengagerRequestId;
        let insert = |lead| field.insert_id(Node::parse(lead).unwrap(), ID);
        assert_eq!(insert("{}").unwrap(), r#"{"idengagerRequestId":"submission-1"}"#);
        for free in [
            r#"{"idengagerRequestId":"submission-1"}"#,
            r#"{"idengagerRequestId":" "}"#,
            r#"{"idengagerRequestId":null}"#,
        ] {
            assert_eq!(insert(free).unwrap(), r#"{"idengagerRequestId":"submission-1"}"#);
        }
        assert_eq!(
            insert(r#"{"idengagerRequestId":"other"}"#).unwrap_err().code,
            IssueCode::Conflict
        );
    }

    #[test]
    fn a_member_is_renamed_in_place() {
        let rename = |text| rename_member(Node::parse(text).unwrap(), "leadType", "leadtype");
        assert_eq!(
            rename(r#"{"a": 1, "leadType" : "x"}"#).unwrap(),
            r#"{"a": 1, "leadtype" : "x"}"#
        );
        assert_eq!(rename(r#"{"leadType":"x","leadtype":"y"}"#), None);
        assert_eq!(rename("{}"), None);
    }

    #[test]
    fn submission_ids_have_8_to_64_characters() {
        assert!(is_submission_id("Abc_-123") && is_submission_id(&"a".repeat(64)));
        assert!(
            !is_submission_id("short")
                && !is_submission_id(&"a".repeat(65))
                && !is_submission_id("a b c d e")
        );
    }
}
