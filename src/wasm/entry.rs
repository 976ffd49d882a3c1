//! The entries of the module: start a call, resume it.

use alloc::boxed::Box;
use alloc::string::String;
use super::host::{Host, HostTransport, Trace};
use super::task::{Slot, Tasks};
use super::value::to_array;
use crate::call::Call;
use crate::config::{Reconcile, Settings};
use crate::endpoint::OPERATIONS;
use crate::failure::Failure;
use crate::limiter::{Limiter, Rates};
use crate::pager::Pager;
use crate::run::{Run, Shared};
use crate::submission::SubmissionField;
use crate::validate::Issue;
use core::cell::RefCell;
use alloc::rc::Rc;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// What a client and its siblings share, limiter included.
#[wasm_bindgen]
#[allow(missing_debug_implementations, reason = "it holds calls on their way")]
pub struct Core {
    family: Rc<Family>,
}

struct Family {
    shared: Shared,
    tasks: Tasks,
}

/// A list that is read page by page.
#[wasm_bindgen]
#[allow(missing_debug_implementations, reason = "it belongs to a core")]
pub struct Pages {
    family: Rc<Family>,
    pager: Rc<RefCell<Option<Pager<JsValue>>>>,
}

#[wasm_bindgen]
impl Core {
    /// `per_minute` 0: no limiter. `ended`: when the calls of the last hour ended, oldest first.
    #[wasm_bindgen(constructor)]
    pub fn new(per_minute: u32, per_hour: u32, ended: &[f64]) -> Self {
        let rates = Rates { per_minute, per_hour, ..Rates::default() };
        let limiter = || RefCell::new(Limiter::new(rates, ended.iter().copied()));
        let limiter = (per_minute > 0).then(limiter);
        let shared = Shared { limiter, ..Shared::default() };
        Self { family: Rc::new(Family { shared, tasks: Tasks::default() }) }
    }

    /// Starts an operation's call and gives its number.
    pub fn call(
        &self,
        operation: usize,
        first: Option<String>,
        second: Option<String>,
        input: Option<String>,
        host: Host,
        settings: &[f64],
    ) -> usize {
        let settings = read(settings, &host);
        let arguments = [first.as_deref(), second.as_deref()];
        // The facade's table is made from this one, so each of its numbers stands here.
        let call = OPERATIONS.get(operation).map_or(Err(Vec::new()), |operation| {
            Call::prepare(operation, &arguments, input.as_deref(), &settings)
        });
        start_call(&self.family, host, settings, call)
    }

    /// Starts any other call and gives its number.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        params: Option<String>,
        query: Option<String>,
        body: Option<String>,
        host: Host,
        settings: &[f64],
    ) -> usize {
        let settings = read(settings, &host);
        let (params, query, body) = (params.as_deref(), query.as_deref(), body.as_deref());
        let call = Call::custom(method, path, params, query, body, &settings);
        start_call(&self.family, host, settings, call)
    }

    /// Goes on with a call by its number, with what it waited for.
    pub fn resume(&self, call: usize, value: JsValue) {
        self.family.tasks.resume(call, value);
    }

    /// A list before its first page.
    pub fn list(&self, operation: usize, query: Option<String>) -> Pages {
        let pager = OPERATIONS.get(operation).map(|operation| Pager::new(operation, query));
        Pages { family: Rc::clone(&self.family), pager: Rc::new(RefCell::new(pager)) }
    }
}

#[wasm_bindgen]
impl Pages {
    /// Starts asking for the next page and gives the call's number. The call gives
    /// `[records, envelope]`, or `undefined` after the last page.
    pub fn next(&self, host: Host, settings: &[f64]) -> usize {
        let settings = read(settings, &host);
        let place = Rc::clone(&self.pager);
        start(&self.family, host, settings, async move |run| {
            // Taken out meanwhile: the reader asks for one page at a time.
            let Some(mut pager) = place.take() else { return Ok(JsValue::UNDEFINED) };
            let found = pager.next(run).await;
            place.replace(Some(pager));
            Ok(found?.map_or(JsValue::UNDEFINED, |found| {
                let body = found.body.unwrap_or(JsValue::UNDEFINED);
                to_array(alloc::vec![found.records, body])
            }))
        })
    }
}

/// The token in the answer to a sign-in.
#[wasm_bindgen]
pub fn token_in(answer: JsValue) -> Option<String> {
    crate::auth::token_in(&answer)
}

fn start_call(
    family: &Rc<Family>,
    host: Host,
    settings: Settings,
    call: Result<Call, Vec<Issue>>,
) -> usize {
    start(family, host, settings, async move |run| {
        let call = call.map_err(Failure::refused)?;
        Ok(run.call(&call).await?.unwrap_or(JsValue::UNDEFINED))
    })
}

fn start<F>(family: &Rc<Family>, host: Host, settings: Settings, steps: F) -> usize
where
    F: AsyncFnOnce(&Run<'_, HostTransport>) -> Result<JsValue, Box<Failure<Trace>>> + 'static,
{
    let slot = Slot::default();
    let transport = HostTransport { host: host.clone(), slot: slot.clone() };
    let own = Rc::clone(family);
    family.tasks.start(
        slot,
        Box::pin(async move {
            let run = Run::new(&transport, &own.shared, &settings);
            match steps(&run).await {
                Ok(value) => host.done(value),
                Err(failure) => host.failed(&tell(&host, *failure)),
            }
        }),
    )
}

/// The facade's error for a failure.
fn tell(host: &Host, failure: Failure<Trace>) -> JsValue {
    let issues = failure.issues.iter().map(|issue| {
        host.issue(&issue.path, issue.code as u8, issue.severity as u8, issue.message)
    });
    let issues = to_array(issues.collect());
    let cause = failure.cause.map_or(JsValue::UNDEFINED, |cause| tell(host, *cause));
    host.error(
        failure.code as u8,
        failure.attempts,
        failure.ambiguous,
        failure.retry_after,
        issues,
        failure.answer,
        cause,
    )
}

/// The settings of a call: the facade's numbers (`settings.ts`), and the two texts it seldom has.
fn read(numbers: &[f64], host: &Host) -> Settings {
    let number = |index: usize| numbers.get(index).copied().unwrap_or(0.0);
    let flags = number(4) as u32;
    let flag = |bit: u32| flags & (1 << bit) != 0;
    Settings {
        timeout: number(0),
        total_timeout: number(1),
        max_queue_wait: number(2),
        max_retries: number(3) as u32,
        strict: flag(0),
        integration_token: flag(1),
        token_function: flag(2),
        look_first: flag(3),
        submission_field: if flag(4) {
            SubmissionField::IdengagerRequestId
        } else {
            SubmissionField::CustomField
        },
        reconcile: if flag(5) { Reconcile::Id } else { Reconcile::Full },
        submission_id: flag(6).then(|| host.submission_id()).flatten(),
        items_key: flag(7).then(|| host.items_key()).flatten(),
        first_page: flag(8).then_some(u32::from(flag(9))),
        reconcile_waits: numbers.get(5..).unwrap_or(&[]).to_vec(),
    }
}

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
