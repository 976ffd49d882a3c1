//! Imports the leads of a CSV file. It can be interrupted at any time and run again: no lead is lost or duplicated.
//!
//! `ICLOUDREADY_API_KEY=… ICLOUDREADY_ORGANIZATION_ID=… cargo run --example import --features reqwest -- leads.csv`
//!
//! The first row has the fields' names: `firstName`, `lastName`, `phone`, `email`, `company` and `title` of the person,
//! or fields of the lead such as `leadSource` and `region`. Rows that are equal make one lead. `ICLOUDREADY_BASE_URL` is
//! optional. The journal, `leads.csv.journal`, has a line per lead that was begun (`> id`) and per lead that was created
//! (`= id`).

use icloud_ready::auth::Credential;
use icloud_ready::limiter::Rates;
use icloud_ready::model::{Lead, Object};
use icloud_ready::transport::Transport;
use icloud_ready::{Client, ReqwestTransport, Settings};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use tokio::task::JoinSet;

const BASE_URL: &str = "https://api.icloud-ready.com/api/v2";
const PERSON: [&str; 7] =
    ["salutation", "firstName", "lastName", "phone", "email", "company", "title"];
const MAX_CONCURRENCY: usize = 8;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("usage: import FILE.csv")?;
    let base_url = env::var("ICLOUDREADY_BASE_URL").unwrap_or_else(|_| BASE_URL.into());
    let credential = Credential::IntegrationToken {
        key: variable("ICLOUDREADY_API_KEY")?,
        organization_id: variable("ICLOUDREADY_ORGANIZATION_ID")?,
    };
    let transport = ReqwestTransport::new(&base_url, credential)?;
    let client = Client::new(transport, Settings::default(), Some(Rates::default()));
    let failures =
        import(&client, File::open(&file)?, Path::new(&format!("{file}.journal"))).await?;
    Ok(if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("the environment variable {name} is not set"))
}

/// Creates a lead for each row, several at a time, and returns how many failed.
pub async fn import<T: Transport + Clone + 'static>(
    client: &Client<T>,
    file: impl Read,
    journal: &Path,
) -> Result<usize, Box<dyn Error>> {
    let mut journal = Journal::open(journal)?;
    let mut creates = JoinSet::new();
    let mut failures = 0;
    for (index, row) in csv::Reader::from_reader(file).deserialize().enumerate() {
        let lead = lead(row?)?;
        let id = submission_id(&lead)?;
        if journal.is_created(&id) {
            continue;
        }
        // Only a lead that an earlier run began may be in the CRM.
        let check_existing = journal.is_begun(&id);
        let submission_id = Some(id.clone());
        let client = client.with(Settings { submission_id, check_existing, ..Settings::default() });
        if creates.len() == MAX_CONCURRENCY {
            failures += usize::from(!end_one(&mut creates, &mut journal).await?);
        }
        journal.add('>', &id)?;
        // The first row has the names.
        creates.spawn(async move { (index + 2, id, client.leads().create(&lead).await) });
    }
    while !creates.is_empty() {
        failures += usize::from(!end_one(&mut creates, &mut journal).await?);
    }
    println!("{} leads are in the CRM, {failures} rows failed", journal.created.len());
    Ok(failures)
}

type Creates = JoinSet<(usize, String, Result<Lead, icloud_ready::Error>)>;

/// Waits for the next create to end, and records it. Returns whether it succeeded.
async fn end_one(creates: &mut Creates, journal: &mut Journal) -> Result<bool, Box<dyn Error>> {
    let Some(ended) = creates.join_next().await else { return Ok(true) };
    let (row, id, result) = ended?;
    match result {
        Ok(_) => journal.add('=', &id)?,
        Err(error) => {
            eprintln!("row {row}: {error}");
            return Ok(false);
        }
    }
    Ok(true)
}

/// What earlier runs did, and this one.
struct Journal {
    file: File,
    begun: BTreeSet<String>,
    created: BTreeSet<String>,
}

impl Journal {
    fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::options().read(true).append(true).create(true).open(path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let ids = |prefix| text.lines().filter_map(move |line| line.strip_prefix(prefix));
        let (begun, created) = (ids("> "), ids("= "));
        let begun = begun.map(String::from).collect();
        let created = created.map(String::from).collect();
        Ok(Self { file, begun, created })
    }

    fn is_begun(&self, id: &str) -> bool {
        self.begun.contains(id)
    }

    fn is_created(&self, id: &str) -> bool {
        self.created.contains(id)
    }

    fn add(&mut self, mark: char, id: &str) -> io::Result<()> {
        if mark == '=' {
            self.created.insert(id.into());
        }
        writeln!(self.file, "{mark} {id}")
    }
}

fn lead(row: BTreeMap<String, String>) -> serde_json::Result<Lead> {
    let (mut person, mut lead) = (Object::new(), Object::new());
    for (name, value) in row.into_iter().filter(|(_, value)| !value.is_empty()) {
        let part = if PERSON.contains(&name.as_str()) { &mut person } else { &mut lead };
        part.insert(name, json!(value));
    }
    lead.insert("leadInformation".into(), json!(person));
    serde_json::from_value(json!(lead))
}

/// An id that a lead has in every run.
fn submission_id(lead: &Lead) -> serde_json::Result<String> {
    let hash = Sha256::digest(serde_json::to_vec(lead)?);
    Ok(hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}
