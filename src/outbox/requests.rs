//! The outbox's requests by name, with JSON text in and out: what a host calls.

use super::contract::{Arrival, Knock, Query};
use super::store::Store;
use super::{Error, Outbox};
use alloc::string::String;
use serde::{Deserialize, Serialize};

impl<S: Store> Outbox<S> {
    /// Answers a request: `knock`, `put`, `health`, `metrics`, `list`, `inspect`, `replay`,
    /// `release`, `drop` or `erase`, with what each takes as JSON text.
    ///
    /// # Errors
    ///
    /// Where the store is out of reach, or the request is none.
    pub fn request(&self, name: &str, input: &str, now: f64) -> Result<String, Error> {
        match name {
            "knock" => print(&self.knock(&read::<Knock>(input)?, now)?),
            "put" => print(&self.put(&read::<Arrival>(input)?, now)?),
            "health" => print(&self.health(now)?),
            "metrics" => print(&self.metrics(now)?),
            "list" => print(&self.list(&read::<Query>(input)?)?),
            "inspect" => print(&self.inspect(&read::<String>(input)?)?),
            "replay" => print(&self.replay(&read::<String>(input)?, now)?),
            "release" => print(&self.release(&read::<String>(input)?, now)?),
            "drop" => print(&self.drop_lead(&read::<String>(input)?, now)?),
            "erase" => print(&self.erase(&read::<String>(input)?, now)?),
            _ => Err(Error::Malformed),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::Malformed)
}

/// What is answered, as JSON text.
pub(crate) fn print(answer: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(answer).map_err(|_| Error::Malformed)
}
