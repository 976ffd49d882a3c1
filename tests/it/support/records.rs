//! Records to send.

use icloud_ready::Settings;
use icloud_ready::model::{Lead, LeadInformation, Object};
use serde_json::Value;

/// A lead with the required fields.
pub(crate) fn lead(first_name: &str, phone: &str) -> Lead {
    Lead {
        lead_information: Some(LeadInformation {
            first_name: Some(first_name.into()),
            phone: Some(phone.into()),
            ..LeadInformation::default()
        }),
        ..Lead::default()
    }
}

/// The lead of this number, whose name, phone and submission id are unique.
pub(crate) fn numbered(number: usize) -> Lead {
    lead(&format!("Lead {number}"), &format!("+2010{number:08}"))
}

pub(crate) fn submission_id(number: usize) -> String {
    format!("submission-{number:06}")
}

/// Settings with which a create has this submission id.
pub(crate) fn submitting(id: &str, settings: &Settings) -> Settings {
    Settings { submission_id: Some(id.into()), ..settings.clone() }
}

/// The members of a JSON object.
pub(crate) fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("no object: {other}"),
    }
}

/// A time in milliseconds since 1970 as the CRM writes it.
pub(crate) fn timestamp(at: f64) -> String {
    let date = http_date(at);
    let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(&date[8..11]).expect("a month") / 3 + 1;
    let (year, day, time) = (&date[12..16], &date[5..7], &date[17..25]);
    format!("{year}-{month:02}-{day}T{time}.{:03}Z", at as u64 % 1_000)
}

/// The header `Date` of a response at this time.
pub(crate) fn http_date(at: f64) -> String {
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(at as u64))
}
