//! What calls share: across threads natively, within the one thread of a module in wasm.
//!
//! The native types are thread-safe and have the interface of the wasm's, so the core is written once.

#[cfg(not(target_arch = "wasm32"))]
pub use threads::{Cell, Exclusive, OnceCell, Rc, RefCell, SendOutsideWasm, SyncOutsideWasm, Weak};
#[cfg(target_arch = "wasm32")]
pub use wasm::{Cell, Exclusive, OnceCell, Rc, RefCell, SendOutsideWasm, SyncOutsideWasm, Weak};

#[cfg(not(target_arch = "wasm32"))]
mod threads {
    extern crate std;

    pub use alloc::sync::{Arc as Rc, Weak};
    pub use std::sync::OnceLock as OnceCell;
    use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

    /// A value that is copied in and out.
    #[derive(Debug, Default)]
    pub struct Cell<T>(RefCell<T>);

    impl<T: Copy> Cell<T> {
        /// A cell with a value.
        pub const fn new(value: T) -> Self {
            Self(RefCell::new(value))
        }

        /// The value.
        pub fn get(&self) -> T {
            // Threads interleave in tests as they rarely do otherwise.
            #[cfg(test)]
            std::thread::sleep(std::time::Duration::from_micros(1));
            *self.0.borrow()
        }

        /// Replaces the value.
        pub fn set(&self, value: T) {
            *self.0.borrow_mut() = value;
        }
    }

    /// A value that several threads may read, or one may change.
    #[derive(Debug, Default)]
    pub struct RefCell<T>(RwLock<T>);

    // The core does not panic, and a transport that does leaves a whole value: poison is ignored.
    impl<T> RefCell<T> {
        /// A cell with a value.
        pub const fn new(value: T) -> Self {
            Self(RwLock::new(value))
        }

        /// The value, to read it. Waits while another thread changes it.
        pub fn borrow(&self) -> RwLockReadGuard<'_, T> {
            self.0.read().unwrap_or_else(PoisonError::into_inner)
        }

        /// The value, to change it. Waits while another thread uses it.
        pub fn borrow_mut(&self) -> RwLockWriteGuard<'_, T> {
            self.0.write().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// Makes several reads and writes of cells one step for other threads.
    #[derive(Debug, Default)]
    pub struct Exclusive(RefCell<()>);

    impl Exclusive {
        /// Waits for other threads, and excludes them until the result is dropped.
        #[must_use]
        pub fn lock(&self) -> impl Sized + '_ {
            self.0.borrow_mut()
        }
    }

    /// `Send`, except in wasm, whose futures hold JavaScript values.
    pub trait SendOutsideWasm: Send {}
    impl<T: Send + ?Sized> SendOutsideWasm for T {}

    /// `Sync`, except in wasm, whose transports hold JavaScript values.
    pub trait SyncOutsideWasm: Sync {}
    impl<T: Sync + ?Sized> SyncOutsideWasm for T {}
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    pub use alloc::rc::{Rc, Weak};
    pub use core::cell::{Cell, OnceCell, RefCell};

    /// Makes several reads and writes of cells one step for other threads. A module in wasm has one thread.
    #[derive(Debug, Default)]
    pub struct Exclusive(());

    /// The result of [`Exclusive::lock`].
    #[derive(Debug)]
    pub struct Guard;

    impl Drop for Guard {
        fn drop(&mut self) {}
    }

    impl Exclusive {
        /// Does nothing.
        #[must_use]
        pub const fn lock(&self) -> Guard {
            Guard
        }
    }

    /// `Send`, except in wasm, whose futures hold JavaScript values.
    pub trait SendOutsideWasm {}
    impl<T: ?Sized> SendOutsideWasm for T {}

    /// `Sync`, except in wasm, whose transports hold JavaScript values.
    pub trait SyncOutsideWasm {}
    impl<T: ?Sized> SyncOutsideWasm for T {}
}
