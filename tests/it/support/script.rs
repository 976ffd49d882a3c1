//! The requests and responses of a scripted server.

use super::fetched::{PlainResponse, fetched};
use icloud_ready::transport::TransportError;

/// A request as the server received it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// Milliseconds since the simulation began.
    pub(crate) at: f64,
    pub(crate) method: &'static str,
    pub(crate) route: String,
    pub(crate) target: String,
    pub(crate) body: Option<String>,
    pub(crate) attempt: u32,
    pub(crate) timeout: f64,
    /// The number of its token, counted from 1; 0 without a token function.
    pub(crate) token: u32,
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) response: PlainResponse,
    /// The delay in milliseconds; infinite: the request hangs.
    pub(crate) after: f64,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self { response: fetched(status, body.as_bytes()), after: 0.0 }
    }

    pub(crate) fn fault(fault: TransportError) -> Self {
        Self { response: PlainResponse::error(fault, true), after: 0.0 }
    }

    pub(crate) fn hang() -> Self {
        Self { after: f64::INFINITY, ..Self::json(200, "") }
    }

    pub(crate) fn retry_after(mut self, header: &str) -> Self {
        self.response.retry_after = Some(header.into());
        self
    }

    pub(crate) fn date(mut self, header: &str) -> Self {
        self.response.date = Some(header.into());
        self
    }

    pub(crate) fn after(self, after: f64) -> Self {
        Self { after, ..self }
    }
}
