//! Calls the sandbox over HTTP, like any client.

mod control;
mod creation;
mod credentials;
mod faults;
mod limits;
mod lists;
mod program;
mod routes;
mod support;
mod switches;
mod writes;
