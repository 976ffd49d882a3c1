//! The sandbox, asked over HTTP as any client would ask it.

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
