//! What goes over the wire, both ways.

mod checks;
mod hostile;
mod leads;
mod operations;
mod routes;
mod skeleton;
