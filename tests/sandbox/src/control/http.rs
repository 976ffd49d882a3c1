//! The control over HTTP, below `/_sandbox`. Not authenticated: it listens only on the loopback
//! interface and rejects pages of other origins.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, Request, State as Shared};
use axum::http::header::{CACHE_CONTROL, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Control;
use crate::api::credentials::Token;
use crate::api::faults::Fault;
use crate::api::response::ApiResponse;
use crate::data::resource::Resource;
use crate::error::Error;
use crate::state::State;
use crate::sync::lock;

/// A limit above the needs of all tests, so that a typo does not fill the disk.
const MAX_SEEDED: usize = 1_000_000;

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/leads", get(records))
        .route("/requests", get(requests).merge(delete(clear_requests)))
        .route("/reset", post(reset))
        .route("/switches", put(switches))
        .route("/faults", put(faults))
        .route("/tokens", post(tokens))
        .route("/seed", post(seed))
        .route("/state", get(status))
        .with_state(Control::new(state))
}

/// Rejects other origins: a page on another site could otherwise reset the sandbox or read its
/// leads, through the loopback address or a host name that resolves to it.
pub(crate) async fn refuse_other_origins(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "The sandbox is controlled from its own machine\n").into_response()
    }
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header(HOST).unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_loopback = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    let has_same_origin = !headers.contains_key(ORIGIN)
        || header(ORIGIN).and_then(|origin| origin.strip_prefix("http://")) == Some(host);
    is_loopback && has_same_origin
}

type ControlResult = Result<Response, Error>;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Io(_) | Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        response(status, &json!({ "error": self.to_string() }))
    }
}

fn response(status: StatusCode, value: &(impl Serialize + ?Sized)) -> Response {
    let mut response = ApiResponse::json(status, value);
    response.set(CACHE_CONTROL.as_str(), "no-store");
    response.into_response()
}

fn success(value: &(impl Serialize + ?Sized)) -> ControlResult {
    Ok(response(StatusCode::OK, value))
}

async fn records(Shared(control): Shared<Control>, RawQuery(query): RawQuery) -> ControlResult {
    let (mut resource, mut deleted, mut newest) = (Resource::Leads, false, None);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let invalid = || Error::Invalid(format!("{name}={value} is not understood"));
        match name.as_ref() {
            "resource" => resource = Resource::named(&value).ok_or_else(invalid)?,
            "deleted" => deleted = value == "true",
            "newest" => newest = Some(value.parse().map_err(|_| invalid())?),
            _ => return Err(invalid()),
        }
    }
    match newest {
        Some(count) => success(&control.newest(resource, count)?),
        None => success(&control.records(resource, deleted)?),
    }
}

async fn requests(Shared(control): Shared<Control>) -> ControlResult {
    success(&control.requests())
}

async fn clear_requests(Shared(control): Shared<Control>) -> ControlResult {
    control.clear_requests();
    success(&json!({}))
}

async fn reset(Shared(control): Shared<Control>) -> ControlResult {
    control.reset()?;
    success(&json!({}))
}

async fn switches(Shared(control): Shared<Control>, body: Bytes) -> ControlResult {
    success(&control.merge_switches(serde_json::from_slice(&body)?)?)
}

async fn faults(Shared(control): Shared<Control>, body: Bytes) -> ControlResult {
    let faults: Vec<Fault> = serde_json::from_slice(&body)?;
    faults.iter().try_for_each(Fault::check)?;
    control.set_faults(faults);
    success(&control.faults())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenChanges {
    #[serde(default)]
    add: Vec<Token>,
    #[serde(default)]
    revoke: Vec<String>,
}

async fn tokens(Shared(control): Shared<Control>, body: Bytes) -> ControlResult {
    let changes: TokenChanges = serde_json::from_slice(&body)?;
    for token in &changes.revoke {
        control.revoke_token(token);
    }
    for token in changes.add {
        control.add_token(token);
    }
    success(&json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    #[serde(default)]
    resource: Resource,
    count: usize,
}

async fn seed(Shared(control): Shared<Control>, body: Bytes) -> ControlResult {
    let Seed { resource, count } = serde_json::from_slice(&body)?;
    if count > MAX_SEEDED {
        return Err(Error::Invalid(format!("count is more than {MAX_SEEDED}")));
    }
    control.seed(resource, count)?;
    success(&json!({}))
}

async fn status(Shared(control): Shared<Control>) -> ControlResult {
    let mut resources = Map::new();
    for resource in Resource::ALL {
        let (count, deleted) = control.count(resource)?;
        let counts = json!({ "count": count, "deleted": deleted });
        resources.insert(resource.name().to_owned(), counts);
    }
    success(&json!({
        "resources": Value::Object(resources),
        "requests": lock(&control.state.log).len(),
        "tokens": lock(&control.state.tokens).len(),
        "faults": control.faults(),
        "switches": control.switches(),
    }))
}
