//! What a request is made of: an operation with its path, query and body, checked against the tables.

pub(crate) mod absence;
pub(crate) mod confirmation;
pub mod endpoint;
pub mod path;
pub mod prepared;
pub mod settings;
pub mod submission;
pub mod validate;
