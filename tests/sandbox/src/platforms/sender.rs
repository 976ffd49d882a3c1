//! Signs deliveries and sends them until they are acknowledged.

use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{FIRST_ID, FORM, PAGE, Settings};
use crate::data::clock;
use crate::state::State;
use crate::sync::lock;

/// The maximum number of attempts of a delivery.
const MAX_ATTEMPTS: u32 = 2_000;

/// The time between two attempts.
const PAUSE: Duration = Duration::from_millis(200);

/// A request to a forwarder.
pub(super) struct Delivery {
    url: String,
    body: String,
    signature: Option<String>,
}

/// A delivery of Meta, with ids as bare numbers, and with the escapes that Meta uses.
pub(super) fn meta(settings: &Settings, url: &str, ids: &[u64]) -> Delivery {
    let seconds = clock::now() / 1_000;
    let changes: Vec<Value> = ids
        .iter()
        .map(|id| {
            let value = json!({ "created_time": seconds, "leadgen_id": id, "page_id": PAGE, "form_id": FORM,
                "note": "caf\u{e9} / \u{645}\u{646}\u{649}" });
            json!({ "field": "leadgen", "value": value })
        })
        .collect();
    let body = json!({ "object": "page", "entry": [{ "id": PAGE.to_string(), "time": seconds, "changes": changes }] });
    let body = escaped(&body.to_string());
    let signature =
        Hmac::<Sha256>::new_from_slice(settings.app_secret.as_bytes()).ok().map(|mut mac| {
            mac.update(body.as_bytes());
            let hex: String =
                mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            format!("sha256={hex}")
        });
    Delivery { url: url.into(), body, signature }
}

/// A delivery of Google.
pub(super) fn google(settings: &Settings, url: &str, number: u64, changes: &Value) -> Delivery {
    let column = |id: &str, value: String| json!({ "column_id": id, "string_value": value });
    let mut body = json!({
        // The same ids as Meta's, distinguished only by their prefix.
        "lead_id": (FIRST_ID + number).to_string(),
        "api_version": "1.0",
        "form_id": FORM,
        "campaign_id": PAGE,
        "gcl_id": format!("gclid-{number}"),
        "google_key": settings.google_key,
        "is_test": false,
        "user_column_data": [
            column("FULL_NAME", format!("Omar Sayed {number}")),
            column("PHONE_NUMBER", format!("+2011{:08}", number % 100_000_000)),
            json!({ "column_id": "budget", "column_name": "Your budget?", "string_value": "5M" }),
        ],
    });
    if let (Some(body), Some(changes)) = (body.as_object_mut(), changes.as_object()) {
        body.extend(changes.clone());
    }
    Delivery { url: url.into(), body: body.to_string(), signature: None }
}

/// The text with characters beyond ASCII and slashes escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '/' => escaped.push_str("\\/"),
            _ if character.is_ascii() => escaped.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    escaped.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    escaped
}

/// Sends a delivery until it is acknowledged, `repeat` more times after that.
pub(super) async fn send(state: Arc<State>, delivery: Delivery, repeat: u32) {
    lock(&state.platforms.0).pending += 1;
    let delivery = Arc::new(delivery);
    for _ in 0..=repeat {
        for _ in 0..MAX_ATTEMPTS {
            let one = Arc::clone(&delivery);
            let sent = tokio::task::spawn_blocking(move || post(&one)).await;
            let status = sent.unwrap_or(0);
            lock(&state.platforms.0).statuses.push(status);
            // Google does not retry a 4xx; Meta retries anything but a 200.
            if status == 200 || ((400..500).contains(&status) && delivery.signature.is_none()) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    let mut state = lock(&state.platforms.0);
    state.pending = state.pending.saturating_sub(1);
}

/// The status of the response; 0 if there was none.
fn post(delivery: &Delivery) -> u16 {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build();
    let mut request = ureq::Agent::new_with_config(config)
        .post(&delivery.url)
        .header("content-type", "application/json");
    if let Some(signature) = &delivery.signature {
        request = request.header("x-hub-signature-256", signature);
    }
    let Ok(mut response) = request.send(&delivery.body) else {
        return 0;
    };
    // A truncated response acknowledges nothing.
    match response.body_mut().read_to_string() {
        Ok(_) => response.status().as_u16(),
        Err(_) => 0,
    }
}
