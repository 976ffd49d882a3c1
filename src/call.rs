//! A call made ready: its path, query and body checked and written, before anything is sent.

use alloc::string::String;
use alloc::vec::Vec;
use crate::config::Settings;
use crate::endpoint::{self, Input, Method, Operation, Output, encode, fill, is_plain_path};
use crate::json::{Node, Type};
use crate::model::{Kind, Model};
use crate::submission::{is_submission_id, respelt};
use crate::validate::{Code, Issue, Severity, check};

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

impl Call {
    /// Makes an operation's call ready.
    ///
    /// # Errors
    ///
    /// Every issue: nothing may be sent then.
    pub fn prepare(
        operation: &Operation,
        arguments: &[Option<&str>],
        input: Option<&str>,
        settings: &Settings,
    ) -> Result<Self, Vec<Issue>> {
        let mut issues = Vec::new();
        let argument = |index, _: &str| arguments.get(index).copied().flatten();
        let mut call = Self {
            method: operation.method,
            route: operation.path.into(),
            target: fill(operation.path, argument, "", &mut issues),
            body: None,
            output: operation.output,
            submission: None,
        };
        match operation.input {
            Input::None => {}
            Input::Query(model) => {
                call.target.push_str(&query(Some(model), input, &mut issues));
            }
            Input::OptionalBody(_) if input.is_none() => {}
            Input::Body(kind) | Input::OptionalBody(kind) => {
                call.body(kind, input, settings, &mut issues);
            }
        }
        if let (Some(id), Some(lead)) = (&settings.submission_id, &call.body)
            && core::ptr::eq(operation, &raw const endpoint::leads::create)
        {
            call.carry(id, lead.clone(), settings, &mut issues);
        }
        call.checked(issues, settings)
    }

    /// Makes a call ready that is not one of the operations.
    ///
    /// # Errors
    ///
    /// Every issue.
    pub fn custom(
        method: &str,
        path: &str,
        params: Option<&str>,
        input: Option<&str>,
        body: Option<&str>,
        settings: &Settings,
    ) -> Result<Self, Vec<Issue>> {
        let mut issues = Vec::new();
        let known = Method::named(method);
        if known.is_none() {
            let message = "must be GET, POST, PUT, PATCH or DELETE";
            issues.push(Issue::error("method", Code::Format, message));
        }
        let params: Vec<(String, String)> = members(params, "params", &mut issues);
        let param = |_, name: &str| {
            params.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
        };
        let mut target = fill(path, param, "params.", &mut issues);
        for (name, _) in &params {
            if !endpoint::placeholders(path).any(|placeholder| placeholder == name) {
                let message = "is not in the path";
                issues.push(Issue::error(&["params.", name].concat(), Code::Format, message));
            }
        }
        // Filled too: a parameter may complete what the path began, as in `/%2{id}`.
        if !is_plain_path(path) || issues.is_empty() && !is_plain_path(&target) {
            let message = "must start with one slash and have no scheme, empty or dot segment, \
                           backslash, control character, query or fragment";
            issues.push(Issue::error("path", Code::Format, message));
        }
        target.push_str(&query(None, input, &mut issues));
        let call = Self {
            method: known.unwrap_or(Method::Get),
            // A path that was refused may be a whole URL, with whatever it holds.
            route: if issues.is_empty() { path } else { "" }.into(),
            target,
            body: body.map(Into::into),
            output: Output::Any,
            submission: None,
        };
        call.checked(issues, settings)
    }

    /// Checks a body and takes it as it is, but for a field that the guide spells otherwise.
    fn body(
        &mut self,
        kind: Kind,
        input: Option<&str>,
        settings: &Settings,
        issues: &mut Vec<Issue>,
    ) {
        let Some(node) = input.and_then(Node::parse) else {
            issues.push(Issue::error("", Code::Json, "is not a JSON value"));
            return;
        };
        issues.extend(check(kind, node, self.method == Method::Post));
        let respelt = match kind {
            Kind::Model(Model { respelt: Some((name, other)), .. })
                if settings.integration_token =>
            {
                respelt(node, name, other)
            }
            _ => None,
        };
        self.body = Some(respelt.unwrap_or_else(|| node.text().into()));
    }

    /// Puts the submission id into the lead.
    fn carry(&mut self, id: &str, lead: String, settings: &Settings, issues: &mut Vec<Issue>) {
        if !is_submission_id(id) {
            let message = "must be 8 to 64 of A-Z, a-z, 0-9, - and _";
            issues.push(Issue::error("submissionId", Code::Format, message));
        }
        let Some(node) = Node::parse(&lead).filter(|node| node.kind() == Type::Object) else {
            return;
        };
        match settings.submission_field.carry(node, id) {
            Ok(body) => self.body = Some(body),
            Err(issue) => issues.push(issue),
        }
        let phone = node.member("leadInformation").and_then(|person| person.member("phone"));
        let phone = phone.and_then(Node::string).unwrap_or_default().into();
        self.submission = Some(Submission { id: id.into(), phone });
    }

    fn checked(self, mut issues: Vec<Issue>, settings: &Settings) -> Result<Self, Vec<Issue>> {
        if settings.strict {
            issues.iter_mut().for_each(|issue| issue.severity = Severity::Error);
        }
        if issues.iter().any(|issue| issue.severity == Severity::Error) {
            return Err(issues);
        }
        Ok(self)
    }
}

/// A query string with its question mark, or nothing; what a model documents is checked.
fn query(model: Option<&'static Model>, input: Option<&str>, issues: &mut Vec<Issue>) -> String {
    let mut query = String::new();
    for (name, value) in members(input, "query", issues) {
        query.push(if query.is_empty() { '?' } else { '&' });
        encode(&name, &mut query);
        query.push('=');
        encode(&value, &mut query);
    }
    if let (Some(model), Some(node)) = (model, input.and_then(Node::parse)) {
        for issue in check(Kind::Model(model), node, false) {
            if !issue.path.is_empty() {
                let path = ["query.", &issue.path].concat();
                issues.push(Issue::error(&path, Code::Format, issue.message));
            }
        }
    }
    query
}

/// The members of an object whose values are strings, numbers or booleans, as text.
fn members(input: Option<&str>, path: &str, issues: &mut Vec<Issue>) -> Vec<(String, String)> {
    let Some(input) = input else {
        return Vec::new();
    };
    let Some(node) = Node::parse(input).filter(|node| node.kind() == Type::Object) else {
        issues.push(Issue::error(path, Code::Format, "must be an object"));
        return Vec::new();
    };
    let mut members = Vec::new();
    for member in node.members() {
        let name = member.name.string().unwrap_or_default().into_owned();
        match member.value.kind() {
            Type::String => {
                members.push((name, member.value.string().unwrap_or_default().into_owned()));
            }
            Type::Number | Type::Boolean => members.push((name, member.value.text().into())),
            Type::Null | Type::Array | Type::Object => {
                let path = [path, ".", &name].concat();
                let message = "must be a string, a number or a boolean";
                issues.push(Issue::error(&path, Code::Format, message));
            }
        }
    }
    members
}
