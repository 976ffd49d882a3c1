//! The forwarder's outbox, over a real SQLite and a simulated CRM.

mod crm;
mod database;
mod simulation;
mod site;
mod states;
