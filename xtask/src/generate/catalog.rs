//! The two tables in the form used by the generators.

use icloud_ready::endpoint::{Input, OPERATIONS, Operation, Output};
use icloud_ready::model::{Kind, Model};

/// The models of the operations, each once, in the order of their first use.
pub(crate) fn models() -> Vec<&'static Model> {
    let mut found = Vec::new();
    for operation in OPERATIONS {
        if let Some(model) = sent(operation).or(received(operation)) {
            visit(model, &mut found);
        }
    }
    found
}

fn visit(model: &'static Model, found: &mut Vec<&'static Model>) {
    if found.iter().any(|known| known.name == model.name) {
        return;
    }
    found.push(model);
    for field in model.fields {
        match field.kind {
            Kind::Model(part) => visit(part, found),
            // The kind names the record without containing it: a note may be a string as well.
            Kind::Note => visit(&icloud_ready::model::Note::MODEL, found),
            _ => {}
        }
    }
}

/// Whether operations return the model: such a record has two shapes, one for sending and one for
/// receiving.
pub(crate) fn is_record(model: &Model) -> bool {
    OPERATIONS
        .iter()
        .filter_map(|operation| received(operation))
        .any(|record| record.name == model.name)
}

/// Whether operations send the model as query parameters.
pub(crate) fn is_query(model: &Model) -> bool {
    OPERATIONS
        .iter()
        .any(|operation| matches!(operation.input, Input::Query(query) if query.name == model.name))
}

fn sent(operation: &Operation) -> Option<&'static Model> {
    match operation.input {
        Input::Query(model)
        | Input::Body(Kind::Model(model))
        | Input::OptionalBody(Kind::Model(model)) => Some(model),
        _ => None,
    }
}

fn received(operation: &Operation) -> Option<&'static Model> {
    match operation.output {
        Output::Page(model) | Output::Record(model) | Output::Maybe(model) => Some(model),
        Output::Any => None,
    }
}

/// The interface of a group's methods: `leads.notes` is `LeadNotes`.
pub(crate) fn interface(group: &str) -> String {
    match group.split_once('.') {
        None => capital(group),
        Some((parent, name)) => {
            let one = parent.strip_suffix('s').unwrap_or(parent);
            format!("{}{}", capital(one), capital(name))
        }
    }
}

/// The groups within another group: the name in it, and the group.
pub(crate) fn subgroups(group: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let prefix = format!("{group}.");
    icloud_ready::endpoint::GROUPS
        .iter()
        .filter_map(move |(name, _)| Some((name.strip_prefix(&prefix)?, *name)))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
