//! The CRM's API: documented behavior in code, undocumented behavior in [`switches`].

pub(crate) mod actions;
pub(crate) mod apply_fault;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod cors;
pub(crate) mod credentials;
pub(crate) mod faults;
pub(crate) mod fields;
pub(crate) mod glob;
pub(crate) mod limiter;
pub(crate) mod listing;
pub(crate) mod operations;
pub(crate) mod parts;
pub(crate) mod request_log;
pub(crate) mod response;
pub(crate) mod routes;
pub(crate) mod shapes;
pub(crate) mod switches;
