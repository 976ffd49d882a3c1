//! Which pages of other origins may read the answers.

use axum::http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY};
use axum::http::{HeaderMap, Method, StatusCode};

use super::answer::Answer;
use super::shapes::Cors;

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const HEADERS: &str = "authorization, content-type, x-api-key, organizationId";
const EXPOSED: &str = "retry-after, x-request-id, cf-ray";

/// Whether a browser asks beforehand if it may send a request.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

pub(crate) fn preflight() -> Answer {
    let mut answer = Answer::empty(StatusCode::NO_CONTENT);
    answer.set("access-control-allow-methods", METHODS);
    answer.set("access-control-allow-headers", HEADERS);
    answer
}

/// Adds what lets the origin's page read the answer, if it may.
pub(crate) fn allow(answer: &mut Answer, cors: &Cors, request: &HeaderMap) {
    let origin = request.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let allowed = match cors {
        Cors::Origin(any) if any == "*" => Some("*"),
        Cors::Origin(one) => origin.filter(|origin| origin == one),
        Cors::Origins(many) => origin.filter(|origin| many.iter().any(|one| one == origin)),
    };
    if let Some(allowed) = allowed {
        answer.set("access-control-allow-origin", allowed);
        answer.set("access-control-expose-headers", EXPOSED);
    }
    if allowed != Some("*") {
        answer.set(VARY.as_str(), "origin");
    }
}
