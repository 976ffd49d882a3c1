//! The outbox's requests by name, with JSON text as input and output.

use crate::outbox::clock::Reading;
use crate::outbox::contract::{
    Enqueue, LeadQuery, Precheck, RecordRefusal, ReplayQuery, SignedPage,
};
use crate::outbox::store::Store;
use crate::outbox::{Outbox, OutboxError};
use alloc::string::String;
use serde::{Deserialize, Serialize};

impl<S: Store> Outbox<S> {
    /// Handles a request: `precheck`, `enqueue`, `recordRefusal`, `signOrigin`, `verifyOrigin`, `ready`, `health`,
    /// `metrics`, `list`, `inspect`, `replay`, `replayAll`, `release`, `drop` or `erase`, with its
    /// input as JSON text.
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
            "replay" => print(&self.replay(&read::<String>(input)?, now)?),
            "replayAll" => print(&self.replay_all(&read::<ReplayQuery>(input)?, now)?),
            "release" => print(&self.release(&read::<String>(input)?, now)?),
            "drop" => print(&self.drop_lead(&read::<String>(input)?, now)?),
            "erase" => print(&self.erase(&read::<String>(input)?, now)?),
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
