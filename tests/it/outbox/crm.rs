//! A simulated CRM: it takes its time, fails in every way, and counts.

use crate::support::dice::Dice;
use crate::support::fake::BEGIN;
use crate::support::fetched::{Fetched, fetched};
use crate::transport::{milliseconds, parse_date};
use icloud_ready::json::Node;
use icloud_ready::transport::{Fault, Outcome, Platform, Request, Transport};
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
}

/// What it did and saw.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// When requests arrived.
    pub(crate) calls: Vec<f64>,
    /// Leads by submission id: when each was there.
    pub(crate) leads: HashMap<String, Vec<f64>>,
    /// All of them, with when lists show them.
    records: Vec<(f64, Value)>,
    by_phone: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
}

/// A handle on the CRM; it is the transport too. What it was told goes on though the client dies.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedCrm {
    began: Instant,
    manner: Rc<RefCell<Manner>>,
    dice: Rc<Dice>,
    pub(crate) books: Rc<RefCell<Books>>,
    /// The limits it holds its clients to; `None`: it only counts.
    pub(crate) refused: Rc<Cell<Option<u16>>>,
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
    /// Too many requests, with a time to come again or without.
    Limited(bool),
    Html,
    Redirect,
    /// A success that is none.
    Empty,
}

impl SimulatedCrm {
    pub(crate) fn new(seed: u64, manner: Manner) -> Self {
        Self {
            began: Instant::now(),
            manner: Rc::new(RefCell::new(manner)),
            dice: Rc::new(Dice::new(seed)),
            books: Rc::default(),
            refused: Rc::default(),
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
        if self.dice.below(100) >= manner.faults {
            return Mishap::None;
        }
        let committed = self.dice.below(2) == 0;
        match self.dice.below(if manner.hangs { 12 } else { 10 }) {
            0 | 1 => Mishap::Status(500, committed),
            2 => Mishap::Status(502, committed),
            3 | 4 => Mishap::Status(503, committed),
            5 | 6 => Mishap::Cut(committed),
            7 => Mishap::Limited(committed),
            8 if is_create => Mishap::Empty,
            // These park everything, so they are rare.
            9 if self.dice.below(10) == 0 => Mishap::Html,
            9 if self.dice.below(10) == 0 => Mishap::Redirect,
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
        let seen = there + self.dice.fraction() * self.manner.borrow().search_lag;
        books.leads.entry(id.clone()).or_default().push(there);
        books.by_id.entry(id).or_insert(number);
        books.by_phone.entry(phone).or_insert(number);
        // Lists may be projections; this much is compared.
        let shown = json!({ "_id": record["_id"], "customField": record["customField"] });
        books.records.push((seen, shown));
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
        match query.strip_prefix("q=") {
            Some(phone) if phone.starts_with("%2B") => {
                found(books.by_phone.get(&phone.replace("%2B", "+")))
            }
            Some(id) => found(books.by_id.get(id)),
            None => {
                (0..books.records.len()).rev().filter_map(|number| seen(&number)).take(50).collect()
            }
        }
    }

    /// What the CRM does with a request, and its answer.
    fn answer(&self, request: Request<'_>, mishap: Mishap) -> Fetched {
        let Some(body) = request.body else {
            let query = request.target.split_once('?').map_or("", |(_, query)| query);
            return fetched(200, self.list(query).to_string().as_bytes());
        };
        if let Some(status) = self.refused.get() {
            return fetched(status, b"{}");
        }
        let lag = if mishap == Mishap::None {
            0.0
        } else {
            self.dice.fraction() * self.manner.borrow().commit_lag
        };
        fetched(201, self.commit(body, lag).to_string().as_bytes())
    }
}

impl Platform for SimulatedCrm {
    type Answer = Fetched;

    fn now(&self) -> f64 {
        BEGIN + self.elapsed()
    }

    fn random(&self) -> f64 {
        self.dice.fraction()
    }

    fn parse_date(&self, date: &str) -> Option<f64> {
        parse_date(date)
    }
}

impl Transport for SimulatedCrm {
    async fn send(&self, request: Request<'_>) -> Fetched {
        let leg = || self.dice.fraction() * self.manner.borrow().latency / 2.0;
        let (there, back) = (leg(), leg());
        let lost = Fetched::fault(Fault::Connection, true);
        sleep(milliseconds(there)).await;
        let now = self.elapsed();
        if self.manner.borrow().outage.contains(&now) {
            return lost;
        }
        self.books.borrow_mut().calls.push(now);
        let mishap = self.mishap(request.body.is_some());
        let is_get = request.body.is_none();
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
            return Fetched::fault(Fault::Timeout, true);
        }
        sleep(milliseconds(back)).await;
        match mishap {
            Mishap::Status(status, _) => fetched(status, b"{}"),
            Mishap::Cut(_) | Mishap::Hang(_) => lost,
            Mishap::Limited(told) => Fetched {
                retry_after: told.then(|| "2".into()),
                ..Fetched::new(Outcome::Status(429))
            },
            Mishap::Html => fetched(200, b"<!doctype html>"),
            Mishap::Redirect => fetched(307, b""),
            Mishap::Empty => fetched(201, b""),
            Mishap::None => answer.expect("an answer"),
        }
    }

    async fn sleep(&self, wait: f64) -> Result<(), Fetched> {
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
