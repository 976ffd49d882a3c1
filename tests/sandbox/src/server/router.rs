//! All paths: the API's, the inbox page's, the control's.

use std::sync::Arc;

use axum::extract::{Extension, RawPathParams, Request};
use axum::routing::{MethodFilter, on};
use axum::{Router, middleware};

use super::connection::Line;
use crate::api::call;
use crate::api::routes::{ROUTES, Route, SIGN_IN};
use crate::control::http;
use crate::inbox;
use crate::platforms;
use crate::state::State;

/// The API's prefix.
pub(crate) const API: &str = "/api/v2";
/// The control's prefix.
pub(crate) const CONTROL: &str = "/_sandbox";
/// The prefix of the platforms' control.
const PLATFORMS: &str = "/_sandbox/platforms";
/// The Graph API's prefix.
const GRAPH: &str = "/graph";

pub(crate) fn router(state: Arc<State>) -> Router {
    let own_pages = Router::new()
        .merge(inbox::router())
        .nest(CONTROL, http::router(state.clone()))
        .nest(PLATFORMS, platforms::http::router(state.clone()))
        .layer(middleware::from_fn(http::refuse_other_origins));
    Router::new()
        .nest(API, api(&state))
        .nest(GRAPH, platforms::graph::router(state.clone()))
        .merge(own_pages)
}

fn api(state: &Arc<State>) -> Router {
    let mut router = Router::new();
    for route in ROUTES.iter().chain([&SIGN_IN]) {
        let state = state.clone();
        let handler =
            move |Extension(line): Extension<Line>, parameters: RawPathParams, request: Request| {
                let parameters = parameters.iter().map(|(_, value)| value.to_owned()).collect();
                call::serve(state, line, Some(route), parameters, request)
            };
        router = router.route(&pattern(route), on(filter(route), handler));
    }
    let state = state.clone();
    let nowhere = move |Extension(line): Extension<Line>, request: Request| {
        call::serve(state, line, None, Vec::new(), request)
    };
    router.method_not_allowed_fallback(nowhere.clone()).fallback(nowhere)
}

/// The vendor's `:id` in axum's notation.
fn pattern(route: &Route) -> String {
    let segments = route.path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

fn filter(route: &Route) -> MethodFilter {
    // Only a method unknown to HTTP has no filter, and the table contains none.
    MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::TRACE)
}
