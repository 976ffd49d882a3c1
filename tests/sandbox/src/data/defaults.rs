//! The fields that the CRM sets itself.

use std::sync::LazyLock;

use super::clock;
use super::random::Random;
use super::record::Record;
use super::resource::Resource;

/// The creator of a lead: the user of the guide's response.
const USER: &str = "686f8adfaf67193dd6e13eb2";

/// Fields that are never accepted from a caller.
const SERVER_SET: [&str; 11] = [
    "_id",
    "uid",
    "leadNumber",
    "realmId",
    "createdBy",
    "creationDate",
    "createdAt",
    "updatedAt",
    "deleted",
    "deletedAt",
    "__v",
];

/// The defaults of a new lead's fields, from the response in the guide.
static LEAD_DEFAULTS: LazyLock<Record> = LazyLock::new(|| {
    let mut record = Record::default();
    for name in ["lastAssignedDate", "territoryId", "proposalUrl", "claimedAt"] {
        record.set(name, ());
    }
    for name in ["converted", "workflowStart", "isFavorite"] {
        record.set(name, false);
    }
    for name in [
        "conversations",
        "customFields",
        "favoritedBy",
        "assignedAccounts",
        "workflowSetup",
        "units",
        "activityLog",
        "notes",
        "documents",
        "workflow",
        "collaborators",
    ] {
        record.set(name, [(); 0]);
    }
    record
});

/// A record before it is stored, and its keys.
pub(crate) struct Created {
    pub(crate) id: String,
    pub(crate) record: Record,
}

pub(crate) struct Creation<'a> {
    pub(crate) resource: Resource,
    pub(crate) organization: &'a str,
    pub(crate) now: u64,
    pub(crate) random: &'a Random,
}

impl Creation<'_> {
    /// The record with the sent fields, the `number`th of its resource.
    pub(crate) fn record(&self, sent: Record, number: u64) -> Created {
        let id = self.random.id(self.now);
        let mut record = sent;
        record.retain(|name| !is_server_set(self.resource, name));
        if self.resource == Resource::Leads {
            for (name, value) in LEAD_DEFAULTS.iter() {
                if !record.contains(name) {
                    record.set_raw(name, value.to_owned());
                }
            }
            record.set("uid", self.random.uid());
            record.set("leadNumber", number);
            record.set("realmId", self.organization);
            record.set("createdBy", USER);
            record.set("creationDate", clock::office(self.now));
            record.set("deleted", false);
            record.set("deletedAt", ());
        }
        let now = clock::utc(self.now);
        record.set("_id", &id);
        record.set("createdAt", &now);
        record.set("updatedAt", &now);
        record.set("__v", 0);
        Created { id, record }
    }
}

/// Whether only the CRM sets this field. Those of leads are ordinary in other resources.
pub(crate) fn is_server_set(resource: Resource, name: &str) -> bool {
    match resource {
        Resource::Leads => SERVER_SET.contains(&name),
        _ => matches!(name, "_id" | "createdAt" | "updatedAt" | "__v"),
    }
}
