//! Applies faults to responses.

use std::future::pending;
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::Value;

use super::actions::{Action, Moment};
use super::call::{Call, act, finished};
use super::response::{ApiError, ApiResponse, html};
use super::switches::Switches;
use crate::server::connection::Line;
use crate::state::State;

/// The response after the fault; the switches are those at the time of the commit.
pub(crate) async fn meet(
    state: &State,
    line: &Line,
    call: &Call,
    fault: Option<Action>,
) -> ApiResponse {
    match fault {
        None => finished(state, call, act),
        Some(Action::Delay { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            finished(state, call, act)
        }
        Some(Action::Hang { when }) => {
            if when == Moment::After {
                finished(state, call, act);
            }
            pending().await
        }
        Some(Action::Cut { when }) => {
            if when == Moment::After {
                finished(state, call, act);
            }
            line.close_with(Bytes::new()).await
        }
        Some(Action::Truncate { bytes }) => {
            line.close_with(truncated(&finished(state, call, act), bytes)).await
        }
        Some(Action::MalformedHttp) => {
            finished(state, call, act);
            line.close_with(Bytes::from_static(b"SANDBOX/0 what\r\n\0\xff\r\n\r\n")).await
        }
        Some(spoiling) => finished(state, call, |state, switches, call| {
            apply_fault(spoiling, switches, || act(state, switches, call))
        }),
    }
}

/// A different response instead of the normal one.
fn apply_fault(
    fault: Action,
    switches: &Switches,
    act: impl FnOnce() -> ApiResponse,
) -> ApiResponse {
    let status = |code| StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match fault {
        Action::Status { status: code, body, headers, commit } => {
            if commit {
                act();
            }
            let mut response = match body {
                None => ApiError::new(code, "A fault of the sandbox").response(switches),
                Some(Value::String(text)) => {
                    ApiResponse::of(status(code), "text/plain; charset=utf-8", text)
                }
                Some(value) => ApiResponse::json(status(code), &value),
            };
            for (name, value) in &headers {
                response.set(name, value);
            }
            response
        }
        Action::Garbage => {
            act();
            ApiResponse::of(StatusCode::OK, "application/json", &b"\xff\xfe{\"_id\":\x00\xc3("[..])
        }
        Action::Html { status: code } => {
            act();
            html(status(code), "A page, not the API")
        }
        Action::EmptyBody { status: code } => {
            act();
            ApiResponse::empty(status(code))
        }
        Action::Redirect { status: code, location } => {
            let mut response = ApiResponse::empty(status(code));
            response.set("location", &location);
            response
        }
        _ => act(),
    }
}

/// The head of the response and the first bytes of its body, as sent.
fn truncated(response: &ApiResponse, bytes: usize) -> Bytes {
    let mut wire =
        format!("HTTP/1.1 {}\r\ncontent-length: {}\r\n", response.status, response.body.len())
            .into_bytes();
    for (name, value) in &response.headers {
        wire.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    wire.extend(b"\r\n");
    wire.extend(response.body.iter().take(bytes));
    wire.into()
}
