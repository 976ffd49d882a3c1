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
use core::mem;
use wasm_bindgen::{JsCast as _, JsValue};

/// The content of a slot.
enum Slot<T> {
    /// Nothing: its number can be assigned again.
    Free,
    /// A call that is running; meanwhile others may start.
    Running,
    /// A call that waits.
    Waiting(Box<T>),
}

/// A table of calls.
pub(super) struct SlotTable<T>(RefCell<Vec<Slot<T>>>);

impl<T> Default for SlotTable<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T> SlotTable<T> {
    /// Reserves a slot and returns its number.
    pub(super) fn reserve(&self) -> usize {
        let number = {
            let mut slots = self.0.borrow_mut();
            let free = slots.iter().position(|slot| matches!(slot, Slot::Free));
            free.unwrap_or_else(|| {
                slots.push(Slot::Free);
                slots.len() - 1
            })
        };
        self.replace(number, Slot::Running);
        number
    }

    /// Takes a call that waits, to run it.
    pub(super) fn take(&self, number: usize) -> Option<Box<T>> {
        match self.replace(number, Slot::Running) {
            Slot::Waiting(call) => Some(call),
            _ => None,
        }
    }

    /// Stores a call that waits.
    pub(super) fn wait(&self, number: usize, call: Box<T>) {
        self.replace(number, Slot::Waiting(call));
    }

    /// Frees a slot and returns the call in it, if one waits.
    pub(super) fn free(&self, number: usize) -> Option<Box<T>> {
        match self.replace(number, Slot::Free) {
            Slot::Waiting(call) => Some(call),
            _ => None,
        }
    }

    fn replace(&self, number: usize, slot: Slot<T>) -> Slot<T> {
        let mut slots = self.0.borrow_mut();
        slots.get_mut(number).map_or(Slot::Free, |old| mem::replace(old, slot))
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
