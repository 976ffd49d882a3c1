//! The outbox of the lead forwarder: an acknowledged lead is never lost, and it is resent only if a
//! lookup has proven that the CRM does not have it.
//!
//! One SQLite database is the store, queue, rate limiter and circuit breaker. The host passes in
//! the store, the time and the jitter, and runs several jobs at once: [`Outbox::next`] claims a
//! lead and returns a [`Job`]; a [`JobCall`] runs it with the SDK's calls;
//! [`Outbox::record_outcome`] records its outcome. The process may die between any two statements.
//!
//! A claim is stored before the request is sent. A lead that a dead process had claimed is
//! *unconfirmed*, like a lead whose response was lost:
//!
//! ```text
//! pending → sending → delivered | pending (429) | dead (400, 409, 413, 422) | unconfirmed
//! unconfirmed → reconciling → delivered | unconfirmed | pending (the CRM does not have it) | held
//! ```
//!
//! Leads of sources (`sources/`) are fetched and mapped first: `fetching → pending | skipped |
//! held`.

mod admin;
mod alerts;
mod backoff;
mod breaker;
mod clock;
mod contract;
mod database;
mod dispatch;
mod identity;
mod intake;
mod metrics;
mod probe;
mod retention;
mod rpc;
mod schema;
mod settings;
mod sources;
mod state;
pub mod store;

pub use admin::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
pub use clock::Reading;
pub use contract::{
    Alert, AttemptEvent, AuditEntry, AuditPage, AuditQuery, AuditRecord, BackfillPage, BulkCommand,
    BulkResult, CapacityLimit, ClaimedEvent, Command, CommandName, Delivery, DeliveryResult,
    Enqueue, EnqueueResult, EventMapping, FetchResponse, FetchedLead, FormPost, Health, HoldReason,
    LastFailure, LeadDetail, LeadEntry, LeadPage, LeadQuery, LeadRevision, LeadState, Mapping,
    Precheck, PrecheckResult, RateLimit, RecordRefusal, RecordRefusalResult, RefusalKind,
    RefusalSummary, SignedPage, SkipReason, SourceEvent, SourceHealth, SourceJob, SourceStep,
};
pub use database::{Outbox, OutboxError};
pub use dispatch::{
    Diagnostics, Job, JobCall, JobKind, JobOutcome, MAX_CUSTOM_FIELD_BYTES, NextStep, ScanPage,
    ScanRecord, compose,
};
pub use probe::{Probe, ProbeReport};
pub use retention::Deletion;
#[cfg(target_arch = "wasm32")]
pub(crate) use rpc::print;
pub use schema::{VERSION as SCHEMA_VERSION, version as schema_version};
pub use settings::{AmbiguousPolicy, Capacity, CrmLimits, OutboxSettings, Retention};
pub use sources::{BackfillForm, SourceSettings};
