//! The forwarder's outbox, over a real SQLite and a simulated CRM.

mod administration;
mod arrivals;
mod budget;
mod crm;
mod database;
mod foreign;
mod keeping;
mod parking;
mod probing;
mod rate;
mod rig;
mod simulation;
mod site;
mod states;
