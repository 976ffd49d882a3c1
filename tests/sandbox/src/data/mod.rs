//! The sandbox's data: records as JSON text in SQLite, ids, clocks and random numbers.

pub(crate) mod clock;
pub(crate) mod defaults;
pub(crate) mod random;
pub(crate) mod record;
pub(crate) mod resource;
pub(crate) mod sample;
pub(crate) mod store;
