//! A simulated CRM: it takes its time, fails in every way, and counts.

use crate::support::fake::BEGIN;
use crate::support::fetched::{PlainResponse, fetched};
use crate::support::records::{http_date, timestamp};
use crate::support::rng::Rng;
use crate::transport::milliseconds;
use icloud_ready::json::Node;
use icloud_ready::transport::{Outcome, Platform, Request, Transport, TransportError};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use tokio::time::{Instant, sleep};

/// How a CRM behaves. Times are in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    /// How many of a hundred requests go wrong.
    pub(crate) faults: u32,
    /// Whether some of them hang, which takes the client's whole patience.
    pub(crate) hangs: bool,
    /// How long a request and an answer travel at most.
    pub(crate) latency: f64,
    /// How long a lead is on its way into the database at most, where its answer was lost.
    pub(crate) commit_lag: f64,
    /// How long it takes at most until lists and searches show it.
    pub(crate) search_lag: f64,
    /// When it cannot be reached, from the beginning.
    pub(crate) outage: Range<f64>,
    /// What its search finds.
    pub(crate) finds: Finds,
    /// How many records a page has at most, and whether there is any but the first.
    pub(crate) page_size: usize,
    pub(crate) ignores_page: bool,
    /// Whether lists say when a lead was created.
    pub(crate) is_dated: bool,
    /// Of a hundred creates, how many are answered with a 2xx that confirms nothing.
    pub(crate) unconfirmed: u32,
    /// When it refuses every lead but one in so many.
    pub(crate) refusing: Range<f64>,
    pub(crate) takes_one_in: usize,
}

/// What a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finds {
    IdsAndPhones,
    Phones,
    Nothing,
}

/// What confirms nothing.
const UNCONFIRMED: [&str; 5] =
    [r#"{"success":false}"#, r#"{"status":"queued"}"#, r#"{"_id":null}"#, "[]", "{}"];

/// What it did and saw.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// When requests arrived.
    pub(crate) calls: Vec<f64>,
    /// Until when it asked for a pause, and how many requests left before that was over.
    pub(crate) paused_until: f64,
    pub(crate) in_pause: usize,
    /// Leads by submission id: when each was there.
    pub(crate) leads: HashMap<String, Vec<f64>>,
    /// All of them, with when lists show them.
    records: Vec<(f64, Value)>,
    /// Their numbers by date, the oldest first.
    by_date: Vec<(f64, usize)>,
    by_phone: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
}

/// A handle on the CRM; it is the transport too. What it was told goes on though the client dies.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedCrm {
    began: Instant,
    manner: Rc<RefCell<Manner>>,
    rng: Rc<Rng>,
    pub(crate) books: Rc<RefCell<Books>>,
    /// How far the machine's clock is ahead, and its own.
    pub(crate) ahead: Rc<Cell<f64>>,
    pub(crate) own_ahead: Rc<Cell<f64>>,
    /// Set by controls: waits go by the machine's clock.
    pub(crate) one_clock: Rc<Cell<bool>>,
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    None,
    /// An answer with this status; the lead is there or not.
    Status(u16, bool),
    /// No answer ever.
    Hang(bool),
    /// The connection ends.
    Cut(bool),
    /// Too many requests, with a time to retry or without.
    Limited(bool),
    Html,
    Redirect,
    /// A 2xx that confirms nothing.
    Empty,
}

impl SimulatedCrm {
    pub(crate) fn new(seed: u64, manner: Manner) -> Self {
        Self {
            began: Instant::now(),
            manner: Rc::new(RefCell::new(manner)),
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

    /// Lets it behave otherwise from now on.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Manner)) {
        change(&mut self.manner.borrow_mut());
    }

    fn mishap(&self, is_create: bool) -> Mishap {
        let manner = self.manner.borrow();
        if self.rng.below(100) >= manner.faults {
            return Mishap::None;
        }
        let committed = self.rng.below(2) == 0;
        match self.rng.below(if manner.hangs { 12 } else { 10 }) {
            0 | 1 => Mishap::Status(500, committed),
            2 => Mishap::Status(502, committed),
            3 | 4 => Mishap::Status(503, committed),
            5 | 6 => Mishap::Cut(committed),
            7 => Mishap::Limited(committed),
            8 if is_create => Mishap::Empty,
            // These pause everything, so they are rare.
            9 if self.rng.below(10) == 0 => Mishap::Html,
            9 if self.rng.below(10) == 0 => Mishap::Redirect,
            8 | 9 => Mishap::Status(408, committed),
            _ => Mishap::Hang(committed),
        }
    }

    /// Writes a lead down, `lag` after now.
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
        let seen = there + self.rng.fraction() * self.manner.borrow().search_lag;
        books.leads.entry(id.clone()).or_default().push(there);
        books.by_id.entry(id).or_insert(number);
        books.by_phone.entry(phone).or_insert(number);
        // Lists may be projections; this much is compared.
        let mut shown = json!({ "_id": record["_id"], "customField": record["customField"] });
        if self.manner.borrow().is_dated {
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
        let manner = self.manner.borrow();
        match query.strip_prefix("q=") {
            Some(_) if manner.finds == Finds::Nothing => found(None),
            Some(phone) if phone.starts_with("%2B") => {
                found(books.by_phone.get(&phone.replace("%2B", "+")))
            }
            Some(_) if manner.finds == Finds::Phones => found(None),
            Some(id) => found(books.by_id.get(id)),
            None => {
                let page = query.split_once("page=").map_or(1, |(_, page)| page.parse().unwrap());
                let page = if manner.ignores_page { 1 } else { page };
                let records = books.by_date.iter().rev().filter_map(|(_, number)| seen(number));
                records.skip((page - 1) * manner.page_size).take(manner.page_size).collect()
            }
        }
    }

    /// Whether it refuses a lead: always the same ones.
    fn refuses(&self, body: &str) -> bool {
        let manner = self.manner.borrow();
        let digits = |text: &str| text.get(..5)?.parse::<usize>().ok();
        let number = body.split("submission-").nth(1).and_then(digits).expect("a number");
        manner.refusing.contains(&self.elapsed()) && !number.is_multiple_of(manner.takes_one_in)
    }

    /// Its date, by its own clock.
    fn date(&self) -> f64 {
        BEGIN + self.elapsed() + self.own_ahead.get()
    }

    /// A `Retry-After` of any form, and how long a pause it asks for.
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

    /// What the CRM does with a request, and its answer.
    fn answer(&self, request: Request<'_>, mishap: Mishap) -> PlainResponse {
        let Some(body) = request.body else {
            let query = request.target.split_once('?').map_or("", |(_, query)| query);
            return fetched(200, self.list(query).to_string().as_bytes());
        };
        if self.refuses(body) {
            return fetched([400, 409, 413, 422][self.rng.below(4) as usize], b"{}");
        }
        let lag = if mishap == Mishap::None {
            0.0
        } else {
            self.rng.fraction() * self.manner.borrow().commit_lag
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
        let leg = || self.rng.fraction() * self.manner.borrow().latency / 2.0;
        let (there, back) = (leg(), leg());
        let lost = PlainResponse::error(TransportError::Connection, true);
        let began = self.elapsed();
        if began < self.books.borrow().paused_until {
            self.books.borrow_mut().in_pause += 1;
        }
        sleep(milliseconds(there)).await;
        let now = self.elapsed();
        if self.manner.borrow().outage.contains(&now) {
            return lost;
        }
        self.books.borrow_mut().calls.push(now);
        let mishap = self.mishap(request.body.is_some());
        let is_get = request.body.is_none();
        if request.body.is_some() && self.rng.below(100) < self.manner.borrow().unconfirmed {
            // Some of them are there all the same.
            if self.rng.below(2) == 0 {
                self.answer(request, Mishap::None);
            }
            sleep(milliseconds(back)).await;
            let body = UNCONFIRMED[self.rng.below(UNCONFIRMED.len() as u32) as usize];
            return fetched(200, body.as_bytes());
        }
        let happens = match mishap {
            Mishap::Status(_, committed) | Mishap::Hang(committed) | Mishap::Cut(committed) => {
                committed && !is_get
            }
            Mishap::None | Mishap::Html | Mishap::Empty => true,
            Mishap::Limited(_) | Mishap::Redirect => false,
        };
        let answer = if happens { Some(self.answer(request, mishap)) } else { None };
        if let Mishap::Hang(_) = mishap {
            sleep(milliseconds(request.timeout - there)).await;
            return PlainResponse::error(TransportError::Timeout, true);
        }
        sleep(milliseconds(back)).await;
        let reply = match mishap {
            Mishap::Status(status, _) => fetched(status, b"{}"),
            Mishap::Cut(_) | Mishap::Hang(_) => return lost,
            Mishap::Limited(told) => {
                let (header, pause) = self.pause();
                let pause = if told { pause } else { 1_000.0 };
                let until = self.elapsed() + pause - 1.0;
                let mut books = self.books.borrow_mut();
                books.paused_until = books.paused_until.max(until);
                let retry_after = told.then_some(header);
                PlainResponse { retry_after, ..PlainResponse::new(Outcome::Status(429)) }
            }
            Mishap::Html => fetched(200, b"<!doctype html>"),
            Mishap::Redirect => fetched(307, b""),
            Mishap::Empty => fetched(201, b""),
            Mishap::None => answer.expect("an answer"),
        };
        PlainResponse { date: Some(http_date(self.date())), ..reply }
    }

    async fn sleep(&self, wait: f64) -> Result<(), PlainResponse> {
        sleep(milliseconds(wait)).await;
        Ok(())
    }
}

/// The most of these times that fall into any window of this length.
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
