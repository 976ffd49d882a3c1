//! Jobs: a claimed lead and what to do with it.

use crate::outbox::contract::parse_marks;
use crate::outbox::dispatch::list_scan::progress::ListScan;
use crate::outbox::dispatch::permits::CallPermit;
use crate::outbox::store::Row;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// A claimed lead and what to do with it.
#[derive(Clone, Debug)]
pub struct Job {
    /// The kind of the job.
    pub kind: JobKind,
    /// The submission id.
    pub id: String,
    /// The number of the claim.
    pub(in crate::outbox) claim: f64,
    /// The number of sends of the lead, including this one.
    pub(in crate::outbox) attempts: u32,
    /// How many requests for this lead have failed in a row.
    pub(in crate::outbox) failures: u32,
    /// How many lookups have not found the lead.
    pub(in crate::outbox) lookups: u32,
    /// How often the CRM refused it before.
    pub(in crate::outbox) refusals: u32,
    /// How many 2xx responses did not confirm it.
    pub(in crate::outbox) unconfirmed: u32,
    /// How many scans have not proven it absent.
    pub(in crate::outbox) scans: u32,
    /// How often sending it failed while the CRM confirmed other leads, and how many were confirmed at the
    /// last failure.
    pub(in crate::outbox) failed_alone: u32,
    pub(in crate::outbox) failed_at: Option<f64>,
    /// For [`JobKind::Scan`]: the scan.
    pub(in crate::outbox) scan: Option<Box<ListScan>>,
    /// Whether it is a trial of the circuit breaker.
    pub(in crate::outbox) is_trial: bool,
    pub(in crate::outbox) permit: CallPermit,
    pub(in crate::outbox) lead: String,
    pub(in crate::outbox) custom: String,
    pub(in crate::outbox) marks: Vec<String>,
    /// The `traceparent` of the page's request.
    pub traceparent: Option<String>,
    /// When it was claimed.
    pub(in crate::outbox) claimed_at: f64,
}

/// The kind of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Sends a lead.
    Send,
    /// Looks a lead up.
    Lookup,
    /// Reads the next page of the CRM's list, for all leads that lookups have not found.
    Scan,
    /// Requests the CRM's date. There is no lead.
    Date,
}

impl JobKind {
    /// Its name, as in logs and metrics.
    pub(in crate::outbox) const fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Lookup => "lookup",
            Self::Scan => "scan",
            Self::Date => "date",
        }
    }
}

impl Job {
    /// A job without a lead of its own.
    pub(in crate::outbox) const fn without_lead(
        kind: JobKind,
        permit: CallPermit,
        now: f64,
    ) -> Self {
        Self {
            kind,
            id: String::new(),
            claim: 0.0,
            attempts: 0,
            failures: 0,
            lookups: 0,
            refusals: 0,
            unconfirmed: 0,
            scans: 0,
            failed_alone: 0,
            failed_at: None,
            scan: None,
            is_trial: false,
            permit,
            lead: String::new(),
            custom: String::new(),
            marks: Vec::new(),
            traceparent: None,
            claimed_at: now,
        }
    }

    /// The job of a claimed lead.
    pub(super) fn read(
        kind: JobKind,
        row: &Row,
        permit: CallPermit,
        is_trial: bool,
        now: f64,
    ) -> Option<Self> {
        let text = |column| row.text(column).unwrap_or_default().into();
        Some(Self {
            kind,
            id: row.text(0)?.into(),
            claim: row.number(1)?,
            failures: row.count(2),
            lookups: row.count(3),
            is_trial,
            permit,
            lead: text(4),
            custom: text(5),
            marks: parse_marks(row.text(6)),
            attempts: row.count(7),
            refusals: row.count(8),
            unconfirmed: row.count(9),
            scans: row.count(10),
            failed_alone: row.count(11),
            failed_at: row.number(12),
            traceparent: row.text(13).map(Into::into),
            claimed_at: now,
            scan: None,
        })
    }
}
