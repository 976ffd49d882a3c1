//! The entries of the client's module.

use super::host::{Attempt, CallHost, to_js_error};
use super::slots::{SlotTable, resumed_with};
use super::value::items;
use crate::call::failure::{ErrorCode, Failure};
use crate::call::limiter::{Limiter, Rates};
use crate::call::machine::{CallMachine, CreateRegistry, Shared};
use crate::call::transport::Platform as _;
use crate::list::page::records;
use crate::request::endpoint::OPERATIONS;
use crate::request::prepared::{CallInput, PreparedRequest};
use crate::request::settings::{CallSettings, Reconcile};
use crate::request::submission::SubmissionField;
use crate::sync::{Rc, RefCell};
use alloc::boxed::Box;
use alloc::string::String;
use wasm_bindgen::prelude::*;

/// What a client shares with its derived clients, including the limiter.
#[wasm_bindgen]
#[allow(missing_debug_implementations, reason = "it contains calls under way")]
pub struct Core {
    shared: Rc<Shared>,
    calls: SlotTable<Call>,
}

/// A call with the facade's side of it.
struct Call {
    machine: CallMachine<Attempt>,
    host: CallHost,
}

#[wasm_bindgen]
impl Core {
    /// `per_minute` is 0 without a limiter. `ended` are the times when the requests of the last hour ended,
    /// oldest first.
    #[wasm_bindgen(constructor)]
    pub fn new(per_minute: u32, per_hour: u32, ended: &JsValue) -> Self {
        Self::with_creates(per_minute, per_hour, ended, Rc::default())
    }

    /// The core of a derived client with its own limiter.
    pub fn sibling(&self, per_minute: u32, per_hour: u32, ended: &JsValue) -> Self {
        let creates = self.shared.creates.clone().unwrap_or_default();
        Self::with_creates(per_minute, per_hour, ended, creates)
    }

    /// Starts a call and returns its number, which is meaningless if the call has already ended.
    pub fn call(&self, host: CallHost) -> usize {
        let settings = read_settings(&host);
        let (query, body) = (host.text(QUERY), host.text(BODY));
        let input = CallInput {
            argument: &|index| host.text(ARGUMENTS + index as u32),
            query: query.as_deref(),
            body,
        };
        let request = match OPERATIONS.get(host.number(OPERATION) as usize) {
            Some(operation) => PreparedRequest::new(operation, input, &settings),
            None => {
                let text = |index| host.text(index).unwrap_or_default();
                PreparedRequest::custom(&text(METHOD), &text(PATH), input, &settings)
            }
        };
        match request {
            Ok(request) => {
                request.warnings.iter().for_each(|issue| host.warn(issue));
                let machine = CallMachine::new(Rc::clone(&self.shared), settings, request);
                let number = self.calls.reserve();
                self.step(number, Box::new(Call { machine, host }), None);
                number
            }
            Err(issues) => {
                let mut failure = Failure::new(ErrorCode::Validation, None);
                failure.issues = issues;
                host.failed(&to_js_error(&host, *failure));
                0
            }
        }
    }

    /// Resumes a call by its number, with the result of what it waited for.
    pub fn resume(&self, number: usize, value: JsValue) {
        if let Some(call) = self.calls.take(number) {
            self.step(number, call, resumed_with(value));
        }
    }

    /// The records in the response to a list, `undefined` if it contains none.
    pub fn records(&self, operation: usize, body: &JsValue, items_key: &JsValue) -> JsValue {
        let path = OPERATIONS.get(operation).map_or("", |operation| operation.path);
        // A list's path is the name of its resource.
        let resource = path.get(1..).unwrap_or("");
        records(body, resource, items_key.as_string().as_deref()).unwrap_or(JsValue::UNDEFINED)
    }
}

impl Core {
    fn with_creates(
        per_minute: u32,
        per_hour: u32,
        ended: &JsValue,
        creates: Rc<CreateRegistry>,
    ) -> Self {
        let rates = Rates { per_minute, per_hour, ..Rates::default() };
        let ended = || items(ended).into_iter().filter_map(|time| time.as_f64());
        let limiter = (per_minute > 0).then(|| RefCell::new(Limiter::new(rates, ended())));
        let shared = Shared { limiter, creates: Some(creates), ..Shared::default() };
        Self { shared: Rc::new(shared), calls: SlotTable::default() }
    }

    fn step(&self, number: usize, mut call: Box<Call>, attempt: Option<Attempt>) {
        let Call { machine, host } = &mut *call;
        let step = machine.step(host, attempt);
        let request = || {
            let mut request = machine.request();
            // The facade has it: a text that crosses back is copied and decoded.
            if machine.is_body_unchanged() {
                request.body = None;
            }
            Some(request)
        };
        let Some(result) = host.perform(step, request) else {
            return self.calls.wait(number, call);
        };
        self.calls.free(number);
        match result {
            Ok(value) => host.done(value.unwrap_or(JsValue::UNDEFINED)),
            Err(failure) => host.failed(&to_js_error(host, *failure)),
        }
    }
}

impl CallHost {
    /// One of the call's texts. Received as a value, because a string type has additional glue.
    fn text(&self, index: u32) -> Option<String> {
        self.value(index).as_string()
    }
}

fn read_settings(host: &CallHost) -> CallSettings {
    let flags = host.number(FLAGS) as u32;
    let flag = |bit: u32| flags & (1 << bit) != 0;
    CallSettings {
        timeout: host.number(TIMEOUT),
        total_timeout: host.number(TOTAL_TIMEOUT),
        max_queue_wait: host.number(MAX_QUEUE_WAIT),
        max_retries: host.number(MAX_RETRIES) as u32,
        strict: flag(STRICT),
        integration_token: flag(INTEGRATION_TOKEN),
        token_function: flag(TOKEN_FUNCTION),
        check_existing: flag(CHECK_EXISTING),
        submission_field: if flag(SUBMISSION_FIELD) {
            SubmissionField::IdengagerRequestId
        } else {
            SubmissionField::CustomField
        },
        reconcile: if flag(RECONCILE) { Reconcile::Id } else { Reconcile::Full },
        first_page: flag(FIRST_PAGE_IS_KNOWN).then_some(u32::from(flag(FIRST_PAGE))),
        submission_id: host.text(SUBMISSION_ID),
        items_key: host.text(ITEMS_KEY),
        reconcile_delays: (0..host.number(WAIT_COUNT) as u32)
            .map(|index| host.number(WAITS + index))
            .collect(),
    }
}

// The bits of the flags (`pkg-template/src/client/settings.ts`; `tests/it/facade.rs` compares them).
const STRICT: u32 = 0;
const INTEGRATION_TOKEN: u32 = 1;
const TOKEN_FUNCTION: u32 = 2;
const CHECK_EXISTING: u32 = 3;
const SUBMISSION_FIELD: u32 = 4;
const RECONCILE: u32 = 5;
const FIRST_PAGE_IS_KNOWN: u32 = 6;
const FIRST_PAGE: u32 = 7;

// The positions of a call's numbers (`pkg-template/src/client/settings.ts`), then of its texts.
const OPERATION: u32 = 0;
const TIMEOUT: u32 = 1;
const TOTAL_TIMEOUT: u32 = 2;
const MAX_QUEUE_WAIT: u32 = 3;
const MAX_RETRIES: u32 = 4;
const FLAGS: u32 = 5;
const WAIT_COUNT: u32 = 6;
const WAITS: u32 = 7;
const METHOD: u32 = 0;
const PATH: u32 = 1;
const QUERY: u32 = 2;
const BODY: u32 = 3;
const SUBMISSION_ID: u32 = 4;
const ITEMS_KEY: u32 = 5;
const ARGUMENTS: u32 = 6;

#[cfg(feature = "panic-test")]
#[wasm_bindgen]
impl Core {
    /// Panics, to test what happens then.
    #[wasm_bindgen(js_name = panicForTest)]
    pub fn panic_for_test(&self) {
        #[allow(clippy::panic, reason = "the tests ask for one")]
        {
            panic!("requested by a test");
        }
    }
}
