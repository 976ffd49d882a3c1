//! The entries of the module: start a call, resume it.

use super::host::{Host, tell};
use super::task::{Task, Tasks};
use super::value::items;
use crate::call::failure::{Code, Failure};
use crate::call::limiter::{Limiter, Rates};
use crate::call::machine::{Creates, Run, Shared};
use crate::call::transport::Platform as _;
use crate::list::page::records;
use crate::request::endpoint::OPERATIONS;
use crate::request::prepared::{Call, Given};
use crate::request::settings::{Reconcile, Settings};
use crate::request::submission::SubmissionField;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::cell::RefCell;
use wasm_bindgen::prelude::*;

/// What a client and its siblings share, limiter included.
#[wasm_bindgen]
#[allow(missing_debug_implementations, reason = "it holds calls on their way")]
pub struct Core {
    family: Rc<Family>,
}

struct Family {
    shared: Rc<Shared>,
    tasks: Tasks,
}

#[wasm_bindgen]
impl Core {
    /// `per_minute` 0: no limiter. `ended`: when the calls of the last hour ended, oldest first.
    #[wasm_bindgen(constructor)]
    pub fn new(per_minute: u32, per_hour: u32, ended: &JsValue) -> Self {
        Self::over(per_minute, per_hour, ended, Rc::default())
    }

    /// That of a sibling with a limiter of its own.
    pub fn sibling(&self, per_minute: u32, per_hour: u32, ended: &JsValue) -> Self {
        let creates = self.family.shared.creates.clone().unwrap_or_default();
        Self::over(per_minute, per_hour, ended, creates)
    }

    /// Starts a call and gives its number, which means nothing if the call is over at once.
    pub fn call(&self, host: Host) -> usize {
        let settings = read(&host);
        let (query, body) = (host.text(QUERY), host.text(BODY));
        let given = Given {
            argument: &|index| host.text(ARGUMENTS + index as u32),
            query: query.as_deref(),
            body: body.as_deref(),
        };
        let call = match OPERATIONS.get(host.number(OPERATION) as usize) {
            Some(operation) => Call::prepare(operation, given, &settings),
            None => {
                let text = |index| host.text(index).unwrap_or_default();
                Call::custom(&text(METHOD), &text(PATH), given, &settings)
            }
        };
        match call {
            Ok(call) => {
                call.warnings.iter().for_each(|issue| host.warn(issue));
                let run = Run::new(Rc::clone(&self.family.shared), settings, call);
                self.family.tasks.start(Box::new(Task { run, host }))
            }
            Err(issues) => {
                let mut refused = Failure::new(Code::Validation, None);
                refused.issues = issues;
                host.failed(&tell(&host, *refused));
                0
            }
        }
    }

    /// Goes on with a call by its number, with what it waited for.
    pub fn resume(&self, call: usize, value: JsValue) {
        self.family.tasks.resume(call, value);
    }

    /// The records in the answer to a list, `undefined` where it has none.
    pub fn records(&self, operation: usize, body: &JsValue, items_key: &JsValue) -> JsValue {
        let path = OPERATIONS.get(operation).map_or("", |operation| operation.path);
        // A list's path is its resource's name.
        let resource = path.get(1..).unwrap_or("");
        records(body, resource, items_key.as_string().as_deref()).unwrap_or(JsValue::UNDEFINED)
    }
}

impl Core {
    fn over(per_minute: u32, per_hour: u32, ended: &JsValue, creates: Rc<Creates>) -> Self {
        let rates = Rates { per_minute, per_hour, ..Rates::default() };
        let ended = || items(ended).into_iter().filter_map(|time| time.as_f64());
        let limiter = (per_minute > 0).then(|| RefCell::new(Limiter::new(rates, ended())));
        let shared = Shared { limiter, creates: Some(creates), ..Shared::default() };
        Self { family: Rc::new(Family { shared: Rc::new(shared), tasks: Tasks::default() }) }
    }
}

impl Host {
    /// One of the call's texts. Taken as a value first: a text of its own type has glue of its own.
    fn text(&self, index: u32) -> Option<String> {
        self.value(index).as_string()
    }
}

/// The settings of a call.
fn read(host: &Host) -> Settings {
    let flags = host.number(FLAGS) as u32;
    let flag = |bit: u32| flags & (1 << bit) != 0;
    Settings {
        timeout: host.number(TIMEOUT),
        total_timeout: host.number(TOTAL_TIMEOUT),
        max_queue_wait: host.number(MAX_QUEUE_WAIT),
        max_retries: host.number(MAX_RETRIES) as u32,
        strict: flag(0),
        integration_token: flag(1),
        token_function: flag(2),
        check_existing: flag(3),
        submission_field: if flag(4) {
            SubmissionField::IdengagerRequestId
        } else {
            SubmissionField::CustomField
        },
        reconcile: if flag(5) { Reconcile::Id } else { Reconcile::Full },
        first_page: flag(6).then_some(u32::from(flag(7))),
        submission_id: host.text(SUBMISSION_ID),
        items_key: host.text(ITEMS_KEY),
        reconcile_delays: (0..host.number(WAIT_COUNT) as u32)
            .map(|index| host.number(WAITS + index))
            .collect(),
    }
}

// Where the facade has a call's numbers (`pkg-template/src/client/settings.ts`), then its texts
// (`call.ts` beside it).
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
    /// Panics, for the tests of what happens then.
    #[wasm_bindgen(js_name = panicForTest)]
    pub fn panic_for_test(&self) {
        #[allow(clippy::panic, reason = "the tests ask for one")]
        {
            panic!("asked for by a test");
        }
    }
}
