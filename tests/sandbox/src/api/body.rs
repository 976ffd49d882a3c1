//! Parses the JSON of requests.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::value::RawValue;

use super::response::ApiError;
use crate::data::record::Record;

/// Deeper nesting is rejected: SQLite's JSON functions support up to 1,000.
const DEEPEST: usize = 500;

/// The body as one JSON value; `None` if it is empty.
pub(crate) fn value<'a>(
    headers: &HeaderMap,
    body: &'a [u8],
) -> Result<Option<&'a RawValue>, ApiError> {
    if body.is_empty() {
        return Ok(None);
    }
    // The vendor's server parses a body only with the content type of JSON.
    let media = headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or("");
    let media = media.split(';').next().unwrap_or("").trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::new(400, "The content-type is not application/json"));
    }
    let invalid = |_| ApiError::new(400, "The body is not valid JSON");
    let value: &RawValue = serde_json::from_slice(body).map_err(invalid)?;
    if depth(value.get()) > DEEPEST {
        return Err(ApiError::new(400, "The body is nested too deeply"));
    }
    Ok(Some(value))
}

/// The body as an object.
pub(crate) fn object(headers: &HeaderMap, body: &[u8]) -> Result<Record, ApiError> {
    let value = value(headers, body)?.ok_or_else(|| ApiError::new(400, "The body is missing"))?;
    record(value)
}

/// The body as an object, or several of them in an array.
pub(crate) fn objects(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Record>, ApiError> {
    let value = value(headers, body)?.ok_or_else(|| ApiError::new(400, "The body is missing"))?;
    match serde_json::from_str::<Vec<&RawValue>>(value.get()) {
        Ok(elements) => elements.into_iter().map(record).collect(),
        Err(_) => Ok(vec![record(value)?]),
    }
}

fn record(value: &RawValue) -> Result<Record, ApiError> {
    Record::parse(value.get()).map_err(|_| ApiError::new(400, "The body is not a JSON object"))
}

/// The nesting depth of well-formed JSON.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn brackets_in_strings_do_not_count_as_nesting() {
        assert_eq!(depth(r#"{"a":[1,{"b":"[[[\"[["}]}"#), 3);
        assert_eq!(depth("1"), 0);
    }
}
