//! Simulated platforms: a Graph API with leads and tokens, and senders that batch, repeat, reorder and lose.

use super::rig::{graph_error, responds};
use crate::support::rng::Rng;
use icloud_ready::outbox::{Delivery, FetchResponse, SourceEvent};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::ops::Range;
use tokio::time::{Duration, Instant, sleep};

/// One lead of a platform.
#[derive(Clone, Debug)]
pub(crate) struct PlatformLead {
    /// Unique within its platform only: both count from the same number.
    pub(crate) id: String,
    /// Its number in the simulation.
    pub(crate) number: usize,
    /// When it was created, in milliseconds since the beginning.
    created_at: f64,
}

/// A Graph API with one form. Times are milliseconds since the beginning.
pub(crate) struct Graph {
    rng: Rng,
    began: Instant,
    pub(crate) leads: RefCell<Vec<PlatformLead>>,
    /// When its token is invalid.
    dead: Range<f64>,
    /// How many of a hundred requests fail.
    pub(crate) faults: std::cell::Cell<u32>,
    /// The dates of its clock begin with this one.
    epoch: f64,
    pub(crate) calls: std::cell::Cell<usize>,
}

impl Graph {
    pub(crate) fn new(seed: u64, dead: Range<f64>, epoch: f64) -> Self {
        Self {
            rng: Rng::new(seed),
            began: Instant::now(),
            leads: RefCell::default(),
            dead,
            faults: 20.into(),
            epoch,
            calls: 0.into(),
        }
    }

    pub(crate) fn elapsed(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1_000.0
    }

    pub(crate) fn create(&self, id: String, number: usize) {
        let created_at = self.elapsed();
        self.leads.borrow_mut().push(PlatformLead { id, number, created_at });
    }

    /// A failure, by any cause that the platform has.
    async fn fault(&self) -> Option<FetchResponse> {
        self.calls.set(self.calls.get() + 1);
        sleep(Duration::from_millis(u64::from(self.rng.below(400)))).await;
        if self.dead.contains(&self.elapsed()) {
            return Some(graph_error(190));
        }
        if self.rng.below(100) >= self.faults.get() {
            return None;
        }
        Some(match self.rng.below(9) {
            0 => responds(500, "<html>"),
            1 => graph_error(1),
            2 => graph_error(2),
            3 => graph_error(4),
            4 => FetchResponse { retry_after_ms: Some(5_000.0), ..responds(429, "") },
            5 => responds(200, "<html>"),
            // The platform knows a lead only some time after it reported it.
            6 => graph_error(100),
            7 => responds(200, r#"{"data":"#),
            _ => FetchResponse::default(),
        })
    }

    pub(crate) async fn lead(&self, id: &str) -> FetchResponse {
        if let Some(fault) = self.fault().await {
            return fault;
        }
        let leads = self.leads.borrow();
        let found = leads.iter().find(|lead| lead.id == id);
        found.map_or_else(|| graph_error(100), |lead| responds(200, &record(lead).to_string()))
    }

    pub(crate) async fn page(&self, since: f64, after: Option<&str>) -> FetchResponse {
        if let Some(fault) = self.fault().await {
            return fault;
        }
        let leads = self.leads.borrow();
        let newer = |lead: &&PlatformLead| (self.epoch + lead.created_at) / 1_000.0 > since;
        let found: Vec<&PlatformLead> = leads.iter().rev().filter(newer).collect();
        // A cursor points at the last lead of its page, because leads are created in between.
        let start = match after {
            None => 0,
            Some(id) => found.iter().position(|lead| lead.id == id).map_or(0, |place| place + 1),
        };
        let page: Vec<&&PlatformLead> = found.iter().skip(start).take(10).collect();
        let mut paging = json!({ "cursors": { "after": page.last().map(|lead| &lead.id) } });
        if start + page.len() < found.len() {
            paging["next"] = "https://graph.example".into();
        }
        let data: Vec<Value> = page.iter().map(|lead| record(lead)).collect();
        responds(200, &json!({ "data": data, "paging": paging }).to_string())
    }
}

fn record(lead: &PlatformLead) -> Value {
    let field = |name: &str, value: String| json!({ "name": name, "values": [value] });
    json!({ "id": lead.id, "field_data": [
        field("full_name", name_of(lead.number)),
        field("phone_number", phone_of(lead.number)),
    ] })
}

pub(crate) fn name_of(number: usize) -> String {
    format!("submission-{number:05}")
}

fn phone_of(number: usize) -> String {
    format!("+20100{number:07}")
}

/// The lead of an event, as a host maps it.
pub(crate) fn map(data: &str) -> Option<String> {
    let event: Value = serde_json::from_str(data).ok()?;
    let (name, phone) = match event.get("lead") {
        Some(lead) => {
            let value = |index: usize| lead["field_data"][index]["values"][0].as_str();
            (value(0)?.to_owned(), value(1)?.to_owned())
        }
        None => (event["name"].as_str()?.to_owned(), event["phone"].as_str()?.to_owned()),
    };
    Some(json!({ "leadInformation": { "firstName": name, "phone": phone } }).to_string())
}

/// A delivery of Meta: only the ids.
pub(crate) fn meta(kind: &str, ids: &[String]) -> Delivery {
    let event = |id: &String| SourceEvent {
        id: Some(id.clone()),
        account: String::new(),
        data: json!({ "leadgen_id": id, "form_id": "77" }).to_string(),
        thin: true,
        marks: Vec::new(),
    };
    Delivery { source: "meta".into(), kind: kind.into(), events: ids.iter().map(event).collect() }
}

/// A delivery of Google: the whole lead.
pub(crate) fn google(kind: &str, id: &str, number: usize) -> Delivery {
    let data = json!({ "name": name_of(number), "phone": phone_of(number) }).to_string();
    let (id, account) = (Some(id.into()), String::new());
    let event = SourceEvent { id, account, data, thin: false, marks: Vec::new() };
    Delivery { source: "google".into(), kind: kind.into(), events: vec![event] }
}
