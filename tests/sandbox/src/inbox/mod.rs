//! The inbox page: leads as they arrive. A name in a lead is hostile input: the page's
//! script makes text nodes only, and its policy lets nothing but its own files run.

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

pub(crate) fn router() -> Router {
    Router::new()
        .route("/", get(async || file("text/html", include_str!("index.html"))))
        .route("/inbox.js", get(async || file("text/javascript", include_str!("inbox.js"))))
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
