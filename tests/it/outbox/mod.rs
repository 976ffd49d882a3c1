//! The forwarder's outbox, over a real SQLite and a simulated CRM.

mod administration;
mod arrivals;
mod budget;
mod clocks;
mod conditions;
mod crm;
mod database;
mod foreign;
mod keeping;
mod parking;
mod pausing;
mod probing;
mod rate;
mod refusals;
mod refusing;
mod rig;
mod schema;
mod simulation;
mod site;
mod states;
mod unconfirmed;
