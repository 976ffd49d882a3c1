//! Responses of native transports.

use icloud_ready::transport::{self, Body, Outcome};
use serde_json::Value;

/// A response or a transport error.
pub(crate) type PlainResponse = transport::PlainResponse<Value>;

/// A response with this status and body.
pub(crate) fn fetched(status: u16, body: &[u8]) -> PlainResponse {
    PlainResponse { body: read(body), ..PlainResponse::new(Outcome::Status(status)) }
}

/// A body's bytes as JSON, if they are JSON.
fn read(bytes: &[u8]) -> Body<Value> {
    match serde_json::from_slice(bytes) {
        Ok(value) => Body::Json(value),
        Err(_) if bytes.iter().all(u8::is_ascii_whitespace) => Body::Empty,
        Err(_) => Body::NotJson,
    }
}
