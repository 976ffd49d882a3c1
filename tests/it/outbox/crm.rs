//! A simulated CRM: it has latency, fails in every way, and counts.

use crate::support::fake::BEGIN;
use crate::support::fetched::{PlainResponse, fetched};
use crate::support::records::{http_date, timestamp};
use crate::support::rng::Rng;
use crate::transport::{milliseconds, timeout_of};
use icloud_ready::json::Node;
use icloud_ready::sync::{Cell, Rc, RefCell};
use icloud_ready::transport::{Outcome, Platform, Request, Transport, TransportError};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The CRM's behavior. Times are in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Behavior {
    /// How many of a hundred requests fail.
    pub(crate) faults: u32,
    /// Whether some of them hang, until the client's timeout.
    pub(crate) hangs: bool,
    /// The maximum network time of a request and its response.
    pub(crate) latency: f64,
    /// The maximum delay of a commit whose response was lost.
    pub(crate) commit_lag: f64,
    /// The maximum delay until lists and searches show a lead.
    pub(crate) search_lag: f64,
    /// When it is unreachable, from the beginning.
    pub(crate) outage: Range<f64>,
    /// What its search finds.
    pub(crate) finds: Finds,
    /// The maximum page size, and whether it ignores `page`.
    pub(crate) page_size: usize,
    pub(crate) ignores_page: bool,
    /// Whether records in lists have `createdAt`.
    pub(crate) is_dated: bool,
    /// Of a hundred creates, how many get a 2xx that does not confirm the lead.
    pub(crate) unconfirmed: u32,
    /// When it rejects every lead except one in this many.
    pub(crate) rejecting: Range<f64>,
    pub(crate) takes_one_in: usize,
}

/// What a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finds {
    IdsAndPhones,
    Phones,
    Nothing,
}

/// 2xx responses that do not confirm a lead.
const UNCONFIRMED: [&str; 5] =
    [r#"{"success":false}"#, r#"{"status":"queued"}"#, r#"{"_id":null}"#, "[]", "{}"];

/// What it did and received.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// When requests arrived.
    pub(crate) calls: Vec<f64>,
    /// Since when and until when it asks for a pause, and how many requests were sent meanwhile. One sent in the same
    /// millisecond as the response arrives does not count: its sender cannot have read it.
    paused_since: f64,
    pub(crate) paused_until: f64,
    pub(crate) in_pause: usize,
    /// Leads by submission id: when each was stored.
    pub(crate) leads: HashMap<String, Vec<f64>>,
    /// Their first names.
    names: Vec<String>,
    /// All leads, with when lists show them.
    records: Vec<(f64, Value)>,
    /// Their numbers by date, the oldest first.
    by_date: Vec<(f64, usize)>,
    by_phone: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
}

/// A handle on the CRM; it is the transport too. Requests continue although the client dies.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedCrm {
    began: Instant,
    behavior: Rc<RefCell<Behavior>>,
    rng: Rc<Rng>,
    pub(crate) books: Rc<RefCell<Books>>,
    /// The offset of the machine's clock, and of the CRM's.
    pub(crate) ahead: Rc<Cell<f64>>,
    pub(crate) own_ahead: Rc<Cell<f64>>,
    /// Set by controls: waits use the machine's clock.
    pub(crate) one_clock: Rc<Cell<bool>>,
}

/// What can go wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// A response with this status; the lead may be stored or not.
    Status(u16, bool),
    /// The request hangs.
    Hang(bool),
    /// The connection is closed.
    Cut(bool),
    /// Too many requests, with or without Retry-After.
    Limited(bool),
    Html,
    Redirect,
    /// A 2xx that does not confirm the lead.
    Empty,
}

impl SimulatedCrm {
    pub(crate) fn new(seed: u64, behavior: Behavior) -> Self {
        Self {
            began: Instant::now(),
            behavior: Rc::new(RefCell::new(behavior)),
            rng: Rc::new(Rng::new(seed)),
            books: Rc::default(),
            ahead: Rc::default(),
            own_ahead: Rc::default(),
            one_clock: Rc::default(),
        }
    }

    /// Milliseconds since the beginning.
    pub(crate) fn elapsed(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1_000.0
    }

    /// The first names of all leads.
    pub(crate) fn names(&self) -> Vec<String> {
        self.books.borrow().names.clone()
    }

    /// Changes its behavior from now on.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Behavior)) {
        change(&mut self.behavior.borrow_mut());
    }

    fn fault(&self, is_create: bool) -> Fault {
        let behavior = self.behavior.borrow();
        if self.rng.below(100) >= behavior.faults {
            return Fault::None;
        }
        let committed = self.rng.below(2) == 0;
        match self.rng.below(if behavior.hangs { 12 } else { 10 }) {
            0 | 1 => Fault::Status(500, committed),
            2 => Fault::Status(502, committed),
            3 | 4 => Fault::Status(503, committed),
            5 | 6 => Fault::Cut(committed),
            7 => Fault::Limited(committed),
            8 if is_create => Fault::Empty,
            // These pause everything, so they are rare.
            9 if self.rng.below(10) == 0 => Fault::Html,
            9 if self.rng.below(10) == 0 => Fault::Redirect,
            8 | 9 => Fault::Status(408, committed),
            _ => Fault::Hang(committed),
        }
    }

    /// Stores a lead, after `lag`.
    fn commit(&self, body: &str, lag: f64) -> Value {
        let mut record: Value = serde_json::from_str(body).expect("a lead");
        let mut books = self.books.borrow_mut();
        let number = books.records.len();
        record["_id"] = json!(format!("crm-{number}"));
        let custom = record["customField"].as_str().unwrap_or_default();
        let id = Node::parse(custom)
            .and_then(|node| Some(node.member("submissionId")?.string()?.into_owned()))
            .expect("a submission id");
        let phone = record["leadInformation"]["phone"].as_str().unwrap_or_default().to_owned();
        let there = self.elapsed() + lag;
        let seen = there + self.rng.fraction() * self.behavior.borrow().search_lag;
        books.leads.entry(id.clone()).or_default().push(there);
        books.by_id.entry(id).or_insert(number);
        books
            .names
            .push(record["leadInformation"]["firstName"].as_str().unwrap_or_default().into());
        books.by_phone.entry(phone).or_insert(number);
        // Lists may be projections; this much is compared.
        let mut shown = json!({ "_id": record["_id"], "customField": record["customField"] });
        if self.behavior.borrow().is_dated {
            shown["createdAt"] = timestamp(BEGIN + there).into();
        }
        books.records.push((seen, shown));
        let place = books.by_date.partition_point(|(at, _)| *at <= there);
        books.by_date.insert(place, (there, number));
        record
    }

    fn list(&self, query: &str) -> Value {
        let books = self.books.borrow();
        let now = self.elapsed();
        let seen = |&number: &usize| {
            let (at, record) = &books.records[number];
            (*at <= now).then(|| record.clone())
        };
        let found = |number: Option<&usize>| number.and_then(seen).into_iter().collect();
        let behavior = self.behavior.borrow();
        match query.strip_prefix("q=") {
            Some(_) if behavior.finds == Finds::Nothing => found(None),
            Some(phone) if phone.starts_with("%2B") => {
                found(books.by_phone.get(&phone.replace("%2B", "+")))
            }
            Some(_) if behavior.finds == Finds::Phones => found(None),
            Some(id) => found(books.by_id.get(id)),
            None => {
                let page = query.split_once("page=").map_or(1, |(_, page)| page.parse().unwrap());
                let page = if behavior.ignores_page { 1 } else { page };
                let records = books.by_date.iter().rev().filter_map(|(_, number)| seen(number));
                records.skip((page - 1) * behavior.page_size).take(behavior.page_size).collect()
            }
        }
    }

    /// Whether it rejects a lead: always the same ones.
    fn rejects(&self, body: &str) -> bool {
        let behavior = self.behavior.borrow();
        let digits = |text: &str| text.get(..5)?.parse::<usize>().ok();
        let number = body.split("submission-").nth(1).and_then(digits).expect("a number");
        behavior.rejecting.contains(&self.elapsed())
            && !number.is_multiple_of(behavior.takes_one_in)
    }

    /// Its date, by its own clock.
    fn date(&self) -> f64 {
        BEGIN + self.elapsed() + self.own_ahead.get()
    }

    /// A `Retry-After` of any form, and the pause that it asks for.
    fn pause(&self) -> (String, f64) {
        let second = 1_000.0;
        match self.rng.below(10) {
            0 => ("0".into(), second),
            1 => ("1.5".into(), second),
            2 => ("soon".into(), second),
            3 => ("-3".into(), second),
            4 => (http_date(self.date() - second), second),
            5 => (http_date(self.date() - 3.0e9), second),
            6 => (http_date(self.date() + 4.0 * second), 4.0 * second),
            7 => ("00002".into(), 2.0 * second),
            _ => ("20".into(), 20.0 * second),
        }
    }

    /// What the CRM does with a request, and its response.
    fn respond(&self, request: Request<'_>, fault: Fault) -> PlainResponse {
        let Some(body) = request.body else {
            let query = request.target.split_once('?').map_or("", |(_, query)| query);
            return fetched(200, self.list(query).to_string().as_bytes());
        };
        if self.rejects(body) {
            return fetched([400, 409, 413, 422][self.rng.below(4) as usize], b"{}");
        }
        let lag = if fault == Fault::None {
            0.0
        } else {
            self.rng.fraction() * self.behavior.borrow().commit_lag
        };
        fetched(201, self.commit(body, lag).to_string().as_bytes())
    }
}

impl Platform for SimulatedCrm {
    type Response = PlainResponse;

    fn now(&self) -> f64 {
        if self.one_clock.get() { self.wall_clock() } else { self.elapsed() }
    }

    fn wall_clock(&self) -> f64 {
        BEGIN + self.elapsed() + self.ahead.get()
    }

    fn random(&self) -> f64 {
        self.rng.fraction()
    }
}

impl Transport for SimulatedCrm {
    async fn send(&self, request: Request<'_>) -> PlainResponse {
        let one_way = || self.rng.fraction() * self.behavior.borrow().latency / 2.0;
        let (there, back) = (one_way(), one_way());
        let lost = PlainResponse::error(TransportError::Connection, true);
        let began = self.elapsed();
        let is_in_pause = {
            let books = self.books.borrow();
            books.paused_since < began && began < books.paused_until
        };
        self.books.borrow_mut().in_pause += usize::from(is_in_pause);
        sleep(milliseconds(there)).await;
        let now = self.elapsed();
        if self.behavior.borrow().outage.contains(&now) {
            return lost;
        }
        self.books.borrow_mut().calls.push(now);
        let fault = self.fault(request.body.is_some());
        let is_get = request.body.is_none();
        if request.body.is_some() && self.rng.below(100) < self.behavior.borrow().unconfirmed {
            // Some of them are stored nevertheless.
            if self.rng.below(2) == 0 {
                self.respond(request, Fault::None);
            }
            sleep(milliseconds(back)).await;
            let body = UNCONFIRMED[self.rng.below(UNCONFIRMED.len() as u32) as usize];
            return fetched(200, body.as_bytes());
        }
        let happens = match fault {
            Fault::Status(_, committed) | Fault::Hang(committed) | Fault::Cut(committed) => {
                committed && !is_get
            }
            Fault::None | Fault::Html | Fault::Empty => true,
            Fault::Limited(_) | Fault::Redirect => false,
        };
        let response = if happens { Some(self.respond(request, fault)) } else { None };
        if let Fault::Hang(_) = fault {
            sleep(milliseconds(timeout_of(&request) - there)).await;
            return PlainResponse::error(TransportError::Timeout, true);
        }
        sleep(milliseconds(back)).await;
        let reply = match fault {
            Fault::Status(status, _) => fetched(status, b"{}"),
            Fault::Cut(_) | Fault::Hang(_) => return lost,
            Fault::Limited(reported) => {
                let (header, pause) = self.pause();
                let pause = if reported { pause } else { 1_000.0 };
                let until = self.elapsed() + pause - 1.0;
                let mut books = self.books.borrow_mut();
                if books.paused_until <= self.elapsed() {
                    books.paused_since = self.elapsed();
                }
                books.paused_until = books.paused_until.max(until);
                let retry_after = reported.then_some(header);
                PlainResponse { retry_after, ..PlainResponse::new(Outcome::Status(429)) }
            }
            Fault::Html => fetched(200, b"<!doctype html>"),
            Fault::Redirect => fetched(307, b""),
            Fault::Empty => fetched(201, b""),
            Fault::None => response.expect("an answer"),
        };
        PlainResponse { date: Some(http_date(self.date())), ..reply }
    }

    async fn sleep(&self, duration: Duration) -> Result<(), PlainResponse> {
        sleep(duration).await;
        Ok(())
    }
}

/// The maximum number of these times in any window of this length.
pub(crate) fn most_in_any(times: &[f64], window: f64) -> usize {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let mut first = 0;
    let mut most = 0;
    for (last, time) in times.iter().enumerate() {
        while times[first] <= time - window {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}
