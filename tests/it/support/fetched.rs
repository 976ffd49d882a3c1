//! What native transports answer with.

use icloud_ready::transport::{self, Body, Outcome};
use serde_json::Value;

/// An answer, or the trace of there being none.
pub(crate) type PlainResponse = transport::PlainResponse<Value>;

/// An answer with this status and body.
pub(crate) fn fetched(status: u16, body: &[u8]) -> PlainResponse {
    PlainResponse { body: read(body), ..PlainResponse::new(Outcome::Status(status)) }
}

/// A body's bytes as JSON, if that is what they are.
fn read(bytes: &[u8]) -> Body<Value> {
    match serde_json::from_slice(bytes) {
        Ok(value) => Body::Json(value),
        Err(_) if bytes.iter().all(u8::is_ascii_whitespace) => Body::Empty,
        Err(_) => Body::NotJson,
    }
}
