//! Validates input against table 2 and reports all issues at once.
//!
//! It reads the JSON text that will be sent, for JavaScript and typed Rust callers alike. An *error*
//! stops the call; a *warning* does not, unless the client is strict: no lead is lost because of an
//! unusual telephone number.

use crate::json::{Node, Type, last};
use crate::model::{Field, Kind, Model, Presence};
use crate::text::format::{is_date, is_email, is_phone};
use crate::text::{decimal, is_blank};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A problem with the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The place in the input: wire names and indexes joined by dots, as in `leadInformation.phone` or
    /// `additionalPhones.0`; empty for the whole body.
    pub path: String,
    /// What is wrong, from a closed list.
    pub code: IssueCode,
    /// Whether it stops the call.
    pub severity: Severity,
    /// What is wrong, in English. It never contains the value.
    pub message: &'static str,
}

macro_rules! codes {
    ($(#[doc = $doc:literal] $code:ident $name:literal;)*) => {
        /// The code of an issue. The list is closed, because forms switch on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IssueCode {
            $(#[doc = $doc] $code,)*
        }

        /// The name of every code, in order.
        #[cfg(not(target_arch = "wasm32"))]
        pub static ISSUE_CODES: &[(IssueCode, &str)] = &[$((IssueCode::$code, $name)),*];
    };
}

codes! {
    #[doc = "A required field is missing, empty or blank."]
    Required "required";
    #[doc = "The value has the wrong JSON type."]
    Type "type";
    #[doc = "A number has a fraction where an integer is expected."]
    Integer "integer";
    #[doc = "The value is not valid JSON."]
    Json "json";
    #[doc = "The submission id differs from the one already in the field, or belongs to another lead."]
    Conflict "conflict";
    #[doc = "An id, path, query parameter or submission id is invalid."]
    Format "format";
    #[doc = "A telephone number is not in E.164 format."]
    Phone "phone";
    #[doc = "An e-mail address has an unusual format."]
    Email "email";
    #[doc = "A date is neither `YYYY-MM-DD` nor RFC 3339."]
    Date "date";
    #[doc = "A field is set in both of its documented spellings, or its name differs from a documented one only in case, `_` or `-`."]
    Spelling "spelling";
    #[doc = "JavaScript rounds the integer."]
    Precision "precision";
}

/// Whether an issue stops the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It stops the call.
    Error,
    /// It stops the call only if [`Settings::strict`](crate::Settings::strict) is set.
    Warning,
}

impl Issue {
    pub(crate) fn error(path: &str, code: IssueCode, message: &'static str) -> Self {
        Self { path: path.into(), code, severity: Severity::Error, message }
    }

    fn warning(path: String, code: IssueCode, message: &'static str) -> Self {
        Self { path, code, severity: Severity::Warning, message }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the body" } else { &self.path };
        write!(formatter, "{path} {}", self.message)
    }
}

/// Validates a value. `required` says whether missing required fields are errors, which the vendor
/// documents for creates only.
#[must_use]
pub fn check(kind: Kind, value: Node<'_>, required: bool) -> Vec<Issue> {
    let mut validator = Validator { required, issues: Vec::new() };
    validator.value(kind, value, &Path::ROOT);
    validator.issues
}

/// Where a value is: its name or index in what contains it. It becomes text only for an issue.
struct Path<'a> {
    parent: Option<&'a Self>,
    name: &'a str,
}

impl<'a> Path<'a> {
    const ROOT: Path<'static> = Path { parent: None, name: "" };

    const fn then(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), name }
    }

    fn text(&self) -> String {
        let mut text = self.parent.map_or_else(String::new, Self::text);
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(self.name);
        text
    }
}

struct Validator {
    required: bool,
    issues: Vec<Issue>,
}

impl Validator {
    fn value(&mut self, kind: Kind, value: Node<'_>, path: &Path<'_>) {
        let expected = match kind {
            Kind::Any | Kind::Note => return,
            Kind::Model(model) if value.kind() == Type::Object => {
                return self.fields(model, value, path);
            }
            Kind::Text | Kind::Phone | Kind::Email | Kind::Date => Type::String,
            Kind::Integer | Kind::Limit | Kind::Page | Kind::Number => Type::Number,
            Kind::Boolean => Type::Boolean,
            Kind::Object | Kind::Model(_) => Type::Object,
            Kind::TextOrNumber if value.kind() == Type::Number => return,
            Kind::TextOrNumber => Type::String,
            Kind::ObjectOrArray if value.kind() == Type::Array => return,
            Kind::ObjectOrArray => Type::Object,
        };
        if value.kind() != expected {
            return self.wrong_type(expected, path);
        }
        match kind {
            Kind::Integer | Kind::Limit | Kind::Page if !value.is_integer() => {
                self.error(path, IssueCode::Integer, "must have no fraction");
            }
            Kind::Limit | Kind::Page
                if matches!(
                    (kind, value.text().as_bytes()),
                    (_, [b'-', ..]) | (Kind::Limit, b"0")
                ) =>
            {
                self.error(path, IssueCode::Format, "is too small");
            }
            Kind::Phone | Kind::Email | Kind::Date => self.format(kind, value, path),
            _ => {}
        }
    }

    fn error(&mut self, path: &Path<'_>, code: IssueCode, message: &'static str) {
        self.issues.push(Issue::error(&path.text(), code, message));
    }

    fn wrong_type(&mut self, expected: Type, path: &Path<'_>) {
        self.error(path, IssueCode::Type, expected.expectation());
    }

    fn fields(&mut self, model: &'static Model, value: Node<'_>, path: &Path<'_>) {
        let members = value.members();
        for member in &members {
            let name = member.name.string().unwrap_or_default();
            // Both spellings are the same field.
            let known = match model.second_spelling {
                Some((field, other)) if name == other => field,
                _ => &*name,
            };
            let Some(field) = model.fields.iter().find(|field| field.name == known) else {
                let is_near = |field: &Field| {
                    field.presence != Presence::Response && is_near(field.name, known)
                };
                if model.fields.iter().any(is_near) {
                    self.misspelled(path, &name);
                }
                continue;
            };
            // `null` clears a field. Fields that only the CRM sets are not validated.
            if field.presence != Presence::Response && member.value.kind() != Type::Null {
                self.field(field, member.value, &path.then(&name));
            }
        }
        if let Some((name, other)) = model.second_spelling
            && last(&members, name).is_some()
            && last(&members, other).is_some()
        {
            self.misspelled(path, other);
        }
        for field in model.fields {
            if self.required && field.presence == Presence::Required {
                self.presence(field, last(&members, field.name), path);
            }
        }
    }

    fn misspelled(&mut self, path: &Path<'_>, name: &str) {
        let message = "is a misspelled field";
        self.issues.push(Issue::warning(path.then(name).text(), IssueCode::Spelling, message));
    }

    fn field(&mut self, field: &Field, value: Node<'_>, path: &Path<'_>) {
        if !field.list {
            return self.value(field.kind, value, path);
        }
        if value.kind() != Type::Array {
            return self.wrong_type(Type::Array, path);
        }
        for (index, item) in value.items().into_iter().enumerate() {
            self.value(field.kind, item, &path.then(&decimal(index as u32)));
        }
    }

    fn presence(&mut self, field: &Field, value: Option<Node<'_>>, path: &Path<'_>) {
        let missing = value.is_none_or(|value| match value.kind() {
            Type::Null => true,
            Type::String => value.string().is_some_and(|text| is_blank(&text)),
            _ => false,
        });
        if !missing {
            return;
        }
        let path = path.then(field.name);
        match field.kind {
            // Of a missing object, its required fields are reported.
            Kind::Model(model) => {
                for field in model.fields {
                    if field.presence == Presence::Required {
                        self.presence(field, None, &path);
                    }
                }
            }
            _ => self.error(&path, IssueCode::Required, "is required"),
        }
    }

    fn format(&mut self, kind: Kind, value: Node<'_>, path: &Path<'_>) {
        let text = value.string().unwrap_or_default();
        let (code, is_valid, message) = match kind {
            Kind::Phone => (IssueCode::Phone, is_phone(&text), "is not an E.164 number"),
            Kind::Email => (IssueCode::Email, is_email(&text), "is not an e-mail address"),
            _ => (IssueCode::Date, is_date(&text), "is not YYYY-MM-DD or RFC 3339"),
        };
        if !is_valid && !is_blank(&text) {
            self.issues.push(Issue::warning(path.text(), code, message));
        }
    }
}

/// Whether two names differ only in case, `_` and `-`: `campaignName`, `campaign_name`.
fn is_near(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    loop {
        match (one, other) {
            ([b'_' | b'-', rest @ ..], _) => one = rest,
            (_, [b'_' | b'-', rest @ ..]) => other = rest,
            ([a, one_rest @ ..], [b, other_rest @ ..]) if a.eq_ignore_ascii_case(b) => {
                (one, other) = (one_rest, other_rest);
            }
            _ => return one.len() + other.len() == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lead;

    fn issues(body: &str) -> Vec<(String, IssueCode)> {
        let node = Node::parse(body).unwrap();
        check(Kind::Model(&Lead::MODEL), node, true)
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
        for body in [
            "{}",
            r#"{"leadInformation":null}"#,
            r#"{"leadInformation":{"phone":" ","firstName":""}}"#,
        ] {
            assert_eq!(issues(body), both, "{body}");
        }
        assert!(check(Kind::Model(&Lead::MODEL), Node::parse("{}").unwrap(), false).is_empty());
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
}
