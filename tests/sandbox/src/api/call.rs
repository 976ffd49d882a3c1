//! The stages of a request: log, fault, credential, limit, operation.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use bytes::Bytes;

use super::actions::Action;
use super::apply_fault;
use super::cors;
use super::credentials;
use super::faults::Matched;
use super::operations::{Context, Operation};
use super::request_log::LoggedRequest;
use super::response::{ApiError, ApiResponse};
use super::routes::Route;
use super::switches::Switches;
use crate::data::clock;
use crate::server::connection::Line;
use crate::state::State;
use crate::sync::lock;

const LARGEST_BODY: usize = 16 << 20;

/// One complete request.
pub(crate) struct Call {
    method: Method,
    path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    parameters: Vec<String>,
    pub(crate) body: Bytes,
    route: Option<&'static Route>,
}

impl Call {
    /// The path's arguments, first to last, decoded.
    pub(crate) fn parameter(&self, position: usize) -> &str {
        self.parameters.get(position).map_or("", String::as_str)
    }

    fn matched(&self) -> Matched<'_> {
        Matched {
            method: self.method.as_str(),
            path: &self.path,
            route: self.route.map(|route| route.path),
            query: &self.query,
        }
    }

    fn logged(&self, fault: Option<&Action>) -> LoggedRequest {
        LoggedRequest {
            seq: 0,
            at_ms: clock::now(),
            method: self.method.to_string(),
            route: self.route.map(|route| route.path),
            path: self.path.clone(),
            query: Some(self.query.clone()).filter(|query| !query.is_empty()),
            auth: credentials::mode(&self.headers),
            headers: self.headers.keys().map(ToString::to_string).collect(),
            fault: fault.map(Action::kind),
            status: None,
            request_id: None,
        }
    }
}

/// Serves one request below `/api/v2`.
pub(crate) async fn serve(
    state: Arc<State>,
    line: Line,
    route: Option<&'static Route>,
    parameters: Vec<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    // The body is read completely first: a connection closed with unread bytes is reset, which
    // clients distinguish from one that ends.
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return ApiError::new(413, "The body is too large")
            .response(&state.switches())
            .into_response();
    };
    let Parts { method, uri, headers, .. } = parts;
    let query = uri.query().unwrap_or("").to_owned();
    let call =
        Call { method, path: uri.path().to_owned(), query, headers, parameters, body, route };

    let fault = lock(&state.faults).choose(&call.matched(), &state.fault_random);
    let sequence = lock(&state.log).begin(call.logged(fault.as_ref()));
    let response = apply_fault::meet(&state, &line, &call, fault).await;

    let request_id = state.switches().request_id.and_then(|header| {
        let value = response.headers.get(header.name())?;
        Some(value.to_str().ok()?.to_owned())
    });
    lock(&state.log).finish(sequence, response.status.as_u16(), request_id);
    response.into_response()
}

/// A response with the common headers: a request id, and CORS.
pub(crate) fn finished(
    state: &State,
    call: &Call,
    response: impl FnOnce(&State, &Switches, &Call) -> ApiResponse,
) -> ApiResponse {
    let switches = state.switches();
    let mut response = response(state, &switches, call);
    if let Some(header) = switches.request_id
        && !response.headers.contains_key(header.name())
    {
        response.set(header.name(), &state.random.hex());
    }
    if let Some(cors) = &switches.cors {
        cors::allow(&mut response, cors, &call.headers);
    }
    response
}

/// The API's response without a fault.
pub(crate) fn act(state: &State, switches: &Switches, call: &Call) -> ApiResponse {
    if switches.cors.is_some() && cors::is_preflight(&call.method, &call.headers) {
        return cors::preflight();
    }
    admit(state, switches, call).unwrap_or_else(|error| error.response(switches))
}

fn admit(state: &State, switches: &Switches, call: &Call) -> Result<ApiResponse, ApiError> {
    let context = Context { state, switches, call };
    let operation = call.route.map(|route| route.operation);
    if operation == Some(Operation::SignIn) {
        return context.sign_in();
    }
    let caller = credentials::authenticate(&lock(&state.tokens), &call.headers)?;
    if let Some(limits) = &switches.limits {
        lock(&state.limiter)
            .pass(limits, &caller.token, clock::now())
            .map_err(ApiError::too_many)?;
    }
    let operation = operation.ok_or_else(ApiError::not_found)?;
    if !caller.may(operation) {
        return Err(ApiError::new(403, "The role lacks this permission"));
    }
    context.perform(operation, &caller)
}
