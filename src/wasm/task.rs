//! The calls on their way, by number.
//!
//! A call waits for one thing at a time, and the facade knows for which: it resumes the call by
//! number with what came. Nothing is queued, and a call's first steps run at once.

use super::host::{Host, Trace, tell};
use crate::call::machine::{Run, Step};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::mem;
use wasm_bindgen::{JsCast as _, JsValue};

/// A call with the facade's side of it.
pub(crate) struct Task {
    pub(crate) run: Run<Trace>,
    pub(crate) host: Host,
}

/// What stands under a call's number.
enum Place {
    /// Nothing: the number can be given anew.
    Free,
    /// A call that is just now running; while it does, other calls may start.
    Running,
    /// A call that waits.
    Waiting(Box<Task>),
}

/// The calls of a client and its siblings.
#[derive(Default)]
pub(crate) struct Tasks(RefCell<Vec<Place>>);

impl Tasks {
    /// Starts a call and gives its number.
    pub(crate) fn start(&self, task: Box<Task>) -> usize {
        let number = {
            let mut places = self.0.borrow_mut();
            let free = places.iter().position(|place| matches!(place, Place::Free));
            free.unwrap_or_else(|| {
                places.push(Place::Free);
                places.len() - 1
            })
        };
        self.put(number, Place::Running);
        self.step(number, task, None);
        number
    }

    /// Goes on with a call that waits.
    pub(crate) fn resume(&self, number: usize, value: JsValue) {
        if let Place::Waiting(task) = self.put(number, Place::Running) {
            let given = (!value.is_undefined()).then(|| value.unchecked_into());
            self.step(number, task, given);
        }
    }

    fn step(&self, number: usize, mut task: Box<Task>, given: Option<Trace>) {
        let Task { run, host } = &mut *task;
        match run.step(host, given) {
            Step::Send => host.exchange(run.request()),
            Step::Sleep(milliseconds) => host.sleep(milliseconds),
            Step::Done(ending) => {
                self.put(number, Place::Free);
                return match ending {
                    Ok(value) => host.done(value.unwrap_or(JsValue::UNDEFINED)),
                    Err(failure) => host.failed(&tell(host, *failure)),
                };
            }
        }
        self.put(number, Place::Waiting(task));
    }

    fn put(&self, number: usize, place: Place) -> Place {
        let mut places = self.0.borrow_mut();
        places.get_mut(number).map_or(Place::Free, |old| mem::replace(old, place))
    }
}
