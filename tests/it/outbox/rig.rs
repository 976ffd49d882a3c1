//! An outbox with a scripted CRM.

use super::database::Database;
use super::site::{Site, submission};
use crate::support::crm::ANOTHER;
use crate::support::fake::{Fake, Reply, Sent};
use icloud_ready::outbox::{BulkCommand, CommandName, LeadEntry, OutboxSettings};

/// A CRM with one response for creates and another for lookups.
pub(crate) fn crm(
    create: impl Fn(usize) -> Reply + Send + 'static,
    lookup: impl Fn(&Sent) -> Reply + Send + 'static,
) -> Fake {
    let mut creates = 0;
    Fake::new(move |sent| {
        if sent.method == "POST" {
            creates += 1;
            create(creates)
        } else {
            lookup(sent)
        }
    })
    .chance(0.5)
    .dated()
}

pub(crate) fn site(fake: &Fake, settings: OutboxSettings) -> Site<Fake> {
    Site::open(
        Database::new(),
        fake.clone(),
        settings,
        icloud_ready::request::settings::CallSettings::default(),
    )
    .unwrap()
}

pub(crate) fn entry(site: &Site<Fake>, number: usize) -> LeadEntry {
    site.outbox.inspect(&submission(number)).unwrap().unwrap().entry
}

pub(crate) fn sends(fake: &Fake) -> usize {
    fake.sent().iter().filter(|sent| sent.method == "POST").count()
}

pub(crate) fn created() -> Reply {
    Reply::json(200, r#"{"_id":"crm-1"}"#)
}

/// A search that finds nothing, and a list that ends without the lead: a lookup has four requests,
/// and its two scans have two each.
pub(crate) fn empty_lookup(sent: &Sent) -> Reply {
    let is_first = sent.target == "/leads?limit=50";
    Reply::json(200, if is_first { ANOTHER } else { "[]" })
}

pub(crate) fn found(number: usize) -> Reply {
    let custom = format!(r#"{{\"submissionId\":\"{}\"}}"#, submission(number));
    Reply::json(200, &format!(r#"[{{"_id":"crm-2","customField":"{custom}"}}]"#))
}

pub(crate) fn rejected(status: u16) -> Reply {
    Reply::json(status, "{}")
}

/// A command for all leads that are dead or held for a reason.
pub(crate) fn bulk(command: CommandName, reason: &str) -> BulkCommand {
    let (token, reason) = ("admin:00000000".into(), reason.into());
    BulkCommand { command, token, reason, from: None, to: None, count: None }
}

/// A site over an existing database.
pub(crate) fn reopened(site: &Site<Fake>, fake: &Fake, settings: OutboxSettings) -> Site<Fake> {
    let crm = icloud_ready::request::settings::CallSettings::default();
    Site::open(site.database.reopened(), fake.clone(), settings, crm).unwrap()
}
