//! The fields of a request: required fields, accepted fields, and merging.

use super::response::ApiError;
use crate::data::defaults::is_server_set;
use crate::data::record::Record;
use crate::data::resource::Resource;

/// Sets the sent fields; in a lead's `leadInformation`, the sent members.
pub(crate) fn merge(resource: Resource, record: &mut Record, sent: Record) {
    let mut sent = without_server_set(resource, sent);
    if let (Some(mut information), Some(changes)) =
        (record.parsed::<Record>("leadInformation"), sent.parsed::<Record>("leadInformation"))
        && resource == Resource::Leads
    {
        information.overlay(changes);
        sent.set("leadInformation", information);
    }
    record.overlay(sent);
}

pub(crate) fn without_server_set(resource: Resource, mut sent: Record) -> Record {
    sent.retain(|name| !is_server_set(resource, name));
    sent
}

/// The only validation that the vendor documents.
pub(crate) fn check_lead(lead: &Record) -> Result<(), ApiError> {
    let information: Record = lead.parsed("leadInformation").unwrap_or_default();
    for name in ["firstName", "phone"] {
        if !information.get(name).is_some_and(is_text) {
            return Err(ApiError::new(400, format!("leadInformation.{name} is required")));
        }
    }
    Ok(())
}

/// Whether JSON text is a string that is not blank. A string with a lone surrogate, which Rust
/// cannot represent, counts as text.
fn is_text(json: &str) -> bool {
    json.starts_with('"')
        && serde_json::from_str::<String>(json).map_or(true, |text| !text.trim().is_empty())
}
