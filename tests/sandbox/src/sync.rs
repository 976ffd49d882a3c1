//! Locks whose holder may have panicked: what they guard is replaced whole or changed
//! in one step, so it is sound after a panic and the sandbox goes on.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
