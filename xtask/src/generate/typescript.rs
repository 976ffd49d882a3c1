//! The tables' kinds and operations in TypeScript.

use super::catalog;
use icloud_ready::endpoint::{Input, Method, Operation, Output};
use icloud_ready::model::{Field, Kind};
use icloud_ready::path::placeholders;

/// The first line of every generated file.
pub(crate) const HEADER: &str =
    "// Written by `cargo xtask generate` from src/api.rs and src/model/: do not edit.\n\n";

/// An operation as a TypeScript method.
pub(crate) struct Signature {
    /// The arguments of the path.
    pub(crate) arguments: Vec<&'static str>,
    /// The input: the parameter, with `?` if it is optional, and its type.
    pub(crate) sent: Option<(String, String)>,
    /// The result of the method.
    pub(crate) answer: String,
}

impl Signature {
    pub(crate) fn of(operation: &Operation) -> Self {
        let optional = matches!(operation.input, Input::Query(_) | Input::OptionalBody(_));
        let parameter = format!("{}{}", operation.parameter, if optional { "?" } else { "" });
        let kind = match operation.input {
            Input::None => None,
            Input::Query(model) => Some(model.name.to_owned()),
            Input::Body(kind) | Input::OptionalBody(kind) => Some(body(operation.method, kind)),
        };
        Self {
            arguments: placeholders(operation.path).collect(),
            sent: kind.map(|kind| (parameter, kind)),
            answer: match operation.output {
                Output::Page(model) => format!("List<{}>", model.name),
                Output::Record(model) => format!("Promise<{}>", model.name),
                Output::Maybe(model) => format!("Promise<{} | undefined>", model.name),
                Output::Any => "Promise<JsonValue | undefined>".to_owned(),
            },
        }
    }

    /// The parameters' names for a call in the README.
    pub(crate) fn parameters(&self) -> String {
        let mut names = self.arguments.clone();
        names.extend(self.sent.as_ref().map(|(name, _)| name.as_str()));
        names.join(", ")
    }
}

/// The type of a body. A change of a record requires no fields and may clear them; a create takes
/// the fields that a caller may set.
fn body(method: Method, kind: Kind) -> String {
    let Kind::Model(model) = kind else {
        return value(kind);
    };
    let name = if catalog::is_record(model) {
        format!("New{}", model.name)
    } else {
        model.name.to_owned()
    };
    // A model without documented fields has nothing to make optional.
    if method == Method::Post || model.fields.is_empty() {
        name
    } else {
        format!("Changes<{name}>")
    }
}

/// The type of a field that is sent.
pub(crate) fn field(field: &Field) -> String {
    let one = value(field.kind);
    if !field.list {
        one
    } else if one.contains(' ') {
        format!("readonly ({one})[]")
    } else {
        format!("readonly {one}[]")
    }
}

fn value(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Phone | Kind::Email | Kind::Date => "string",
        Kind::Integer | Kind::Limit | Kind::Page | Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::TextOrNumber => "string | number",
        Kind::Note => "string | Note",
        Kind::Object => "JsonObject",
        Kind::ObjectOrArray => "JsonObject | readonly unknown[]",
        Kind::Any => "unknown",
        Kind::Model(model) => model.name,
    }
    .to_owned()
}

/// A doc comment, indented by `indent`.
pub(crate) fn comment(indent: &str, paragraphs: &[&str]) -> String {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        wrap(&paragraph.replace("*/", "*\\/"), WIDTH - indent.len() - " * ".len(), &mut lines);
    }
    if let [one] = lines.as_slice()
        && indent.len() + one.len() + "/** */ ".len() <= WIDTH
    {
        return format!("{indent}/** {one} */\n");
    }
    let body = lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n");
    format!("{indent}/**\n{}{indent} */\n", body.collect::<String>())
}

const WIDTH: usize = 120;

fn wrap(text: &str, width: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.len() + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
}
