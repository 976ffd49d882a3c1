//! Any input gets a response or an error, and never ends the process.

use super::database::Database;
use super::site::page_lead;
use crate::support::arbitrary;
use crate::support::property::property;
use icloud_ready::json::Node;
use icloud_ready::outbox::{Enqueue, MAX_CUSTOM_FIELD_BYTES, Outbox, OutboxSettings, compose};
use icloud_ready::submission::SubmissionField;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

const REQUESTS: [&str; 12] = [
    "precheck",
    "enqueue",
    "recordRefusal",
    "health",
    "metrics",
    "list",
    "inspect",
    "replay",
    "release",
    "drop",
    "erase",
    "",
];

fn few() -> impl Strategy<Value = Vec<String>> {
    vec(any::<String>(), 0..4)
}

#[test]
fn any_request_returns_json_or_is_rejected() {
    let outbox = Outbox::open(Database::new(), OutboxSettings::default(), 0.0, "entropy").unwrap();
    let input = prop_oneof![
        arbitrary::text(),
        arbitrary::text().prop_map(|text| Value::String(text).to_string()),
        any::<String>(),
    ];
    property((select(&REQUESTS[..]), input, any::<f64>()), |(name, input, now)| {
        let now = if now.is_finite() { now } else { 0.0 };
        if let Ok(response) = outbox.request(name, &input, now) {
            serde_json::from_str::<Value>(&response).unwrap();
        }
    });
}

#[test]
fn any_enqueued_lead_is_stored_unchanged() {
    let database = Database::new();
    let outbox = Outbox::open(database.clone(), OutboxSettings::default(), 0.0, "entropy").unwrap();
    let number = std::cell::Cell::new(0);
    let parts = (arbitrary::text(), arbitrary::text(), few(), any::<String>());
    property(parts, |(lead, custom, marks, origin)| {
        number.set(number.get() + 1);
        let page_lead = Enqueue {
            canonical: lead.clone(),
            custom,
            marks: marks.clone(),
            origin,
            dropped: Some(lead.clone()),
            warnings: Some(lead.clone()),
            lead,
            ..page_lead(number.get())
        };
        outbox.enqueue(&page_lead, 0.0).unwrap();
        let id = page_lead.submission_id.clone().unwrap();
        let detail = outbox.inspect(&id).unwrap().unwrap();
        assert_eq!(detail.entry.marks, marks);
        assert_eq!(detail.lead, serde_json::from_str(&page_lead.lead).ok());
    });
}

#[test]
fn any_metadata_of_a_lead_fits_and_contains_its_id() {
    let fields = select(&[SubmissionField::CustomField, SubmissionField::IdengagerRequestId][..]);
    let long = (any::<String>(), 0..60_usize).prop_map(|(text, times)| text.repeat(times));
    let custom = prop_oneof![
        arbitrary::text(),
        (long.clone(), long).prop_map(|(page, referrer)| {
            serde_json::json!({ "page": page, "referrer": referrer }).to_string()
        }),
    ];
    property((arbitrary::text(), custom, few(), fields), |parts| {
        let (lead, custom, marks, field) = parts;
        let composed = compose(&lead, "submission-1", &custom, &marks, field);
        let Ok(Value::Object(_)) = serde_json::from_str(&lead) else {
            return;
        };
        let Value::Object(sent) = serde_json::from_str(&composed).unwrap() else {
            panic!("an object");
        };
        let text = sent["customField"].as_str().unwrap();
        assert!(text.len() <= MAX_CUSTOM_FIELD_BYTES, "{}", text.len());
        // serde_json rejects numbers beyond a double, which are valid JSON.
        let held = Node::parse(text).unwrap().member("submissionId").and_then(Node::string);
        assert_eq!(held.as_deref(), Some("submission-1"));
        assert_eq!(field.has_id(&Value::Object(sent), "submission-1"), Some(true));
    });
}
