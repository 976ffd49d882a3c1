//! Running one future per call without an executor.
//!
//! A call waits for one thing at a time, and the facade knows for which: it resumes the call by
//! number with what came. No waker is needed, nothing is queued, and a call's first steps run at
//! once.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use wasm_bindgen::JsValue;

/// Where the facade leaves what a call waits for.
#[derive(Clone, Default)]
pub(crate) struct Slot(Rc<Cell<Option<JsValue>>>);

impl Slot {
    /// Waits for the facade.
    pub(crate) async fn filled(&self) -> JsValue {
        poll_fn(|_| self.0.take().map_or(Poll::Pending, Poll::Ready)).await
    }
}

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    slot: Slot,
}

/// What stands under a call's number.
enum Place {
    /// Nothing: the number can be given anew.
    Free,
    /// A call that is just now running; while it does, other calls may start.
    Running,
    /// A call that waits.
    Waiting(Task),
}

/// The calls of a client and its siblings, by number.
#[derive(Default)]
pub(crate) struct Tasks(RefCell<Vec<Place>>);

impl Tasks {
    /// Starts a call and gives its number.
    pub(crate) fn start(&self, slot: Slot, future: Pin<Box<dyn Future<Output = ()>>>) -> usize {
        let number = {
            let mut places = self.0.borrow_mut();
            let free = places.iter().position(|place| matches!(place, Place::Free));
            free.unwrap_or_else(|| {
                places.push(Place::Free);
                places.len() - 1
            })
        };
        self.put(number, Place::Running);
        self.step(number, Task { future, slot });
        number
    }

    /// Goes on with a call that waits.
    pub(crate) fn resume(&self, number: usize, value: JsValue) {
        if let Place::Waiting(task) = self.put(number, Place::Running) {
            task.slot.0.set(Some(value));
            self.step(number, task);
        }
    }

    fn step(&self, number: usize, mut task: Task) {
        let mut context = Context::from_waker(Waker::noop());
        let pending = task.future.as_mut().poll(&mut context).is_pending();
        self.put(number, if pending { Place::Waiting(task) } else { Place::Free });
    }

    fn put(&self, number: usize, place: Place) -> Place {
        let mut places = self.0.borrow_mut();
        places.get_mut(number).map_or(Place::Free, |old| mem::replace(old, place))
    }
}
