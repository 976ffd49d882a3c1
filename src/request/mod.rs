//! A request: an operation with its path, query and body, validated against the tables.

pub(crate) mod absence;
pub(crate) mod confirmation;
pub mod endpoint;
pub mod path;
pub mod prepared;
pub mod settings;
pub mod submission;
pub mod validate;
