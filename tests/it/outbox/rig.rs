//! An outbox whose CRM is told what to answer.

use super::database::Database;
use super::site::{Site, submission};
use crate::support::crm::ANOTHER;
use crate::support::fake::{Fake, Reply, Sent};
use icloud_ready::outbox::{LeadEntry, OutboxSettings};

/// A CRM that answers creates with one thing and looks with another.
pub(crate) fn crm(
    create: impl Fn(usize) -> Reply + 'static,
    look: impl Fn(&Sent) -> Reply + 'static,
) -> Fake {
    let mut creates = 0;
    Fake::new(move |sent| {
        if sent.method == "POST" {
            creates += 1;
            create(creates)
        } else {
            look(sent)
        }
    })
    .chance(0.5)
    .dated()
}

pub(crate) fn site(fake: &Fake, settings: OutboxSettings) -> Site<Fake> {
    Site::open(Database::new(), fake.clone(), settings, icloud_ready::Settings::default()).unwrap()
}

pub(crate) fn entry(site: &Site<Fake>, number: usize) -> LeadEntry {
    site.outbox.inspect(&submission(number)).unwrap().unwrap().entry
}

pub(crate) fn sends(fake: &Fake) -> usize {
    fake.sent().iter().filter(|sent| sent.method == "POST").count()
}

pub(crate) fn made() -> Reply {
    Reply::json(200, r#"{"_id":"crm-1"}"#)
}

/// A search that finds nothing, and a list that ends without the lead: a look is four requests, a
/// walk two, twice.
pub(crate) fn nothing(sent: &Sent) -> Reply {
    let is_first = sent.target == "/leads?limit=50";
    Reply::json(200, if is_first { ANOTHER } else { "[]" })
}

pub(crate) fn found(number: usize) -> Reply {
    let custom = format!(r#"{{\"submissionId\":\"{}\"}}"#, submission(number));
    Reply::json(200, &format!(r#"[{{"_id":"crm-2","customField":"{custom}"}}]"#))
}

pub(crate) fn refused(status: u16) -> Reply {
    Reply::json(status, "{}")
}

/// A site over a database that is there already.
pub(crate) fn reopened(site: &Site<Fake>, fake: &Fake, settings: OutboxSettings) -> Site<Fake> {
    let crm = icloud_ready::Settings::default();
    Site::open(site.database.reopened(), fake.clone(), settings, crm).unwrap()
}
