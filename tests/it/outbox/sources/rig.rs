//! An outbox with sources, whose platform and whose `map` are scripted.

use crate::outbox::rig::{created, crm, empty_lookup};
use crate::outbox::site::Site;
use crate::support::fake::Fake;
use icloud_ready::outbox::{
    Alert, BackfillForm, ClaimedEvent, Delivery, DeliveryResult, EventMapping, FetchResponse,
    FetchedLead, LeadDetail, Mapping, OutboxSettings, SourceEvent, SourceHealth, SourceJob,
    SourceSettings, SourceStep,
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::sleep;

pub(crate) const PERSON: &str =
    r#"{"leadInformation":{"firstName":"Mona","phone":"+201001234567"}}"#;

pub(crate) fn settings() -> OutboxSettings {
    let source = |name: &str, kind: &str| SourceSettings {
        name: name.into(),
        kind: kind.into(),
        ..SourceSettings::default()
    };
    let sources = vec![source("meta", "meta"), source("google", "google")];
    OutboxSettings { sources, ..OutboxSettings::default() }
}

/// The settings with a form that is read every half hour.
pub(crate) fn with_backfill() -> OutboxSettings {
    let mut settings = settings();
    settings.sources[0].backfill = vec![BackfillForm { form: "77".into(), account: String::new() }];
    settings.sources[0].backfill_interval = 1_800_000.0;
    settings
}

pub(crate) fn site(settings: OutboxSettings) -> Site<Fake> {
    crate::outbox::rig::site(&crm(|_| created(), empty_lookup), settings)
}

pub(crate) fn send() -> Mapping {
    Mapping::Send { lead: PERSON.into(), custom: "{}".into(), warnings: None, marks: Vec::new() }
}

pub(crate) fn event(id: &str, thin: bool) -> SourceEvent {
    SourceEvent {
        id: Some(id.into()),
        account: String::new(),
        data: json!({ "leadgen_id": id }).to_string(),
        thin,
        marks: Vec::new(),
    }
}

pub(crate) fn deliver(site: &Site<Fake>, source: &str, events: Vec<SourceEvent>) -> DeliveryResult {
    let delivery = Delivery { source: source.into(), kind: source.into(), events };
    site.outbox.store_events(&delivery, site.now()).unwrap()
}

pub(crate) fn responds(status: u16, body: &str) -> FetchResponse {
    FetchResponse { status: Some(status), body: Some(body.into()), retry_after_ms: None }
}

pub(crate) fn graph_error(code: u32) -> FetchResponse {
    responds(400, &format!(r#"{{"error":{{"message":"x","code":{code}}}}}"#))
}

/// A lead as the platform has it.
pub(crate) fn answered(id: &str) -> Value {
    json!({ "id": id, "field_data": [{ "name": "full_name", "values": ["Mona"] }] })
}

pub(crate) fn lead(id: &str) -> FetchResponse {
    responds(200, &answered(id).to_string())
}

pub(crate) fn detail(site: &Site<Fake>, id: &str) -> LeadDetail {
    site.outbox.inspect(id).unwrap().unwrap()
}

pub(crate) fn state(site: &Site<Fake>, id: &str) -> String {
    let entry = detail(site, id).entry;
    format!("{} {}", entry.state.name(), entry.reason.as_deref().unwrap_or("-"))
}

/// How many events of a source are not mapped, and how many are held.
pub(crate) fn meta_health(site: &Site<Fake>) -> SourceHealth {
    let sources = site.outbox.health(site.now()).unwrap().sources;
    sources.into_iter().find(|source| source.name == "meta").unwrap()
}

/// The next job, if one is due.
pub(crate) fn next(site: &Site<Fake>) -> Option<SourceJob> {
    match site.outbox.next_source(true, site.now()).unwrap() {
        SourceStep::Job(job) => Some(job),
        SourceStep::Wait(_) => None,
    }
}

pub(crate) fn record_fetch(site: &Site<Fake>, event: &ClaimedEvent, response: FetchResponse) {
    let ClaimedEvent { id, claim, source, account, .. } = event.clone();
    let fetched = FetchedLead { id, claim, source, account, response };
    site.outbox.record_fetch(&fetched, site.now(), 0.5).unwrap();
}

pub(crate) fn record_map(site: &Site<Fake>, event: &ClaimedEvent, result: Mapping) {
    let mapping = EventMapping { id: event.id.clone(), claim: event.claim, result };
    site.outbox.record_mappings(&[mapping], site.now()).unwrap();
}

/// Performs all jobs that are due; returns how many fetches there were.
pub(crate) fn perform(
    site: &Site<Fake>,
    respond: impl Fn(&ClaimedEvent) -> FetchResponse,
    map: impl Fn(&ClaimedEvent) -> Mapping,
) -> usize {
    let mut fetches = 0;
    while let Some(job) = next(site) {
        match job {
            SourceJob::Map { events } => {
                for event in &events {
                    record_map(site, event, map(event));
                }
            }
            SourceJob::Fetch { event } => {
                fetches += 1;
                record_fetch(site, &event, respond(&event));
            }
            SourceJob::Backfill { .. } => panic!("no form is configured"),
        }
    }
    fetches
}

/// The kinds of the alerts so far, each with its members.
pub(crate) fn alerts(site: &Site<Fake>) -> Vec<Value> {
    let _ = site.outbox.next(site.now());
    site.alerts().iter().map(|alert: &Alert| serde_json::to_value(alert).unwrap()).collect()
}

pub(crate) async fn pass(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}

pub(crate) fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{}", 9_007_199_254_740_993_u64 + number as u64)).collect()
}

pub(crate) fn thin(count: usize) -> Vec<SourceEvent> {
    ids(count).iter().map(|id| event(id, true)).collect()
}
