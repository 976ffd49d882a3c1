//! Calls under way, by number.
//!
//! A call waits for one thing at a time. The facade knows for what, and resumes the call by its number
//! with the result. Nothing is queued, and the first steps of a call run at once.

use super::host::{Attempt, CallHost};
use crate::call::machine::Step;
use crate::call::transport::Request;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::RefCell;
use wasm_bindgen::{JsCast as _, JsValue};

/// A table of calls.
pub(super) struct SlotTable<T>(RefCell<Slots<T>>);

struct Slots<T> {
    /// The calls that wait; `None` for a call that is running, and for a free slot.
    calls: Vec<Option<Box<T>>>,
    /// The numbers of the free slots.
    free: Vec<usize>,
}

impl<T> Default for SlotTable<T> {
    fn default() -> Self {
        Self(RefCell::new(Slots { calls: Vec::new(), free: Vec::new() }))
    }
}

impl<T> SlotTable<T> {
    /// Reserves a slot for a call that runs, and returns its number.
    pub(super) fn reserve(&self) -> usize {
        let mut slots = self.0.borrow_mut();
        slots.free.pop().unwrap_or_else(|| {
            slots.calls.push(None);
            slots.calls.len() - 1
        })
    }

    /// Takes a call that waits, to run it.
    pub(super) fn take(&self, number: usize) -> Option<Box<T>> {
        self.0.borrow_mut().calls.get_mut(number)?.take()
    }

    /// Stores a call that waits.
    pub(super) fn wait(&self, number: usize, call: Box<T>) {
        if let Some(slot) = self.0.borrow_mut().calls.get_mut(number) {
            *slot = Some(call);
        }
    }

    /// Frees the slot of a call that has ended.
    pub(super) fn free(&self, number: usize) {
        self.0.borrow_mut().free.push(number);
    }
}

/// What a call is resumed with: an attempt, or nothing after a wait.
pub(super) fn resumed_with(value: JsValue) -> Option<Attempt> {
    (!value.is_undefined()).then(|| value.unchecked_into())
}

impl CallHost {
    /// Performs a step. Returns the result if the call has ended.
    pub(super) fn perform<'a, D>(
        &self,
        step: Step<D>,
        request: impl FnOnce() -> Option<Request<'a>>,
    ) -> Option<D> {
        match step {
            Step::Send => {
                if let Some(request) = request() {
                    self.send_request(request);
                }
                None
            }
            Step::Sleep(milliseconds) => {
                self.sleep(milliseconds);
                None
            }
            Step::Done(result) => Some(result),
        }
    }
}
