//! Leads leaving: one is claimed, sent or looked up within the CRM's limits, and its outcome recorded.

pub(super) mod claim;
pub(super) mod custom_field;
pub(super) mod job_call;
pub(super) mod outcome;
pub(super) mod permits;
pub(super) mod rate_limited_call;
pub(super) mod slowdown;
pub(super) mod walk;

pub use claim::{Job, JobKind, NextStep};
pub use custom_field::{MAX_CUSTOM_FIELD_BYTES, compose};
pub use job_call::{Diagnostics, JobCall, JobOutcome};
pub use walk::{WalkPage, WalkRecord};
