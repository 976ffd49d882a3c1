//! The Graph API: `GET /graph/<version>/<lead>` and `GET /graph/<version>/<form>/leads`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::{FORM, PlatformLead, PlatformState};
use crate::api::response::ApiResponse;
use crate::data::clock;
use crate::state::State;
use crate::sync::lock;

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/{version}/{id}", get(lead))
        .route("/{version}/{id}/leads", get(leads))
        .with_state(state)
}

fn error(status: u16, code: u32, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "error": { "message": message, "type": "OAuthException", "code": code } });
    ApiResponse::json(status, &body).into_response()
}

/// The error of a request, if it has one.
fn refuse(state: &mut PlatformState, headers: &HeaderMap) -> Option<Response> {
    state.requests += 1;
    if let Some(next) = state.settings.errors.front_mut() {
        let (status, code) = (next.status, next.code);
        next.times = next.times.saturating_sub(1);
        if next.times == 0 {
            state.settings.errors.pop_front();
        }
        return Some(match code {
            Some(code) => error(status, code, "a configured error"),
            None => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
                ApiResponse::of(status, "text/html", "<h1>Sorry</h1>").into_response()
            }
        });
    }
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let expected = state.settings.access_token.as_ref().map(|token| format!("Bearer {token}"));
    let is_valid = expected.is_some() && given == expected.as_deref();
    (!is_valid).then(|| error(401, 190, "Error validating access token: Session has expired"))
}

async fn lead(
    Shared(state): Shared<Arc<State>>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut state = lock(&state.platforms.0);
    if let Some(refused) = refuse(&mut state, &headers) {
        return refused;
    }
    let shown_until = clock::now().saturating_sub(state.settings.lag_ms);
    let found =
        state.leads.iter().find(|lead| lead.id.to_string() == id && lead.created_at <= shown_until);
    match found {
        Some(lead) => ApiResponse::json(StatusCode::OK, &lead.record()).into_response(),
        None => error(400, 100, "Unsupported get request. Object does not exist"),
    }
}

async fn leads(
    Shared(state): Shared<Arc<State>>,
    Path((_, form)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut state = lock(&state.platforms.0);
    if let Some(refused) = refuse(&mut state, &headers) {
        return refused;
    }
    if form != FORM.to_string() {
        return error(400, 100, "Unsupported get request. Object does not exist");
    }
    let (mut after, mut since) = (None, 0);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "after" => after = value.parse::<u64>().ok(),
            "filtering" => {
                let filters: Value = serde_json::from_str(&value).unwrap_or_default();
                since = filters[0]["value"].as_u64().unwrap_or(0);
            }
            _ => {}
        }
    }
    let newer = |lead: &&PlatformLead| {
        lead.created_at / 1_000 > since && after.is_none_or(|id| lead.id < id)
    };
    // The newest first. A cursor points at a lead, because leads are created in between.
    let found: Vec<&PlatformLead> = state.leads.iter().rev().filter(newer).collect();
    let page: Vec<&&PlatformLead> = found.iter().take(state.settings.page_size).collect();
    let mut paging = json!({ "cursors": { "after": page.last().map(|lead| lead.id.to_string()) } });
    if page.len() < found.len() {
        paging["next"] = "https://graph.facebook.com/next".into();
    }
    let data: Vec<Value> = page.iter().map(|lead| lead.record()).collect();
    ApiResponse::json(StatusCode::OK, &json!({ "data": data, "paging": paging })).into_response()
}
