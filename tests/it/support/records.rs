//! Records to send.

use icloud_ready::Settings;
use icloud_ready::model::{Lead, LeadInformation, Object};
use serde_json::Value;

/// A lead with what the API requires.
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

/// The lead of this number, whose name, phone and submission id nobody else has.
pub(crate) fn numbered(number: usize) -> Lead {
    lead(&format!("Lead {number}"), &format!("+2010{number:08}"))
}

pub(crate) fn submission_id(number: usize) -> String {
    format!("submission-{number:06}")
}

/// Settings that let a create carry this submission id.
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
