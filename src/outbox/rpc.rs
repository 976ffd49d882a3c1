//! The outbox's requests by name, with JSON text as input and output.

use crate::outbox::clock::Reading;
use crate::outbox::contract::{
    AuditQuery, AuditRecord, BackfillPage, BulkCommand, Command, Delivery, Enqueue, EventMapping,
    FetchedLead, LeadQuery, Precheck, RecordRefusal, SignedPage,
};
use crate::outbox::store::Store;
use crate::outbox::{Outbox, OutboxError};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

impl<S: Store> Outbox<S> {
    /// Handles a request of the contract's `OutboxApi` by its name, with its input as JSON text.
    ///
    /// # Errors
    ///
    /// If the store is unavailable or the request is malformed.
    pub fn request(
        &self,
        name: &str,
        input: &str,
        reading: impl Into<Reading>,
    ) -> Result<String, OutboxError> {
        let now = reading.into();
        match name {
            "precheck" => print(&self.precheck(&read::<Precheck>(input)?, now)?),
            "enqueue" => print(&self.enqueue(&read::<Enqueue>(input)?, now)?),
            "recordRefusal" => print(&self.record_refusal(&read::<RecordRefusal>(input)?, now)?),
            "signOrigin" => print(&self.sign_origin(&read::<String>(input)?, now)),
            "verifyOrigin" => print(&self.verify_origin(&read::<SignedPage>(input)?, now)),
            "ready" => print(&self.ready(now)?),
            "health" => print(&self.health(now)?),
            "metrics" => print(&self.metrics(now)?),
            "list" => print(&self.list(&read::<LeadQuery>(input)?)?),
            "inspect" => print(&self.inspect(&read::<String>(input)?)?),
            "export" => print(&self.export(&read::<LeadQuery>(input)?)?),
            "command" => print(&self.command(&read::<Command>(input)?, now)?),
            "commandAll" => print(&self.command_all(&read::<BulkCommand>(input)?, now)?),
            "recordAudit" => print(&self.record_audit(&read::<AuditRecord>(input)?, now)?),
            "audit" => print(&self.audit(&read::<AuditQuery>(input)?)?),
            "storeEvents" => print(&self.store_events(&read::<Delivery>(input)?, now)?),
            "knowsEvents" => print(&self.knows_events(&read::<Delivery>(input)?, now)?),
            "recordCounts" => {
                let counts = read::<Vec<(String, f64)>>(input)?;
                let added: Vec<_> =
                    counts.iter().map(|(name, value)| (name.as_str(), *value)).collect();
                print(&self.add_counters(&added)?)
            }
            _ => Err(OutboxError::Malformed),
        }
    }

    /// Records the result of a source's job (`fetch`, `map` or `backfill`), passed as JSON text.
    /// `jitter` is in [0, 1).
    ///
    /// # Errors
    ///
    /// If the store is unavailable or the result is malformed.
    pub fn record_source(
        &self,
        step: &str,
        result: &str,
        reading: impl Into<Reading>,
        jitter: f64,
    ) -> Result<(), OutboxError> {
        let now = reading.into();
        match step {
            "fetch" => self.record_fetch(&read::<FetchedLead>(result)?, now, jitter),
            "map" => self.record_mappings(&read::<Vec<EventMapping>>(result)?, now),
            "backfill" => self.record_backfill(&read::<BackfillPage>(result)?, now, jitter),
            _ => Err(OutboxError::Malformed),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, OutboxError> {
    serde_json::from_str(text).map_err(|_| OutboxError::Malformed)
}

/// The result of a request as JSON text.
pub(crate) fn print(result: &impl Serialize) -> Result<String, OutboxError> {
    serde_json::to_string(result).map_err(|_| OutboxError::Malformed)
}
