//! The forwarder's outbox: its entries, over a store and requests that the host has.

use super::host::{Host, Trace};
use super::value::{items, to_array};
use crate::call::machine::{Run, Shared};
use crate::outbox::store::{Row, Store, StoreUnavailable, Value};
use crate::outbox::{
    self, CallStep, Diagnostics, Job, JobCall, JobOutcome, NextStep, OutboxError, Probe, Reading,
};
use crate::request::settings::{Reconcile, Settings};
use crate::request::submission::SubmissionField;
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
    /// The store as the host has it: `Store` in `pkg-template/src/forwarder/outbox/contract.ts`.
    #[derive(Debug)]
    pub type HostStore;

    #[wasm_bindgen(method, catch)]
    fn exec(this: &HostStore, sql: &str, params: JsValue) -> Result<JsValue, JsValue>;

    /// Why the last request of a call had no response, as a code.
    #[wasm_bindgen(method)]
    fn cause(this: &Host) -> Option<String>;

    /// What the CRM last responded to a call, where it was no success.
    #[wasm_bindgen(method)]
    fn answer(this: &Host) -> Option<String>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn property(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;
}

impl Store for HostStore {
    fn exec(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreUnavailable> {
        let params = params.iter().map(|param| match param {
            Value::Null => JsValue::NULL,
            Value::Number(number) => JsValue::from_f64(*number),
            Value::Text(text) => JsValue::from_str(text),
        });
        let rows = self.exec(sql, to_array(params.collect())).map_err(|error| {
            let code = property(&error, "code").ok().and_then(|code| code.as_string());
            StoreUnavailable::because(&code.unwrap_or_default())
        })?;
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
struct CrmOptions {
    integration_token: bool,
    token_function: bool,
    /// Whether the submission id goes in `idengagerRequestId`.
    request_id_field: bool,
    /// Whether leads are looked up by their submission id alone.
    by_id_alone: bool,
    items_key: Option<String>,
    first_page: Option<u32>,
}

impl From<CrmOptions> for Settings {
    fn from(crm: CrmOptions) -> Self {
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

/// An outbox. What it cannot do throws a word: where the store threw, the `code` of its error if
/// that is one of SQLite's, as `SQLITE_FULL`, else `unavailable`; or `malformed`, or, as it opens,
/// `newer` or `foreign`.
#[wasm_bindgen]
#[allow(missing_debug_implementations, reason = "it holds jobs on their way")]
pub struct OutboxCore {
    outbox: outbox::Outbox<HostStore>,
    shared: Rc<Shared>,
    crm: Settings,
    /// The jobs on their way, by number.
    slots: RefCell<Vec<JobSlot>>,
    /// What was claimed last, until it is begun.
    claimed: RefCell<Option<Job>>,
}

/// What stands under a number.
enum JobSlot {
    /// Nothing: the number can be given anew.
    Free,
    /// What is just now running.
    Running,
    /// A job or a probe that waits.
    Waiting(Box<JobTask>),
    /// The outcome of a job, to be stored.
    Ended(Box<(Job, JobOutcome, Diagnostics)>),
}

struct JobTask {
    host: Host,
    work: CallWork,
}

enum CallWork {
    Job(Job, JobCall<Trace>),
    Probe(Probe<Trace>),
}

#[wasm_bindgen]
impl OutboxCore {
    /// Opens an outbox: its settings and how the CRM is spoken to as JSON texts, 32 random bytes as
    /// text, and the host's clocks, here as below: its monotonic one and its date.
    #[wasm_bindgen(constructor)]
    pub fn new(
        store: HostStore,
        settings: &str,
        crm: &str,
        entropy: &str,
        now: f64,
        wall: f64,
    ) -> Result<Self, JsValue> {
        let malformed = |_| thrown(OutboxError::Malformed);
        let settings = serde_json::from_str(settings).map_err(malformed)?;
        let crm: CrmOptions = serde_json::from_str(crm).map_err(malformed)?;
        let outbox = outbox::Outbox::open(store, settings, Reading { now, wall }, entropy);
        let outbox = outbox.map_err(thrown)?;
        Ok(Self {
            outbox,
            shared: Rc::default(),
            crm: crm.into(),
            slots: RefCell::default(),
            claimed: RefCell::default(),
        })
    }

    /// Answers a request by its name, with JSON text in and out.
    pub fn request(&self, name: &str, input: &str, now: f64, wall: f64) -> Result<String, JsValue> {
        self.outbox.request(name, input, Reading { now, wall }).map_err(thrown)
    }

    /// The alerts since the last call: a JSON array, or nothing.
    pub fn alerts(&self) -> Option<String> {
        let alerts = self.outbox.alerts();
        if alerts.is_empty() { None } else { outbox::print(&alerts).ok() }
    }

    /// Whether deleted text may be in the host's file still: 1 after its retention, 2 or more after an
    /// operator's command.
    pub fn deletion(&self) -> u32 {
        self.outbox.deletion().map_or(0, |deletion| deletion as u32)
    }

    /// The host has rewritten its file.
    pub fn vacuumed(&self) -> Result<(), JsValue> {
        self.outbox.record_vacuum().map_err(thrown)
    }

    /// Claims what is to be done next, for `begin`; or returns how long to wait before asking again.
    pub fn next(&self, now: f64, wall: f64) -> Result<Option<f64>, JsValue> {
        Ok(match self.outbox.next(Reading { now, wall }).map_err(thrown)? {
            NextStep::Wait(at) => Some(at - now),
            NextStep::Job(job) => {
                self.claimed.replace(Some(job));
                None
            }
        })
    }

    /// Begins what was claimed last, and returns its number: `done` of the host is called at its
    /// end, and then `settle` is due.
    pub fn begin(&self, host: Host) -> Option<usize> {
        let job = self.claimed.take()?;
        let exchange = JobCall::new(&self.outbox, &job, &self.shared, &self.crm);
        Some(self.start(host, CallWork::Job(job, exchange)))
    }

    /// Begins a probe and returns its number: `done` of the host gets the report as JSON text, or
    /// nothing.
    pub fn probe(&self, host: Host) -> usize {
        let probe = Probe::new(&self.outbox, &self.shared, &self.crm, &host);
        self.start(host, CallWork::Probe(probe))
    }

    /// Goes on with what waits, with what it waited for.
    pub fn resume(&self, number: usize, value: JsValue) {
        if let JobSlot::Waiting(task) = self.put(number, JobSlot::Running) {
            let given = (!value.is_undefined()).then(|| value.unchecked_into());
            self.step(number, task, given);
        }
    }

    /// Stores the outcome of a job.
    #[wasm_bindgen(js_name = recordOutcome)]
    pub fn record_outcome(
        &self,
        number: usize,
        jitter: f64,
        now: f64,
        wall: f64,
    ) -> Result<(), JsValue> {
        match self.put(number, JobSlot::Free) {
            JobSlot::Ended(over) => {
                let (job, outcome, diagnostics) = &*over;
                let reading = Reading { now, wall };
                self.outbox
                    .record_outcome(job, outcome, diagnostics, reading, jitter)
                    .map_err(thrown)
            }
            _ => Ok(()),
        }
    }
}

impl OutboxCore {
    fn start(&self, host: Host, work: CallWork) -> usize {
        let number = {
            let mut slots = self.slots.borrow_mut();
            let free = slots.iter().position(|slot| matches!(slot, JobSlot::Free));
            free.unwrap_or_else(|| {
                slots.push(JobSlot::Free);
                slots.len() - 1
            })
        };
        self.put(number, JobSlot::Running);
        self.step(number, Box::new(JobTask { host, work }), None);
        number
    }

    fn step(&self, number: usize, mut task: Box<JobTask>, given: Option<Trace>) {
        let JobTask { host, work } = &mut *task;
        let asked = match work {
            CallWork::Job(_, exchange) => match exchange.step(&self.outbox, host, given) {
                CallStep::Send => CallStep::Send,
                CallStep::Sleep(milliseconds) => CallStep::Sleep(milliseconds),
                CallStep::Done(outcome) => CallStep::Done(Ok(outcome)),
            },
            CallWork::Probe(probe) => match probe.step(&self.outbox, host, given) {
                CallStep::Send => CallStep::Send,
                CallStep::Sleep(milliseconds) => CallStep::Sleep(milliseconds),
                CallStep::Done(report) => CallStep::Done(Err(report)),
            },
        };
        match asked {
            CallStep::Send => {
                if let Some(run) = work.run() {
                    host.exchange(run.request());
                }
            }
            CallStep::Sleep(milliseconds) => host.sleep(milliseconds),
            CallStep::Done(done) => {
                let JobTask { host, work } = *task;
                let text = match (done, work) {
                    (Ok(outcome), CallWork::Job(job, _)) => {
                        let diagnostics =
                            Diagnostics { cause: host.cause(), answer: host.answer() };
                        self.put(number, JobSlot::Ended(Box::new((job, outcome, diagnostics))));
                        None
                    }
                    (done, _) => {
                        self.put(number, JobSlot::Free);
                        done.err().flatten().and_then(|report| outbox::print(&report).ok())
                    }
                };
                return host.done(text.map_or(JsValue::UNDEFINED, |text| JsValue::from_str(&text)));
            }
        }
        self.put(number, JobSlot::Waiting(task));
    }

    fn put(&self, number: usize, slot: JobSlot) -> JobSlot {
        let mut slots = self.slots.borrow_mut();
        slots.get_mut(number).map_or(JobSlot::Free, |old| mem::replace(old, slot))
    }
}

impl CallWork {
    fn run(&self) -> Option<&Run<Trace>> {
        match self {
            Self::Job(_, exchange) => exchange.run(),
            Self::Probe(probe) => probe.run(),
        }
    }
}

/// The version of the tables that this code works with.
#[wasm_bindgen(js_name = schemaVersion)]
#[must_use]
pub fn schema_version() -> u32 {
    outbox::SCHEMA_VERSION
}

/// Throws `newer` or `foreign` for a store that is no outbox's of this version or an earlier one;
/// nothing is changed.
#[wasm_bindgen(js_name = checkStore)]
pub fn check_store(store: &HostStore) -> Result<(), JsValue> {
    outbox::schema_version(store).map(drop).map_err(thrown)
}

fn thrown(error: OutboxError) -> JsValue {
    JsValue::from_str(match error {
        OutboxError::Unavailable(code) => code.unwrap_or("unavailable"),
        OutboxError::Malformed => "malformed",
        OutboxError::Newer => "newer",
        OutboxError::Foreign => "foreign",
    })
}
