//! The forwarder's outbox: its entries, over a store and exchanges that the host has.

use super::host::{Host, Trace};
use super::value::{items, to_array};
use crate::config::{Reconcile, Settings};
use crate::outbox::store::{Row, Store, Unavailable, Value};
use crate::outbox::{self, Ask, Error, Exchange, Job, Next, Probe, Verdict};
use crate::run::{Run, Shared};
use crate::submission::SubmissionField;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::mem;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The store as the host has it: `Store` in `pkg-template/src/forwarder/inbox.ts`.
    #[derive(Debug)]
    pub type HostStore;

    #[wasm_bindgen(method, catch)]
    fn exec(this: &HostStore, sql: &str, params: JsValue) -> Result<JsValue, JsValue>;
}

impl Store for HostStore {
    fn exec(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Unavailable> {
        let params = params.iter().map(|param| match param {
            Value::Null => JsValue::NULL,
            Value::Number(number) => JsValue::from_f64(*number),
            Value::Text(text) => JsValue::from_str(text),
        });
        let rows = self.exec(sql, to_array(params.collect())).map_err(|_| Unavailable)?;
        let value = |value: JsValue| match (value.as_string(), value.as_f64()) {
            (Some(text), _) => Value::Text(text),
            (None, Some(number)) => Value::Number(number),
            (None, None) => Value::Null,
        };
        let row = |row: JsValue| Row(items(&row).into_iter().map(value).collect());
        Ok(items(&rows).into_iter().map(row).collect())
    }
}

/// How the CRM is spoken to, as the host tells it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Crm {
    integration_token: bool,
    token_function: bool,
    /// Whether the submission id goes in `idengagerRequestId`.
    request_id_field: bool,
    /// Whether leads are looked for by their submission id alone.
    by_id_alone: bool,
    items_key: Option<String>,
    first_page: Option<u32>,
}

impl From<Crm> for Settings {
    fn from(crm: Crm) -> Self {
        Self {
            integration_token: crm.integration_token,
            token_function: crm.token_function,
            submission_field: if crm.request_id_field {
                SubmissionField::IdengagerRequestId
            } else {
                SubmissionField::CustomField
            },
            reconcile: if crm.by_id_alone { Reconcile::Id } else { Reconcile::Full },
            items_key: crm.items_key,
            first_page: crm.first_page,
            ..Self::default()
        }
    }
}

/// An outbox. What it cannot do throws a word: `unavailable`, where the store threw, or
/// `malformed`.
#[wasm_bindgen]
#[allow(missing_debug_implementations, reason = "it holds jobs on their way")]
pub struct Outbox {
    outbox: outbox::Outbox<HostStore>,
    shared: Rc<Shared>,
    crm: Settings,
    /// The jobs on their way, by number.
    places: RefCell<Vec<Place>>,
    /// What was claimed last, until it is begun.
    claimed: RefCell<Option<Job>>,
}

/// What stands under a number.
enum Place {
    /// Nothing: the number can be given anew.
    Free,
    /// What is just now running.
    Running,
    /// A job or a probe that waits.
    Waiting(Box<Task>),
    /// What came of a job, to be written down.
    Over(Box<(Job, Verdict)>),
}

struct Task {
    host: Host,
    work: Work,
}

enum Work {
    Job(Job, Exchange<Trace>),
    Probe(Probe<Trace>),
}

#[wasm_bindgen]
impl Outbox {
    /// Opens an outbox: its settings and how the CRM is spoken to as JSON texts, the time, and 32
    /// random bytes as text.
    #[wasm_bindgen(constructor)]
    pub fn new(
        store: HostStore,
        settings: &str,
        crm: &str,
        now: f64,
        entropy: &str,
    ) -> Result<Self, JsValue> {
        let malformed = |_| thrown(Error::Malformed);
        let settings = serde_json::from_str(settings).map_err(malformed)?;
        let crm: Crm = serde_json::from_str(crm).map_err(malformed)?;
        let outbox = outbox::Outbox::open(store, settings, now, entropy).map_err(thrown)?;
        Ok(Self {
            outbox,
            shared: Rc::default(),
            crm: crm.into(),
            places: RefCell::default(),
            claimed: RefCell::default(),
        })
    }

    /// Answers a request by its name, with JSON text in and out.
    pub fn request(&self, name: &str, input: &str, now: f64) -> Result<String, JsValue> {
        self.outbox.request(name, input, now).map_err(thrown)
    }

    /// What somebody should know since this was last asked: a JSON array, or nothing.
    pub fn alerts(&self) -> Option<String> {
        let alerts = self.outbox.alerts();
        if alerts.is_empty() { None } else { outbox::print(&alerts).ok() }
    }

    /// Claims what is to be done next, for `begin`; or gives when to ask again.
    pub fn next(&self, now: f64) -> Result<Option<f64>, JsValue> {
        Ok(match self.outbox.next(now).map_err(thrown)? {
            Next::Wait(at) => Some(at),
            Next::Job(job) => {
                self.claimed.replace(Some(job));
                None
            }
        })
    }

    /// Begins what was claimed last, and gives its number: `done` of the host is called at its
    /// end, and then `settle` is due.
    pub fn begin(&self, host: Host) -> Option<usize> {
        let job = self.claimed.take()?;
        let exchange = Exchange::new(&self.outbox, &job, &self.shared, &self.crm);
        Some(self.start(host, Work::Job(job, exchange)))
    }

    /// Begins a probe and gives its number: `done` of the host gets the report as JSON text, or
    /// nothing.
    pub fn probe(&self, host: Host) -> usize {
        let probe = Probe::new(&self.outbox, &self.shared, &self.crm, &host);
        self.start(host, Work::Probe(probe))
    }

    /// Goes on with what waits, with what it waited for.
    pub fn resume(&self, number: usize, value: JsValue) {
        if let Place::Waiting(task) = self.put(number, Place::Running) {
            let given = (!value.is_undefined()).then(|| value.unchecked_into());
            self.step(number, task, given);
        }
    }

    /// Writes down what came of a job.
    pub fn settle(&self, number: usize, now: f64, chance: f64) -> Result<(), JsValue> {
        match self.put(number, Place::Free) {
            Place::Over(over) => {
                let (job, verdict) = &*over;
                self.outbox.settle(job, verdict, now, chance).map_err(thrown)
            }
            _ => Ok(()),
        }
    }
}

impl Outbox {
    fn start(&self, host: Host, work: Work) -> usize {
        let number = {
            let mut places = self.places.borrow_mut();
            let free = places.iter().position(|place| matches!(place, Place::Free));
            free.unwrap_or_else(|| {
                places.push(Place::Free);
                places.len() - 1
            })
        };
        self.put(number, Place::Running);
        self.step(number, Box::new(Task { host, work }), None);
        number
    }

    fn step(&self, number: usize, mut task: Box<Task>, given: Option<Trace>) {
        let Task { host, work } = &mut *task;
        let asked = match work {
            Work::Job(_, exchange) => match exchange.step(&self.outbox, host, given) {
                Ask::Send => Ask::Send,
                Ask::Sleep(milliseconds) => Ask::Sleep(milliseconds),
                Ask::Done(verdict) => Ask::Done(Ok(verdict)),
            },
            Work::Probe(probe) => match probe.step(&self.outbox, host, given) {
                Ask::Send => Ask::Send,
                Ask::Sleep(milliseconds) => Ask::Sleep(milliseconds),
                Ask::Done(report) => Ask::Done(Err(report)),
            },
        };
        match asked {
            Ask::Send => {
                if let Some(run) = work.run() {
                    host.exchange(run.request());
                }
            }
            Ask::Sleep(milliseconds) => host.sleep(milliseconds),
            Ask::Done(done) => {
                let Task { host, work } = *task;
                let text = match (done, work) {
                    (Ok(verdict), Work::Job(job, _)) => {
                        self.put(number, Place::Over(Box::new((job, verdict))));
                        None
                    }
                    (done, _) => {
                        self.put(number, Place::Free);
                        done.err().flatten().and_then(|report| outbox::print(&report).ok())
                    }
                };
                return host.done(text.map_or(JsValue::UNDEFINED, |text| JsValue::from_str(&text)));
            }
        }
        self.put(number, Place::Waiting(task));
    }

    fn put(&self, number: usize, place: Place) -> Place {
        let mut places = self.places.borrow_mut();
        places.get_mut(number).map_or(Place::Free, |old| mem::replace(old, place))
    }
}

impl Work {
    fn run(&self) -> Option<&Run<Trace>> {
        match self {
            Self::Job(_, exchange) => exchange.run(),
            Self::Probe(probe) => probe.run(),
        }
    }
}

fn thrown(error: Error) -> JsValue {
    JsValue::from_str(match error {
        Error::Unavailable => "unavailable",
        Error::Malformed => "malformed",
    })
}
