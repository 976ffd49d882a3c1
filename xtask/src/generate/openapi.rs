//! `openapi.json`: the operations and records as OpenAPI 3.1.

use super::catalog;
use icloud_ready::endpoint::{GROUPS, Input, Method, OPERATIONS, Operation, Output};
use icloud_ready::model::{Field, Kind, Model, Presence};
use icloud_ready::path::placeholders;
use serde_json::{Map, Value, json};

/// The content of the document in addition to the tables.
const TITLE: &str = "iCloud-Ready CRM API";
const DESCRIPTION: &str = "Leads, opportunities, batches and customers of the iCloud-Ready real-estate CRM. Generated from the \
     tables of icloud-ready, which is independent of the vendor. Fields that the vendor does not document are allowed everywhere.";
const SERVER: &str = "https://api.icloud-ready.com/api/v2";

/// The shape of a record that a schema describes.
#[derive(Clone, Copy, PartialEq)]
enum Variant {
    /// For a create: required fields are required, and nothing may be `null`.
    New,
    /// For changed or received records: nothing is required, and everything may be `null`.
    Partial,
}

pub(crate) fn print() -> String {
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": "2",
            "description": DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": SERVER }],
        "security": [{ "accessToken": [] }, { "apiKey": [], "organizationId": [] }],
        "tags": GROUPS.iter().map(|(name, doc)| json!({ "name": name, "description": doc })).collect::<Vec<_>>(),
        "paths": paths(),
        "components": {
            "securitySchemes": {
                "accessToken": { "type": "http", "scheme": "bearer", "description": "An access token, as the API reference uses it." },
                "apiKey": { "type": "apiKey", "in": "header", "name": "x-api-key", "description": "An integration token." },
                "organizationId": { "type": "apiKey", "in": "header", "name": "organizationId", "description": "The organization's id, sent with an integration token." },
            },
            "schemas": schemas(),
        },
    });
    format!("{document:#}\n")
}

fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.name().to_ascii_lowercase()] = self::operation(operation);
    }
    paths
}

fn operation(operation: &Operation) -> Value {
    let mut object = json!({
        "operationId": operation.full_name(),
        "tags": [operation.group],
        "summary": operation.doc,
    });
    let mut parameters: Vec<_> = placeholders(operation.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if let Input::Query(model) = operation.input {
        parameters.extend(model.fields.iter().map(|field| {
            json!({ "name": field.name, "in": "query", "description": field.doc, "schema": value(field.kind, Variant::New) })
        }));
    }
    if !parameters.is_empty() {
        object["parameters"] = parameters.into();
    }
    if let Input::Body(kind) | Input::OptionalBody(kind) = operation.input {
        let variant =
            if operation.method == Method::Post { Variant::New } else { Variant::Partial };
        object["requestBody"] = json!({
            "required": matches!(operation.input, Input::Body(_)),
            "content": { "application/json": { "schema": sent(kind, variant) } },
        });
    }
    object["responses"] = json!({
        "2XX": success(operation),
        "default": { "description": "An error. The vendor does not document the body.", "content": { "application/json": { "schema": {} } } },
    });
    object
}

fn success(operation: &Operation) -> Value {
    let (description, schema) = match operation.output {
        Output::Page(model) => {
            let list = json!({ "type": "array", "items": reference(model.name) });
            let envelope = json!({ "type": "object", "description": "An envelope around the array.", "additionalProperties": true });
            (
                "A page. The vendor does not document the envelope.",
                json!({ "anyOf": [list, envelope] }),
            )
        }
        Output::Record(model) => ("The record.", reference(model.name)),
        Output::Maybe(model) => ("The record, or an empty body.", reference(model.name)),
        Output::Any => ("Any JSON value, or an empty body.", json!({})),
    };
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

/// The schemas of all records and their parts.
fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    for model in catalog::models().into_iter().filter(|model| !is_query(model)) {
        if catalog::is_record(model) {
            schemas.insert(name(model, Variant::New), object(model, Variant::New));
            schemas.insert(name(model, Variant::Partial), object(model, Variant::Partial));
            schemas.insert(model.name.to_owned(), received(model));
        } else if model.fields.is_empty() {
            schemas.insert(model.name.to_owned(), object(model, Variant::New));
        } else {
            schemas.insert(model.name.to_owned(), object(model, Variant::New));
            schemas.insert(name(model, Variant::Partial), object(model, Variant::Partial));
        }
    }
    schemas
}

fn is_query(model: &Model) -> bool {
    OPERATIONS
        .iter()
        .any(|operation| matches!(operation.input, Input::Query(query) if query.name == model.name))
}

/// A received record: the sent fields, and those that the CRM adds. It has an id.
fn received(model: &Model) -> Value {
    let added = model.fields.iter().filter(|field| field.presence == Presence::Response);
    let mut properties: Map<_, _> = added.map(|field| property(field, Variant::Partial)).collect();
    properties
        .insert("_id".to_owned(), json!({ "type": "string", "description": "The record's id." }));
    for field in model.fields {
        if let Some(alias) = field.alias {
            properties.insert(alias.to_owned(), property(field, Variant::Partial).1);
        }
    }
    json!({
        "description": model.doc,
        "allOf": [
            reference(&name(model, Variant::Partial)),
            { "type": "object", "required": ["_id"], "properties": properties },
        ],
    })
}

/// An object with the fields of a model that may be sent.
fn object(model: &Model, variant: Variant) -> Value {
    let fields = || model.fields.iter().filter(|field| field.presence != Presence::Response);
    let properties: Map<_, _> = fields().map(|field| property(field, variant)).collect();
    let required: Vec<_> = fields()
        .filter(|field| variant == Variant::New && field.presence == Presence::Required)
        .map(|field| field.name)
        .collect();
    let mut object = json!({ "type": "object", "description": model.doc });
    if properties.is_empty() {
        object["additionalProperties"] = true.into();
    } else {
        object["properties"] = properties.into();
    }
    if !required.is_empty() {
        object["required"] = required.into();
    }
    object
}

fn property(field: &Field, variant: Variant) -> (String, Value) {
    let one = value(field.kind, variant);
    let all = if field.list { json!({ "type": "array", "items": one }) } else { one };
    let nullable = match all.as_object() {
        Some(schema) if variant == Variant::New || schema.is_empty() => all,
        _ => json!({ "anyOf": [all, { "type": "null" }] }),
    };
    let mut schema = nullable;
    schema["description"] = field.doc.into();
    (field.name.to_owned(), schema)
}

fn sent(kind: Kind, variant: Variant) -> Value {
    match kind {
        Kind::Model(model) => reference(&name(model, variant)),
        kind => value(kind, variant),
    }
}

fn value(kind: Kind, variant: Variant) -> Value {
    match kind {
        // The formats are those of the vendor's examples and are not enforced.
        Kind::Text | Kind::Phone | Kind::Email | Kind::Date => json!({ "type": "string" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Limit => json!({ "type": "integer", "minimum": 1 }),
        Kind::Page => json!({ "type": "integer", "minimum": 0 }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::TextOrNumber => json!({ "type": ["string", "number"] }),
        Kind::Note => json!({ "anyOf": [{ "type": "string" }, reference("Note")] }),
        Kind::Object => json!({ "type": "object", "additionalProperties": true }),
        Kind::ObjectOrArray => {
            json!({ "anyOf": [value(Kind::Object, variant), { "type": "array", "items": {} }] })
        }
        Kind::Any => json!({}),
        Kind::Model(model) => reference(&name(model, variant)),
    }
}

/// The name of a model's schema: `NewLead`, `LeadChanges`; of a part `Address`, `AddressChanges`.
fn name(model: &Model, variant: Variant) -> String {
    match variant {
        Variant::New if catalog::is_record(model) => format!("New{}", model.name),
        Variant::Partial if !model.fields.is_empty() => format!("{}Changes", model.name),
        _ => model.name.to_owned(),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
