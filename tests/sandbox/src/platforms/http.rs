//! The control of the platforms, below `/_sandbox/platforms`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use super::sender::{self, google, meta};
use crate::api::response::ApiResponse;
use crate::error::Error;
use crate::state::State;
use crate::sync::lock;

/// More than any test needs.
const MAX_COUNT: usize = 100_000;

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/", get(status).merge(put(settings)))
        .route("/meta", post(meta_leads))
        .route("/google", post(google_leads))
        .with_state(state)
}

/// Leads that a platform creates and delivers.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Leads {
    count: usize,
    /// For Meta: the number of leads per delivery.
    batch: usize,
    /// The number of repetitions of each delivery after its acknowledgement.
    repeat: u32,
    /// The percentage of deliveries that are never sent.
    lost: u32,
    /// Whether they are sent in a different order.
    reorder: bool,
    /// Meta's answers, or members of Google's body, which replace the default ones.
    fields: Value,
}

impl Default for Leads {
    fn default() -> Self {
        Self { count: 1, batch: 1, repeat: 0, lost: 0, reorder: false, fields: Value::Null }
    }
}

fn response(value: &Value) -> Response {
    ApiResponse::json(StatusCode::OK, value).into_response()
}

async fn status(Shared(state): Shared<Arc<State>>) -> Response {
    response(&state.platforms.status())
}

async fn settings(Shared(state): Shared<Arc<State>>, body: Bytes) -> Result<Response, Error> {
    Ok(response(&state.platforms.change(serde_json::from_slice(&body)?)?))
}

fn read(body: &Bytes) -> Result<Leads, Error> {
    let leads: Leads =
        if body.is_empty() { Leads::default() } else { serde_json::from_slice(body)? };
    let (count, batch) = (leads.count, leads.batch);
    if count > MAX_COUNT || batch == 0 {
        return Err(Error::Invalid(format!("count is at most {MAX_COUNT}, and batch at least 1")));
    }
    Ok(leads)
}

/// Creates leads, and delivers their ids in the background.
async fn meta_leads(Shared(state): Shared<Arc<State>>, body: Bytes) -> Result<Response, Error> {
    let leads = read(&body)?;
    let settings = state.platforms.settings();
    let url =
        settings.meta_url.clone().ok_or_else(|| Error::Invalid("metaUrl is not set".into()))?;
    let ids: Vec<u64> = (0..leads.count).map(|_| state.platforms.create(&leads.fields)).collect();
    let deliveries = ids.chunks(leads.batch).map(|ids| meta(&settings, &url, ids)).collect();
    deliver(&state, deliveries, &leads);
    Ok(response(&json!({ "ids": ids.iter().map(u64::to_string).collect::<Vec<_>>() })))
}

/// Creates and delivers leads in the background.
async fn google_leads(Shared(state): Shared<Arc<State>>, body: Bytes) -> Result<Response, Error> {
    let leads = read(&body)?;
    let settings = state.platforms.settings();
    let url =
        settings.google_url.clone().ok_or_else(|| Error::Invalid("googleUrl is not set".into()))?;
    let mut deliveries = Vec::new();
    for _ in 0..leads.count {
        let mut platforms = lock(&state.platforms.0);
        deliveries.push(google(&settings, &url, platforms.google_leads, &leads.fields));
        platforms.google_leads += 1;
    }
    deliver(&state, deliveries, &leads);
    Ok(response(&json!({ "count": leads.count })))
}

fn deliver(state: &Arc<State>, mut deliveries: Vec<sender::Delivery>, leads: &Leads) {
    let random = &state.fault_random;
    deliveries.retain(|_| !random.happens(f64::from(leads.lost) / 100.0));
    if leads.reorder {
        for place in (1..deliveries.len()).rev() {
            deliveries.swap(place, random.below(place + 1));
        }
    }
    for delivery in deliveries {
        tokio::spawn(sender::send(Arc::clone(state), delivery, leads.repeat));
    }
}
