//! What confirms that a lead was created: a 2xx status by itself proves nothing.

use crate::json::envelope::find;
use crate::json::value::Json;
use crate::text::is_blank;

/// The created record in the response to a create: the body itself, or its member `data`, `result`,
/// `lead` or `data.lead`. It must have a non-empty string `_id`, and neither the record nor the
/// envelope may report a failure. `None` if the response confirms no record.
pub(crate) fn created_record<V: Json>(body: &V) -> Option<V> {
    let has_id =
        |value: &V| value.member("_id").and_then(|id| id.string()).is_some_and(|id| !is_blank(&id));
    let nested = if has_id(body) {
        None
    } else {
        let record = find(body, &["data", "result", "lead"], &[], has_id)
            .or_else(|| find(body, &["lead"], &["data"], has_id))?;
        Some(record)
    };
    let fails = reports_failure(body)
        || nested.as_ref().is_some_and(reports_failure)
        || body.member("data").is_some_and(|data| reports_failure(&data));
    (!fails).then(|| nested.unwrap_or_else(|| body.clone()))
}

/// Whether an object has `success: false`, or a non-empty `error` or `errors`.
fn reports_failure<V: Json>(object: &V) -> bool {
    object.member("success").is_some_and(|value| value.print() == "false")
        || ["error", "errors"]
            .iter()
            .any(|name| object.member(name).is_some_and(|it| !is_empty(&it)))
}

/// Whether a value is empty: `null`, `false`, `0`, or an empty string, array or object.
pub(crate) fn is_empty<V: Json>(value: &V) -> bool {
    ["null", "false", "0", "\"\"", "[]", "{}"].contains(&value.print().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn id_of(body: &Value) -> Option<String> {
        created_record(body)?.member("_id")?.string()
    }

    #[test]
    fn a_record_with_an_id_confirms() {
        for body in [
            json!({ "_id": "x" }),
            json!({ "data": { "_id": "x" } }),
            json!({ "result": { "_id": "x" } }),
            json!({ "lead": { "_id": "x" } }),
            json!({ "data": { "lead": { "_id": "x" } } }),
            json!({ "success": true, "data": { "_id": "x" }, "error": null, "errors": [] }),
            json!({ "success": null, "_id": "x" }),
            json!({ "_id": "x", "error": "", "errors": {} }),
            json!({ "_id": null, "data": { "_id": "x" } }),
        ] {
            assert_eq!(id_of(&body).as_deref(), Some("x"), "{body}");
        }
    }

    #[test]
    fn nothing_else_confirms() {
        for body in [
            json!({}),
            json!([]),
            json!([{ "_id": "x" }]),
            json!("x"),
            json!(1),
            json!(true),
            json!({ "_id": "" }),
            json!({ "_id": " " }),
            json!({ "_id": 123 }),
            json!({ "_id": null }),
            json!({ "_id": { "$oid": "x" } }),
            json!({ "id": "x" }),
            json!({ "status": "queued" }),
            json!({ "success": true }),
            json!({ "success": false }),
            json!({ "success": false, "_id": "x" }),
            json!({ "error": "no", "_id": "x" }),
            json!({ "error": { "message": "no" }, "_id": "x" }),
            json!({ "error": true, "_id": "x" }),
            json!({ "errors": ["no"], "_id": "x" }),
            json!({ "success": false, "data": { "_id": "x" } }),
            json!({ "errors": ["no"], "data": { "lead": { "_id": "x" } } }),
            json!({ "data": { "success": false, "_id": "x" } }),
            json!({ "data": { "error": "no", "lead": { "_id": "x" } } }),
            json!({ "data": [{ "_id": "x" }] }),
            json!({ "result": { "lead": { "_id": "x" } } }),
            json!({ "payload": { "_id": "x" } }),
        ] {
            assert_eq!(created_record(&body), None, "{body}");
        }
    }
}
