//! CORS: the origins whose pages may read the responses.

use axum::http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY};
use axum::http::{HeaderMap, Method, StatusCode};

use super::response::ApiResponse;
use super::shapes::Cors;

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const HEADERS: &str = "authorization, content-type, x-api-key, organizationId";
const EXPOSED: &str = "retry-after, x-request-id, cf-ray";

/// Whether this is a CORS preflight.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

pub(crate) fn preflight() -> ApiResponse {
    let mut response = ApiResponse::empty(StatusCode::NO_CONTENT);
    response.set("access-control-allow-methods", METHODS);
    response.set("access-control-allow-headers", HEADERS);
    response
}

/// Adds the headers that allow the origin's page to read the response, if it may.
pub(crate) fn allow(response: &mut ApiResponse, cors: &Cors, request: &HeaderMap) {
    let origin = request.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let allowed = match cors {
        Cors::Origin(any) if any == "*" => Some("*"),
        Cors::Origin(one) => origin.filter(|origin| origin == one),
        Cors::Origins(many) => origin.filter(|origin| many.iter().any(|one| one == origin)),
    };
    if let Some(allowed) = allowed {
        response.set("access-control-allow-origin", allowed);
        response.set("access-control-expose-headers", EXPOSED);
    }
    if allowed != Some("*") {
        response.set(VARY.as_str(), "origin");
    }
}
