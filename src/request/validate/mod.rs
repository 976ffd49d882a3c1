//! What is wrong with input. It is validated against table 2, and all issues are reported at once.
//!
//! It reads the JSON text that will be sent, for JavaScript and typed Rust callers alike. An *error*
//! stops the call; a *warning* does not, unless the client is strict: no lead is lost because of an
//! unusual telephone number.

use crate::json::{Node, Scanner, Type};
use crate::model::{Field, Kind, Model, Presence};
use crate::text::format::{is_date, is_email, is_phone};
use crate::text::{decimal, is_blank};
use alloc::string::String;
use alloc::vec::Vec;
use core::ptr;

mod issue;

#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub use issue::ISSUE_CODES;
pub use issue::{Issue, IssueCode, Severity};

/// Validates a JSON text. `required` says whether missing required fields are errors, which the vendor
/// documents for creates only. `None` if it is not one well-formed JSON value.
#[must_use]
#[doc(hidden)]
pub fn check(kind: Kind, text: &str, required: bool) -> Option<Vec<Issue>> {
    let mut validator = Validator { scanner: Scanner::new(text), required, issues: Vec::new() };
    validator.value(kind, &Path::ROOT)?;
    validator.scanner.is_at_end().then_some(validator.issues)
}

/// Where a value is: its name or index in what contains it. It becomes text only for an issue.
struct Path<'a> {
    parent: Option<&'a Self>,
    name: &'a str,
    index: Option<u32>,
}

impl<'a> Path<'a> {
    const ROOT: Path<'static> = Path { parent: None, name: "", index: None };

    const fn member(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), name, index: None }
    }

    const fn item(&'a self, index: u32) -> Self {
        Self { parent: Some(self), name: "", index: Some(index) }
    }

    fn text(&self) -> String {
        let mut text = self.parent.map_or_else(String::new, Self::text);
        if !text.is_empty() {
            text.push('.');
        }
        match self.index {
            Some(index) => text.push_str(&decimal(index)),
            None => text.push_str(self.name),
        }
        text
    }
}

/// Reads the text once, and validates each value when it is there.
struct Validator<'a> {
    scanner: Scanner<'a>,
    required: bool,
    issues: Vec<Issue>,
}

impl<'a> Validator<'a> {
    /// Reads and validates a value. Returns it unless it is an object with documented fields or a list; the outer
    /// `None`: it is malformed.
    fn value(&mut self, kind: Kind, path: &Path<'_>) -> Option<Option<Node<'a>>> {
        let found = self.scanner.peek_type()?;
        if let (Kind::Model(model), Type::Object) = (kind, found) {
            return self.members(model, path);
        }
        let value = self.scanner.value()?;
        let expected = match kind {
            Kind::Any | Kind::Note => found,
            Kind::TextOrNumber if found == Type::Number => found,
            Kind::ObjectOrArray if found == Type::Array => found,
            Kind::Text | Kind::Phone | Kind::Email | Kind::Date | Kind::TextOrNumber => {
                Type::String
            }
            Kind::Integer | Kind::Limit | Kind::Page | Kind::Number => Type::Number,
            Kind::Boolean => Type::Boolean,
            Kind::Object | Kind::Model(_) | Kind::ObjectOrArray => Type::Object,
        };
        match kind {
            _ if found != expected => self.wrong_type(expected, path),
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
        Some(Some(value))
    }

    fn error(&mut self, path: &Path<'_>, code: IssueCode, message: &'static str) {
        self.issues.push(Issue::error(&path.text(), code, message));
    }

    fn wrong_type(&mut self, expected: Type, path: &Path<'_>) {
        self.error(path, IssueCode::Type, expected.expectation());
    }

    /// Reads and validates the members of an object.
    fn members(&mut self, model: &'static Model, path: &Path<'_>) -> Option<Option<Node<'a>>> {
        // A bit for each required field, by its position among them, and for each spelling of the field with two.
        let mut present = 0_u32;
        let mut next = 0;
        let (mut has_first, mut has_second) = (false, false);
        let mut has_member = self.scanner.enter();
        while has_member {
            let name = self.scanner.name()?;
            let mut known = &*name;
            if let Some((first, second)) = model.second_spelling {
                has_first |= known == first;
                if known == second {
                    has_second = true;
                    known = first;
                }
            }
            if let Some(field) = find_after(model.fields, &mut next, known) {
                let value = self.field(field, &path.member(&name))?;
                if field.presence == Presence::Required
                    && let Some(position) = required(model).position(|it| ptr::eq(it, field))
                {
                    // The last of two members counts, as `JSON.parse` chooses it.
                    let bit = 1 << position;
                    present = if has_content(value) { present | bit } else { present & !bit };
                }
            } else {
                self.scanner.value()?;
                let is_near = |field: &Field| {
                    field.presence != Presence::Response && is_near(field.name, known)
                };
                if model.fields.iter().any(is_near) {
                    self.misspelled(path, &name);
                }
            }
            has_member = self.scanner.next(b'{')?;
        }
        if let Some((_, second)) = model.second_spelling.filter(|_| has_first && has_second) {
            self.misspelled(path, second);
        }
        for (position, field) in required(model).enumerate() {
            if self.required && present & (1 << position) == 0 {
                self.missing(field, path);
            }
        }
        Some(None)
    }

    fn misspelled(&mut self, path: &Path<'_>, name: &str) {
        let message = "is a misspelled field";
        self.issues.push(Issue::warning(path.member(name).text(), IssueCode::Spelling, message));
    }

    fn field(&mut self, field: &Field, path: &Path<'_>) -> Option<Option<Node<'a>>> {
        let found = self.scanner.peek_type()?;
        // `null` clears a field. Fields that only the CRM sets are not validated.
        if found == Type::Null || field.presence == Presence::Response {
            return self.scanner.value().map(Some);
        }
        if !field.list {
            return self.value(field.kind, path);
        }
        if found != Type::Array {
            self.wrong_type(Type::Array, path);
            return self.scanner.value().map(Some);
        }
        let mut has_item = self.scanner.enter();
        let mut index = 0;
        while has_item {
            self.value(field.kind, &path.item(index))?;
            index += 1;
            has_item = self.scanner.next(b'[')?;
        }
        Some(None)
    }

    /// Reports a required field that has no value. Of an object, its required fields are reported.
    fn missing(&mut self, field: &Field, path: &Path<'_>) {
        let path = path.member(field.name);
        match field.kind {
            Kind::Model(model) => required(model).for_each(|field| self.missing(field, &path)),
            _ => self.error(&path, IssueCode::Required, "is required"),
        }
    }

    fn format(&mut self, kind: Kind, value: Node<'_>, path: &Path<'_>) {
        let text = &value.string().unwrap_or_default();
        let (code, is_valid, message) = match kind {
            Kind::Phone => (IssueCode::Phone, is_phone(text), "is not an E.164 number"),
            Kind::Email => (IssueCode::Email, is_email(text), "is not an e-mail address"),
            _ => (IssueCode::Date, is_date(text), "is not YYYY-MM-DD or RFC 3339"),
        };
        if !is_valid && !is_blank(text) {
            self.issues.push(Issue::warning(path.text(), code, message));
        }
    }
}

/// Whether a value is something else than `null` and blank text.
fn has_content(value: Option<Node<'_>>) -> bool {
    value.is_none_or(|value| match value.kind() {
        Type::Null => false,
        Type::String => value.string().is_none_or(|text| !is_blank(&text)),
        _ => true,
    })
}

/// The field of this name. The search begins at `position`, after the last one found, because most members are in the
/// model's order.
fn find_after(
    fields: &'static [Field],
    position: &mut usize,
    name: &str,
) -> Option<&'static Field> {
    for _ in fields {
        let field = fields.get(*position)?;
        *position = if *position + 1 < fields.len() { *position + 1 } else { 0 };
        if field.name == name {
            return Some(field);
        }
    }
    None
}

/// A model's required fields.
fn required(model: &Model) -> impl Iterator<Item = &'static Field> {
    model.fields.iter().filter(|field| field.presence == Presence::Required)
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
mod tests;
