//! The entries of the forwarder's outbox. The host provides the store and sends the requests.

use super::host::{Attempt, CallHost};
use super::slots::{SlotTable, resumed_with};
use super::value::{items, to_array};
use crate::call::machine::Shared;
use crate::outbox::store::{Row, SqlValue, Store, StoreUnavailable};
use crate::outbox::{
    self, Diagnostics, Job, JobCall, JobOutcome, NextStep, OutboxError, Probe, Reading, SourceStep,
};
use crate::request::settings::{CallSettings, Reconcile};
use crate::request::submission::SubmissionField;
use crate::sync::Rc;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The host's store: `Store` in `pkg-template/src/forwarder/outbox/contract.ts`.
    #[derive(Debug)]
    pub type HostStore;

    #[wasm_bindgen(method, catch)]
    fn exec(this: &HostStore, sql: &str, params: JsValue) -> Result<JsValue, JsValue>;

    /// Why the last request of a call had no response, as a code.
    #[wasm_bindgen(method)]
    fn cause(this: &CallHost) -> Option<String>;

    /// What the CRM last responded to a call, if it was not a success.
    #[wasm_bindgen(method)]
    fn answer(this: &CallHost) -> Option<String>;

    /// Takes the `traceparent` of the lead that is sent.
    #[wasm_bindgen(method)]
    fn trace(this: &CallHost, traceparent: &str);

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn property(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;
}

impl Store for HostStore {
    fn exec(&self, sql: &str, params: &[SqlValue]) -> Result<Vec<Row>, StoreUnavailable> {
        let params = params.iter().map(|param| match param {
            SqlValue::Null => JsValue::NULL,
            SqlValue::Number(number) => JsValue::from_f64(*number),
            SqlValue::Text(text) => JsValue::from_str(text),
        });
        let rows = self.exec(sql, to_array(params.collect())).map_err(|error| {
            let code = property(&error, "code").ok().and_then(|code| code.as_string());
            StoreUnavailable::from_text(&code.unwrap_or_default())
        })?;
        let value = |value: JsValue| match (value.as_string(), value.as_f64()) {
            (Some(text), _) => SqlValue::Text(text),
            (None, Some(number)) => SqlValue::Number(number),
            (None, None) => SqlValue::Null,
        };
        let row = |row: JsValue| Row(items(&row).into_iter().map(value).collect());
        Ok(items(&rows).into_iter().map(row).collect())
    }
}

/// How to call the CRM, as the host configures it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CrmOptions {
    integration_token: bool,
    token_function: bool,
    /// Whether `idengagerRequestId` contains the submission id.
    request_id_field: bool,
    /// Whether leads are looked up only by their submission id.
    by_id_alone: bool,
    items_key: Option<String>,
    first_page: Option<u32>,
}

impl From<CrmOptions> for CallSettings {
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

/// An outbox. Its methods throw a string: if the store threw an error, its `code` if that is one of
/// SQLite's, as in `SQLITE_FULL`, otherwise `unavailable`; or `malformed`; or `newer` or `foreign` when it
/// is opened.
#[wasm_bindgen]
#[allow(missing_debug_implementations, reason = "it contains jobs under way")]
pub struct OutboxCore {
    outbox: outbox::Outbox<HostStore>,
    shared: Rc<Shared>,
    crm: CallSettings,
    calls: SlotTable<OutboxCall>,
    /// The job that was claimed last, until it is started.
    claimed: RefCell<Option<Job>>,
}

/// A call of the outbox with the facade's side of it.
struct OutboxCall {
    host: CallHost,
    work: CallWork,
}

enum CallWork {
    Job(Job, JobCall<Attempt>),
    Probe(Probe<Attempt>),
    /// The outcome of a job that has ended, until it is stored.
    Ended(Job, JobOutcome, Diagnostics),
}

#[wasm_bindgen]
impl OutboxCore {
    /// Opens an outbox. `settings` and `crm` are JSON texts, `entropy` is 32 random bytes as text; the times are those
    /// of the host's clocks, the monotonic one and the date, here and below.
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
            calls: SlotTable::default(),
            claimed: RefCell::default(),
        })
    }

    /// Handles a request by its name; input and output are JSON texts.
    pub fn request(&self, name: &str, input: &str, now: f64, wall: f64) -> Result<String, JsValue> {
        self.outbox.request(name, input, Reading { now, wall }).map_err(thrown)
    }

    /// The alerts since the last call: a JSON array, or nothing.
    pub fn alerts(&self) -> Option<String> {
        let alerts = self.outbox.alerts();
        if alerts.is_empty() { None } else { outbox::print(&alerts).ok() }
    }

    /// The attempts since the last call, if they are logged: a JSON array, or nothing.
    pub fn attempts(&self) -> Option<String> {
        let attempts = self.outbox.attempts();
        if attempts.is_empty() { None } else { outbox::print(&attempts).ok() }
    }

    /// Whether deleted text may still be in the host's file: 1 after its retention, 2 or more after an
    /// operator's command.
    pub fn deletion(&self) -> u32 {
        self.outbox.deletion().map_or(0, |deletion| deletion as u32)
    }

    /// The host has rewritten its file.
    pub fn vacuumed(&self) -> Result<(), JsValue> {
        self.outbox.record_vacuum().map_err(thrown)
    }

    /// Claims the next job, which `begin` starts, or returns how long to wait before the next claim.
    pub fn next(&self, now: f64, wall: f64) -> Result<Option<f64>, JsValue> {
        Ok(match self.outbox.next(Reading { now, wall }).map_err(thrown)? {
            NextStep::Wait(at) => Some(at - now),
            NextStep::Job(job) => {
                self.claimed.replace(Some(job));
                None
            }
        })
    }

    /// Claims the next job for the sources and returns it as JSON text; or returns how long to wait before asking
    /// again, as a number. `may_fetch`: whether another request may be sent.
    #[wasm_bindgen(js_name = nextSource)]
    pub fn next_source(&self, may_fetch: bool, now: f64, wall: f64) -> Result<JsValue, JsValue> {
        Ok(match self.outbox.next_source(may_fetch, Reading { now, wall }).map_err(thrown)? {
            SourceStep::Wait(at) => JsValue::from_f64(at - now),
            SourceStep::Job(job) => JsValue::from_str(&outbox::print(&job).map_err(thrown)?),
        })
    }

    /// Records the result of a job for a source: its step, and the result as JSON text.
    #[wasm_bindgen(js_name = recordSource)]
    pub fn record_source(
        &self,
        step: &str,
        result: &str,
        jitter: f64,
        now: f64,
        wall: f64,
    ) -> Result<(), JsValue> {
        self.outbox.record_source(step, result, Reading { now, wall }, jitter).map_err(thrown)
    }

    /// Starts the job that was claimed last, and returns its number. When it ends, `done` of the host is
    /// called, and the outcome is to be recorded.
    pub fn begin(&self, host: CallHost) -> Option<usize> {
        let job = self.claimed.take()?;
        if let Some(traceparent) = &job.traceparent {
            host.trace(traceparent);
        }
        let call = JobCall::new(&self.outbox, &job, &self.shared, &self.crm);
        Some(self.start(host, CallWork::Job(job, call)))
    }

    /// Starts a probe and returns its number. When it ends, `done` of the host is called with the report
    /// as JSON text, or with nothing.
    pub fn probe(&self, host: CallHost) -> usize {
        let probe = Probe::new(&self.outbox, &self.shared, &self.crm, &host);
        self.start(host, CallWork::Probe(probe))
    }

    /// Resumes a call by its number, with the result of what it waited for.
    pub fn resume(&self, number: usize, value: JsValue) {
        if let Some(call) = self.calls.take(number) {
            self.step(number, call, resumed_with(value));
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
        let Some(call) = self.calls.take(number) else {
            return Ok(());
        };
        self.calls.free(number);
        match call.work {
            CallWork::Ended(job, outcome, diagnostics) => self
                .outbox
                .record_outcome(&job, &outcome, &diagnostics, Reading { now, wall }, jitter)
                .map_err(thrown),
            _ => Ok(()),
        }
    }
}

impl OutboxCore {
    fn start(&self, host: CallHost, work: CallWork) -> usize {
        let number = self.calls.reserve();
        self.step(number, Box::new(OutboxCall { host, work }), None);
        number
    }

    fn step(&self, number: usize, mut call: Box<OutboxCall>, attempt: Option<Attempt>) {
        let OutboxCall { host, work } = &mut *call;
        let result = match work {
            CallWork::Job(_, job) => {
                let step = job.step(&self.outbox, host, attempt);
                host.perform(step, || Some(job.machine()?.request())).map(Ok)
            }
            CallWork::Probe(probe) => {
                let step = probe.step(&self.outbox, host, attempt);
                host.perform(step, || Some(probe.machine()?.request())).map(Err)
            }
            CallWork::Ended(..) => None,
        };
        let Some(result) = result else {
            return self.calls.wait(number, call);
        };
        let OutboxCall { host, work } = *call;
        let report = match (result, work) {
            (Ok(outcome), CallWork::Job(job, _)) => {
                let diagnostics = Diagnostics { cause: host.cause(), response: host.answer() };
                let work = CallWork::Ended(job, outcome, diagnostics);
                self.calls.wait(number, Box::new(OutboxCall { host: host.clone(), work }));
                None
            }
            (result, _) => {
                self.calls.free(number);
                result.err().flatten().and_then(|report| outbox::print(&report).ok())
            }
        };
        host.done(report.map_or(JsValue::UNDEFINED, |report| JsValue::from_str(&report)));
    }
}

/// The current version of the tables.
#[wasm_bindgen(js_name = schemaVersion)]
#[must_use]
pub fn schema_version() -> u32 {
    outbox::SCHEMA_VERSION
}

/// Throws `newer` or `foreign` for a store that does not belong to an outbox of this version or an earlier one. Changes
/// nothing.
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
