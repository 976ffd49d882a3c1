//! The forwarder's outbox, over a real SQLite and a simulated CRM.

mod database;
mod site;
mod states;
