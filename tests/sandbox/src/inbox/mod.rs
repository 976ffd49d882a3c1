//! The inbox page: leads as they arrive. Lead data is hostile input: the page's script creates only
//! text nodes, and its CSP allows only its own files.

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The labels of a lead's fields, shared with the demo's page.
const LEAD_DETAILS: &str = include_str!("../../../../www/demo/lead-details.js");

pub(crate) fn router() -> Router {
    Router::new()
        .route("/", get(async || file("text/html", include_str!("index.html"))))
        .route("/inbox.js", get(async || file("text/javascript", include_str!("inbox.js"))))
        .route("/lead-details.js", get(async || file("text/javascript", LEAD_DETAILS)))
        .route("/inbox.css", get(async || file("text/css", include_str!("inbox.css"))))
}

fn file(media: &str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, format!("{media}; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}
