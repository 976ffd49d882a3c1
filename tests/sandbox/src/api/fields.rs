//! The fields a caller sends: what is required, what is taken, how it is merged.

use super::answer::Refusal;
use crate::data::defaults::is_server_set;
use crate::data::record::Record;
use crate::data::resource::Resource;

/// Sets the fields sent; of a lead's `leadInformation` the members sent.
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

/// The one validation the vendor documents.
pub(crate) fn check_lead(lead: &Record) -> Result<(), Refusal> {
    let information: Record = lead.parsed("leadInformation").unwrap_or_default();
    for name in ["firstName", "phone"] {
        if !information.get(name).is_some_and(is_text) {
            return Err(Refusal::new(400, format!("leadInformation.{name} is required")));
        }
    }
    Ok(())
}

/// Whether JSON text is a string that is not blank. One that Rust cannot hold (half of a
/// surrogate pair) is text all the same.
fn is_text(json: &str) -> bool {
    json.starts_with('"')
        && serde_json::from_str::<String>(json).map_or(true, |text| !text.trim().is_empty())
}
