//! Validates and writes the path, query and body of a request, before anything is sent.

use crate::json::{Node, Type};
use crate::model::{Kind, Model};
use crate::request::endpoint::{self, Input, Method, Operation, Output};
use crate::request::path::{encode, fill, is_plain_path};
use crate::request::settings::CallSettings;
use crate::request::submission::{is_submission_id, rename_member};
use crate::request::validate::{Issue, IssueCode, Severity, check};
use crate::text::join;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// A request that is ready to be sent.
#[derive(Clone, Debug)]
pub struct PreparedRequest {
    /// The HTTP method.
    pub method: Method,
    /// The route template, as in `/leads/{id}`.
    pub route: Cow<'static, str>,
    /// The path and query below the base URL.
    pub target: String,
    /// The JSON body.
    pub body: Option<String>,
    /// Whether it is the caller's, unchanged.
    pub is_body_unchanged: bool,
    /// The expected response.
    pub output: Output,
    /// Whether it is `leads.create`.
    pub creates_lead: bool,
    /// The warnings about the input.
    pub warnings: Vec<Issue>,
    /// What a lead is looked up by if the response to its create is lost.
    pub submission: Option<Submission>,
}

/// What a lead is looked up by.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its submission id.
    pub id: String,
    /// Its telephone number.
    pub phone: String,
}

/// The caller's input in addition to the operation, as text.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it holds a function")]
pub struct CallInput<'a> {
    /// The path's arguments by position; `None` if an argument is not a string.
    pub argument: &'a dyn Fn(usize) -> Option<String>,
    /// The query parameters: a JSON object.
    pub query: Option<&'a str>,
    /// The body: JSON.
    pub body: Option<String>,
}

impl PreparedRequest {
    /// Prepares the request of an operation.
    ///
    /// # Errors
    ///
    /// All issues. Nothing may be sent then.
    pub fn new(
        operation: &Operation,
        input: CallInput<'_>,
        settings: &CallSettings,
    ) -> Result<Self, Vec<Issue>> {
        let mut draft = Draft::new(operation.method, Cow::Borrowed(operation.path), "", &input);
        draft.request.output = operation.output;
        match (operation.input, input.body) {
            (Input::Query(model), _) => draft.check_query(model, input.query),
            (Input::None, _) | (Input::OptionalBody(_), None) => {}
            (Input::Body(kind) | Input::OptionalBody(kind), body) => {
                draft.request.creates_lead =
                    core::ptr::eq(operation, &raw const endpoint::leads::create);
                draft.set_body(kind, body, settings);
            }
        }
        draft.finish(settings)
    }

    /// Prepares a request that is not one of the operations.
    ///
    /// # Errors
    ///
    /// All issues. Nothing may be sent then.
    pub fn custom(
        method: &str,
        path: &str,
        input: CallInput<'_>,
        settings: &CallSettings,
    ) -> Result<Self, Vec<Issue>> {
        let known = Method::named(method);
        let route = Cow::Owned(path.into());
        let mut draft = Draft::new(known.unwrap_or(Method::Get), route, "params.", &input);
        if known.is_none() {
            draft.add_error("method", IssueCode::Format, "must be GET, POST, PUT, PATCH or DELETE");
        }
        if !is_plain_path(path) {
            let message = "must be a plain path that starts with one slash";
            draft.add_error("path", IssueCode::Format, message);
        }
        if known == Some(Method::Get) && input.body.is_some() {
            draft.add_error("", IssueCode::Format, "must be left out of a GET");
        }
        draft.request.body = input.body;
        draft.finish(settings)
    }
}

/// A request being prepared, with the issues found so far.
struct Draft {
    request: PreparedRequest,
    issues: Vec<Issue>,
}

impl Draft {
    fn new(method: Method, route: Cow<'static, str>, prefix: &str, input: &CallInput<'_>) -> Self {
        let mut issues = Vec::new();
        let mut target = fill(&route, input.argument, prefix, &mut issues);
        if let Some(query) = input.query {
            write_query(query, &mut target, &mut issues);
        }
        let request = PreparedRequest {
            method,
            route,
            target,
            body: None,
            is_body_unchanged: true,
            output: Output::Any,
            creates_lead: false,
            warnings: Vec::new(),
            submission: None,
        };
        Self { request, issues }
    }

    fn add_error(&mut self, path: &str, code: IssueCode, message: &'static str) {
        self.issues.push(Issue::error(path, code, message));
    }

    /// Validates the documented query parameters.
    fn check_query(&mut self, model: &'static Model, query: Option<&str>) {
        let issues = query.and_then(|query| check(Kind::Model(model), query, false));
        for issue in issues.unwrap_or_default() {
            if !issue.path.is_empty() && issue.severity == Severity::Error {
                self.add_error(&join(&["query.", &issue.path]), IssueCode::Format, issue.message);
            }
        }
    }

    /// Validates a body and sets it unchanged, except for a field that the vendor's guide spells
    /// differently and for a lead's submission id.
    fn set_body(&mut self, kind: Kind, body: Option<String>, settings: &CallSettings) {
        let mut text = body.unwrap_or_default();
        let Some(mut issues) = check(kind, &text, self.request.method == Method::Post) else {
            return self.add_error("", IssueCode::Json, "is not a JSON value");
        };
        self.issues.append(&mut issues);
        let mut is_unchanged = true;
        if let Kind::Model(Model { second_spelling: Some((name, other)), .. }) = kind
            && settings.integration_token
            && let Some(renamed) =
                Node::parse(&text).and_then(|node| rename_member(node, name, other))
        {
            text = renamed;
            is_unchanged = false;
        }
        if let Some(id) = settings.submission_id.as_ref().filter(|_| self.request.creates_lead) {
            self.insert_id(id, &mut text, settings);
            is_unchanged = false;
        }
        self.request.body = Some(text);
        self.request.is_body_unchanged = is_unchanged;
    }

    /// Inserts the submission id into the lead.
    fn insert_id(&mut self, id: &str, lead: &mut String, settings: &CallSettings) {
        if !is_submission_id(id) {
            let message = "must be 8 to 64 of A-Z, a-z, 0-9, - and _";
            self.add_error("submissionId", IssueCode::Format, message);
        }
        let Some(node) = Node::parse(lead).filter(|node| node.kind() == Type::Object) else {
            return;
        };
        let phone = node.member("leadInformation").and_then(|person| person.member("phone"));
        let phone = phone.and_then(Node::string).unwrap_or_default().into();
        match settings.submission_field.insert_id(node, id) {
            Ok(with_id) => *lead = with_id,
            Err(issue) => self.issues.push(issue),
        }
        self.request.submission = Some(Submission { id: id.into(), phone });
    }

    fn finish(mut self, settings: &CallSettings) -> Result<PreparedRequest, Vec<Issue>> {
        if settings.strict {
            self.issues.iter_mut().for_each(|issue| issue.severity = Severity::Error);
        }
        if self.issues.iter().any(|issue| issue.severity == Severity::Error) {
            return Err(self.issues);
        }
        self.request.warnings = self.issues;
        Ok(self.request)
    }
}

/// Writes the members of an object as query parameters: strings, numbers and booleans.
fn write_query(query: &str, target: &mut String, issues: &mut Vec<Issue>) {
    let Some(node) = Node::parse(query).filter(|node| node.kind() == Type::Object) else {
        issues.push(Issue::error("query", IssueCode::Format, "must be an object"));
        return;
    };
    let mut separator = '?';
    for member in node.members() {
        let name = member.name.string().unwrap_or_default();
        let value = match member.value.kind() {
            Type::String => member.value.string().unwrap_or_default(),
            Type::Number | Type::Boolean => member.value.text().into(),
            Type::Null | Type::Array | Type::Object => {
                let message = "must be a string, number or boolean";
                issues.push(Issue::error(&join(&["query.", &name]), IssueCode::Format, message));
                continue;
            }
        };
        target.push(separator);
        separator = '&';
        encode(&name, target);
        target.push('=');
        encode(&value, target);
    }
}
