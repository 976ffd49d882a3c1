//! Sends leads: claims one, sends it or looks it up within the CRM's limits, and records the outcome.

pub(super) mod claim;
pub(super) mod custom_field;
pub(super) mod job;
pub(super) mod job_call;
pub(super) mod list_scan;
pub(super) mod outcome;
pub(super) mod permits;
pub(super) mod rate_limited_call;
pub(super) mod slowdown;

pub use claim::NextStep;
pub use custom_field::{MAX_CUSTOM_FIELD_BYTES, compose};
pub use job::{Job, JobKind};
pub use job_call::{Diagnostics, JobCall, JobOutcome};
pub use list_scan::{ScanPage, ScanRecord};
