//! What native transports answer with.

use icloud_ready::transport::{Answer, Body, Fault, Outcome};
use serde_json::Value;

/// An answer, or the trace of there being none.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    pub(crate) outcome: Outcome,
    pub(crate) body: Body<Value>,
    pub(crate) retry_after: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) token: u32,
}

impl Fetched {
    pub(crate) fn status(status: u16, body: &[u8]) -> Self {
        Self { body: read(body), ..Self::new(Outcome::Status(status)) }
    }

    pub(crate) const fn fault(fault: Fault, sent: bool) -> Self {
        Self::new(Outcome::Fault { fault, sent })
    }

    const fn new(outcome: Outcome) -> Self {
        Self { outcome, body: Body::Empty, retry_after: None, request_id: None, token: 0 }
    }
}

/// A body's bytes as JSON, if that is what they are.
fn read(bytes: &[u8]) -> Body<Value> {
    match serde_json::from_slice(bytes) {
        Ok(value) => Body::Json(value),
        Err(_) if bytes.iter().all(u8::is_ascii_whitespace) => Body::Empty,
        Err(_) => Body::Unreadable,
    }
}

impl Answer for Fetched {
    type Value = Value;

    fn outcome(&self) -> Outcome {
        self.outcome
    }

    fn body(&self) -> Body<Value> {
        self.body.clone()
    }

    fn retry_after(&self) -> Option<String> {
        self.retry_after.clone()
    }

    fn request_id(&self) -> Option<String> {
        self.request_id.clone()
    }

    fn token(&self) -> u32 {
        self.token
    }
}
