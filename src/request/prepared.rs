//! A call made ready: its path, query and body checked and written, before anything is sent.

use crate::json::{Node, Type};
use crate::model::{Kind, Model};
use crate::request::endpoint::{self, Input, Method, Operation, Output};
use crate::request::path::{encode, fill, is_plain_path};
use crate::request::settings::Settings;
use crate::request::submission::{is_submission_id, rename_member};
use crate::request::validate::{Code, Issue, Severity, check};
use crate::text::join;
use alloc::string::String;
use alloc::vec::Vec;

/// A call that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// The path's template.
    pub route: String,
    /// Path and query below the base URL.
    pub target: String,
    /// The JSON body.
    pub body: Option<String>,
    /// What is promised.
    pub output: Output,
    /// Whether it is `leads.create`.
    pub creates_lead: bool,
    /// What is doubtful about what is sent.
    pub warnings: Vec<Issue>,
    /// What to look for when the answer to a lead's creation is lost.
    pub submission: Option<Submission>,
}

/// What a lead that may or may not exist can be found by.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The submission id it carries.
    pub id: String,
    /// Its telephone number.
    pub phone: String,
}

/// The caller's input in addition to the operation, as text.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "it holds a function")]
pub struct Given<'a> {
    /// The path's arguments by their order; `None` stands for one that is no string.
    pub argument: &'a dyn Fn(usize) -> Option<String>,
    /// What the query is made of: a JSON object.
    pub query: Option<&'a str>,
    /// The body: JSON.
    pub body: Option<&'a str>,
}

impl Call {
    /// Makes an operation's call ready.
    ///
    /// # Errors
    ///
    /// Every issue: nothing may be sent then.
    pub fn prepare(
        operation: &Operation,
        given: Given<'_>,
        settings: &Settings,
    ) -> Result<Self, Vec<Issue>> {
        let mut draft = Draft::new(operation.method, operation.path, "", given);
        draft.call.output = operation.output;
        match (operation.input, given.body) {
            (Input::Query(model), _) => draft.check_query(model, given.query),
            (Input::None, _) | (Input::OptionalBody(_), None) => {}
            (Input::Body(kind) | Input::OptionalBody(kind), body) => {
                draft.call.creates_lead =
                    core::ptr::eq(operation, &raw const endpoint::leads::create);
                draft.body(kind, body, settings);
            }
        }
        draft.finish(settings)
    }

    /// Makes a call ready that is not one of the operations.
    ///
    /// # Errors
    ///
    /// Every issue.
    pub fn custom(
        method: &str,
        path: &str,
        given: Given<'_>,
        settings: &Settings,
    ) -> Result<Self, Vec<Issue>> {
        let known = Method::named(method);
        let mut draft = Draft::new(known.unwrap_or(Method::Get), path, "params.", given);
        if known.is_none() {
            draft.refuse("method", Code::Format, "must be GET, POST, PUT, PATCH or DELETE");
        }
        if !is_plain_path(path) {
            let message = "must be a plain path that starts with one slash";
            draft.refuse("path", Code::Format, message);
        }
        if known == Some(Method::Get) && given.body.is_some() {
            draft.refuse("", Code::Format, "must be left out of a GET");
        }
        draft.call.body = given.body.map(Into::into);
        draft.finish(settings)
    }
}

/// A call in the making, with what is wrong with it so far.
struct Draft {
    call: Call,
    issues: Vec<Issue>,
}

impl Draft {
    fn new(method: Method, path: &str, prefix: &str, given: Given<'_>) -> Self {
        let mut issues = Vec::new();
        let mut target = fill(path, given.argument, prefix, &mut issues);
        if let Some(query) = given.query {
            write_query(query, &mut target, &mut issues);
        }
        let call = Call {
            method,
            route: path.into(),
            target,
            body: None,
            output: Output::Any,
            creates_lead: false,
            warnings: Vec::new(),
            submission: None,
        };
        Self { call, issues }
    }

    fn refuse(&mut self, path: &str, code: Code, message: &'static str) {
        self.issues.push(Issue::error(path, code, message));
    }

    /// Checks what is documented of a query.
    fn check_query(&mut self, model: &'static Model, query: Option<&str>) {
        let Some(node) = query.and_then(Node::parse) else {
            return;
        };
        for issue in check(Kind::Model(model), node, false) {
            if !issue.path.is_empty() && issue.severity == Severity::Error {
                self.refuse(&join(&["query.", &issue.path]), Code::Format, issue.message);
            }
        }
    }

    /// Checks a body and takes it as it is, but for a field that the guide spells otherwise and
    /// for the submission id of a lead that is to be made once.
    fn body(&mut self, kind: Kind, body: Option<&str>, settings: &Settings) {
        let Some(node) = body.and_then(Node::parse) else {
            return self.refuse("", Code::Json, "is not a JSON value");
        };
        self.issues.append(&mut check(kind, node, self.call.method == Method::Post));
        let mut text: String = node.text().into();
        if let Kind::Model(Model { second_spelling: Some((name, other)), .. }) = kind
            && settings.integration_token
            && let Some(renamed) = rename_member(node, name, other)
        {
            text = renamed;
        }
        if let Some(id) = settings.submission_id.as_ref().filter(|_| self.call.creates_lead) {
            self.carry(id, &mut text, settings);
        }
        self.call.body = Some(text);
    }

    /// Puts the submission id into the lead.
    fn carry(&mut self, id: &str, lead: &mut String, settings: &Settings) {
        if !is_submission_id(id) {
            let message = "must be 8 to 64 of A-Z, a-z, 0-9, - and _";
            self.refuse("submissionId", Code::Format, message);
        }
        let Some(node) = Node::parse(lead).filter(|node| node.kind() == Type::Object) else {
            return;
        };
        let phone = node.member("leadInformation").and_then(|person| person.member("phone"));
        let phone = phone.and_then(Node::string).unwrap_or_default().into();
        match settings.submission_field.carry(node, id) {
            Ok(carrying) => *lead = carrying,
            Err(issue) => self.issues.push(issue),
        }
        self.call.submission = Some(Submission { id: id.into(), phone });
    }

    fn finish(mut self, settings: &Settings) -> Result<Call, Vec<Issue>> {
        if settings.strict {
            self.issues.iter_mut().for_each(|issue| issue.severity = Severity::Error);
        }
        if self.issues.iter().any(|issue| issue.severity == Severity::Error) {
            return Err(self.issues);
        }
        self.call.warnings = self.issues;
        Ok(self.call)
    }
}

/// Writes an object's members as a query: strings, numbers and booleans.
fn write_query(query: &str, target: &mut String, issues: &mut Vec<Issue>) {
    let Some(node) = Node::parse(query).filter(|node| node.kind() == Type::Object) else {
        issues.push(Issue::error("query", Code::Format, "must be an object"));
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
                issues.push(Issue::error(&join(&["query.", &name]), Code::Format, message));
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
