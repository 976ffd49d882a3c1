//! Answers as a fault lets them through.

use std::future::pending;
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::Value;

use super::actions::{Action, Moment};
use super::answer::{Answer, Refusal, html};
use super::call::{Call, act, finished};
use super::switches::Switches;
use crate::server::connection::Line;
use crate::state::State;

/// The answer, as the fault lets it through; the switches are those at the moment of acting.
pub(crate) async fn meet(state: &State, line: &Line, call: &Call, fault: Option<Action>) -> Answer {
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
            spoil(spoiling, switches, || act(state, switches, call))
        }),
    }
}

/// An answer of another kind in the right one's place.
fn spoil(fault: Action, switches: &Switches, act: impl FnOnce() -> Answer) -> Answer {
    let status = |code| StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match fault {
        Action::Status { status: code, body, headers, commit } => {
            if commit {
                act();
            }
            let mut answer = match body {
                None => Refusal::new(code, "A fault of the sandbox").answer(switches),
                Some(Value::String(text)) => {
                    Answer::of(status(code), "text/plain; charset=utf-8", text)
                }
                Some(value) => Answer::json(status(code), &value),
            };
            for (name, value) in &headers {
                answer.set(name, value);
            }
            answer
        }
        Action::Garbage => {
            act();
            Answer::of(StatusCode::OK, "application/json", &b"\xff\xfe{\"_id\":\x00\xc3("[..])
        }
        Action::Html { status: code } => {
            act();
            html(status(code), "A page, not the API")
        }
        Action::EmptyBody { status: code } => {
            act();
            Answer::empty(status(code))
        }
        Action::Redirect { status: code, location } => {
            let mut answer = Answer::empty(status(code));
            answer.set("location", &location);
            answer
        }
        _ => act(),
    }
}

/// The answer's head, and its body's first bytes, as they stand on the wire.
fn truncated(answer: &Answer, bytes: usize) -> Bytes {
    let mut wire =
        format!("HTTP/1.1 {}\r\ncontent-length: {}\r\n", answer.status, answer.body.len())
            .into_bytes();
    for (name, value) in &answer.headers {
        wire.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    wire.extend(b"\r\n");
    wire.extend(answer.body.iter().take(bytes));
    wire.into()
}
