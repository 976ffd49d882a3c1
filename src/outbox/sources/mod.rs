//! Lead sources: events that ad platforms and form tools push.
//!
//! A request's events are stored in one transaction before it is acknowledged. An event is a lead
//! in the state `fetching`: a thin one is fetched from its platform first, with separate limits and
//! pauses, and each one is then mapped to a lead by the host, where the option `map` runs.
//! [`Outbox::next_source`] claims the next job, the host runs it, and [`Outbox::record_fetch`],
//! [`Outbox::record_mappings`] or [`Outbox::record_backfill`] records its result. All jobs can be
//! repeated, so a claim that a dead process left expires without consequences.

mod accounts;
mod backfill;
mod claim;
mod graph;
mod intake;
mod mapping;
mod outcome;
mod summary;

pub(super) use accounts::FetchBuckets;

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

/// A configured source.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceSettings {
    /// Its name, a part of its URL.
    pub name: String,
    /// Its kind: the prefix of its submission ids.
    pub kind: String,
    /// The forms whose leads are read in addition to the platform's deliveries.
    pub backfill: Vec<BackfillForm>,
    /// The interval between readings, in milliseconds.
    pub backfill_interval: f64,
}

/// A form whose leads are read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BackfillForm {
    /// Its id.
    pub form: String,
    /// The account whose token reads it; empty if all have the same.
    pub account: String,
}

/// The lease of a fetch or a mapping: longer than the host's timeout.
const LEASE: f64 = 60_000.0;

const HOUR: f64 = 3_600_000.0;
