//! A CRM that loses the response to every create and answers lookups as configured.

use super::fake::{Fake, Reply, Sent};
use super::records::{lead, submitting};
use super::rig::{faked, simulated};
use icloud_ready::model::Lead;
use icloud_ready::transport::TransportError;
use icloud_ready::{Client, Error, Settings};

pub(crate) const OURS: &str = r#"{"_id":"l1","customField":"{\"submissionId\":\"submission-1\"}"}"#;

/// A list of one lead with another submission id.
pub(crate) const ANOTHER: &str =
    r#"[{"_id":"l0","customField":"{\"submissionId\":\"submission-0\"}"}]"#;

/// The responses to a lookup's requests.
#[derive(Clone, Copy)]
pub(crate) struct Crm {
    pub(crate) by_id: &'static str,
    pub(crate) by_phone: &'static str,
    pub(crate) recent: &'static str,
    /// The pages after the first one.
    pub(crate) more: &'static str,
    /// A search for another submission id.
    pub(crate) other: &'static str,
    pub(crate) retrieved: &'static str,
}

/// A CRM whose search finds nothing, and whose list ends without the lead.
pub(crate) const NOTHING: Crm =
    Crm { by_id: "[]", by_phone: "[]", recent: ANOTHER, more: "[]", other: "[]", retrieved: "{}" };

impl Crm {
    pub(crate) fn respond(&self, sent: &Sent) -> Reply {
        let body = match sent.target.as_str() {
            "/leads?q=submission-1" => self.by_id,
            "/leads?q=%2B201001234567" => self.by_phone,
            "/leads?limit=50" => self.recent,
            target if target.starts_with("/leads?limit=50&page=") => self.more,
            target if target.starts_with("/leads?q=") => self.other,
            _ => self.retrieved,
        };
        // An error is given as its status.
        match body.parse() {
            Ok(status) => Reply::json(status, "{}"),
            Err(_) => Reply::json(200, body),
        }
    }

    /// This CRM, which never responds to a create.
    pub(crate) fn losing(self) -> Fake {
        Fake::new(move |sent| match sent.method {
            "POST" => Reply::fault(TransportError::Connection),
            _ => self.respond(sent),
        })
    }
}

pub(crate) fn settings() -> Settings {
    submitting("submission-1", &Settings { max_retries: 1, ..Settings::default() })
}

pub(crate) async fn create(client: &Client<Fake>) -> Result<Lead, Error> {
    client.leads().create(&lead("Mona", "+201001234567")).await
}

/// How often the lead was sent, and the result.
pub(crate) fn outcome(crm: Crm, settings: Settings) -> (usize, Result<Lead, Error>, Vec<String>) {
    simulated(async {
        let fake = crm.losing();
        let result = create(&faked(&fake, settings)).await;
        let (sends, lookups): (Vec<_>, Vec<_>) =
            fake.sent().into_iter().partition(|sent| sent.method == "POST");
        (sends.len(), result, lookups.into_iter().map(|lookup| lookup.target).collect())
    })
}
