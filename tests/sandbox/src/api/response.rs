//! Responses, and the possible shapes of errors.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;

use super::shapes::{ErrorShape, RetryAfter};
use super::switches::Switches;
use crate::data::clock;
use crate::data::record::raw;

/// A complete response, held back so that a fault can still replace it.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl ApiResponse {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    pub(crate) fn of(status: StatusCode, media: &'static str, body: impl Into<Bytes>) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media))]);
        Self { status, headers, body: body.into() }
    }

    pub(crate) fn json(status: StatusCode, value: &(impl Serialize + ?Sized)) -> Self {
        let text: Box<str> = raw(value).into();
        Self::of(status, "application/json; charset=utf-8", String::from(text))
    }

    /// Sets a header, unless its name or value cannot be sent.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.insert(name, value);
        }
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Why the API rejects a request.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    message: String,
    retry_after_ms: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, message: message.into(), retry_after_ms: None }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Not found")
    }

    pub(crate) fn too_many(wait: u64) -> Self {
        Self { retry_after_ms: Some(wait), ..Self::new(429, "Too many requests") }
    }

    pub(crate) fn response(&self, switches: &Switches) -> ApiResponse {
        let message = self.message.as_str();
        let mut response = match switches.error_shape {
            ErrorShape::Message => ApiResponse::json(self.status, &json!({ "message": message })),
            ErrorShape::Error => ApiResponse::json(self.status, &json!({ "error": message })),
            ErrorShape::Nested => {
                ApiResponse::json(self.status, &json!({ "error": { "message": message } }))
            }
            ErrorShape::Errors => {
                ApiResponse::json(self.status, &json!({ "errors": [{ "message": message }] }))
            }
            ErrorShape::Text => {
                ApiResponse::of(self.status, "text/plain; charset=utf-8", message.to_owned())
            }
            ErrorShape::Html => html(self.status, message),
            ErrorShape::Empty => ApiResponse::empty(self.status),
        };
        if let (Some(wait), Some(form)) = (self.retry_after_ms, switches.retry_after) {
            let value = match form {
                RetryAfter::Seconds => wait.div_ceil(1000).to_string(),
                // A date has whole seconds: rounded up, so that waiting for it suffices.
                RetryAfter::Date => clock::http_date((clock::now() + wait).div_ceil(1000) * 1000),
            };
            response.set(RETRY_AFTER.as_str(), &value);
        }
        response
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(_: rusqlite::Error) -> Self {
        // SQLite's messages can quote a record.
        Self::new(500, "The sandbox's database failed")
    }
}

/// A page that a proxy returns instead of the API. `message` is the sandbox's own text.
pub(crate) fn html(status: StatusCode, message: &str) -> ApiResponse {
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>{status}</title></head>\
         <body><h1>{message}</h1></body></html>\n"
    );
    ApiResponse::of(status, "text/html; charset=utf-8", body)
}
