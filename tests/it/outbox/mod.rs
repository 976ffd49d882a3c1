//! The forwarder's outbox, over a real SQLite and a simulated CRM.

mod administration;
mod alerts;
mod breaker;
mod capacity;
mod clocks;
mod crm;
mod crm_limits;
mod database;
mod enqueueing;
mod metrics;
mod operators;
mod probe;
mod rate_limit;
mod refusals;
mod rejections;
mod restored;
mod retention;
mod retry_after;
mod rig;
mod schema;
mod simulation;
mod site;
mod sources;
mod states;
mod unconfirmed;
mod untrusted_input;
