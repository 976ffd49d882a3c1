//! Requests and responses on the wire.

mod checks;
mod hostile;
mod leads;
mod operations;
mod routes;
mod skeleton;
