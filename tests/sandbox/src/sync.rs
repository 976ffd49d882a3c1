//! Locks whose holder may have panicked: the guarded data is replaced or changed in one step, so it
//! is consistent after a panic and the sandbox continues.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
