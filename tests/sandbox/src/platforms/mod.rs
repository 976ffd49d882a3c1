//! Simulated ad platforms, for forwarders with lead sources: Meta's Graph API, and senders that
//! sign, batch, repeat, reorder and lose deliveries over real HTTP.
//!
//! `POST /_sandbox/platforms/meta` with `{}` sends one lead of a simulated lead ad: the demo's
//! button uses it. `PUT /_sandbox/platforms` sets the targets and the signatures of deliveries.

pub(crate) mod graph;
pub(crate) mod http;
mod sender;

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::data::clock;
use crate::error::Error;
use crate::sync::lock;

/// The first id, which JavaScript numbers cannot represent.
const FIRST_ID: u64 = 9_007_199_254_740_993;

/// The page and the form of all leads.
const PAGE: u64 = 9_223_372_036_854_775_001;
const FORM: u64 = 9_223_372_036_854_775_777;

/// The settings of deliveries, signatures and the Graph API.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// The URLs of the forwarder's sources.
    meta_url: Option<String>,
    google_url: Option<String>,
    app_secret: String,
    google_key: String,
    /// The token that the Graph API accepts; null: none.
    access_token: Option<String>,
    /// The number of leads on a page of the list.
    page_size: usize,
    /// Errors of the Graph API, applied in order, each to its number of requests.
    errors: VecDeque<GraphError>,
    /// The time from a lead's delivery until it exists.
    lag_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            meta_url: None,
            google_url: None,
            app_secret: "sandbox-app-secret".into(),
            google_key: "sandbox-google-key".into(),
            access_token: Some("sandbox-page-token".into()),
            page_size: 25,
            errors: VecDeque::new(),
            lag_ms: 0,
        }
    }
}

/// An error of the Graph API.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct GraphError {
    /// The status of the response.
    #[serde(default = "bad_request")]
    status: u16,
    /// The code in the body; null: the body is HTML.
    code: Option<u32>,
    #[serde(default = "once")]
    times: u32,
}

fn bad_request() -> u16 {
    400
}

fn once() -> u32 {
    1
}

/// A lead of a platform.
#[derive(Clone, Debug)]
struct PlatformLead {
    id: u64,
    created_at: u64,
    field_data: Value,
    consent: Value,
}

/// The platforms of a sandbox.
#[derive(Debug, Default)]
pub(crate) struct Platforms(Mutex<PlatformState>);

#[derive(Debug, Default)]
struct PlatformState {
    settings: Settings,
    leads: Vec<PlatformLead>,
    google_leads: u64,
    /// The requests to the Graph API.
    requests: u64,
    /// The deliveries that are not acknowledged yet, and the statuses of all attempts.
    pending: u64,
    statuses: Vec<u16>,
}

impl Platforms {
    fn settings(&self) -> Settings {
        lock(&self.0).settings.clone()
    }

    /// Changes some settings, given as a JSON object.
    fn change(&self, changes: Value) -> Result<Value, Error> {
        let mut state = lock(&self.0);
        let mut merged = serde_json::to_value(&state.settings)?;
        let (Some(settings), Value::Object(changes)) = (merged.as_object_mut(), changes) else {
            return Err(Error::Invalid("the settings are an object".into()));
        };
        settings.extend(changes);
        state.settings = serde_json::from_value(merged.clone())?;
        Ok(merged)
    }

    fn status(&self) -> Value {
        let state = lock(&self.0);
        json!({ "leads": state.leads.len(), "googleLeads": state.google_leads, "requests": state.requests,
            "pending": state.pending, "statuses": state.statuses })
    }

    pub(crate) fn clear(&self) {
        *lock(&self.0) = PlatformState::default();
    }

    /// Creates a lead; `answers` replace some of its fields.
    fn create(&self, answers: &Value) -> u64 {
        let mut state = lock(&self.0);
        let number = state.leads.len() as u64;
        let id = FIRST_ID + number;
        let mut fields = json!({
            "full_name": format!("\u{645}\u{646}\u{649} \u{627}\u{644}\u{62d}\u{633}\u{64a}\u{646}\u{64a} {number}"),
            "phone_number": format!("0100{:07}", number % 10_000_000),
            "email": format!("mona.{number}@example.com"),
            "which_unit_do_you_want?": "Villa / \u{641}\u{64a}\u{644}\u{627}",
        });
        if let (Some(fields), Some(answers)) = (fields.as_object_mut(), answers.as_object()) {
            fields.extend(answers.clone());
        }
        let entries = fields.as_object().into_iter().flatten();
        let field_data =
            entries.map(|(name, value)| json!({ "name": name, "values": [value] })).collect();
        let consent = json!([{ "checkbox_key": "marketing", "is_checked": "1" },
            { "checkbox_key": "partners", "is_checked": "" }]);
        state.leads.push(PlatformLead { id, created_at: clock::now(), field_data, consent });
        id
    }
}

impl PlatformLead {
    /// The lead as the Graph API returns it.
    fn record(&self) -> Value {
        json!({ "id": self.id.to_string(), "created_time": clock::utc(self.created_at), "form_id": FORM.to_string(),
            "ad_id": "120210000000000001", "ad_name": "Villa carousel", "adset_id": "120210000000000002",
            "adset_name": "Cairo 30-45", "campaign_id": "120210000000000003", "campaign_name": "Q3 Launch",
            "platform": "fb", "is_organic": false, "field_data": self.field_data,
            "custom_disclaimer_responses": self.consent })
    }
}
