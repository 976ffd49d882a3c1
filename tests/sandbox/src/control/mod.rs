//! Controls a sandbox in process; [`http`] does the same over HTTP.

pub(crate) mod http;

use std::sync::Arc;

use serde_json::Value;

use crate::api::credentials::{ORGANIZATION_ID, Token};
use crate::api::faults::{Fault, FaultStatus, Faults};
use crate::api::request_log::LoggedRequest;
use crate::api::switches::Switches;
use crate::data::clock;
use crate::data::defaults::Creation;
use crate::data::record::Record;
use crate::data::resource::Resource;
use crate::data::sample;
use crate::error::Error;
use crate::state::State;
use crate::sync::lock;

/// Inspects a running sandbox and configures its behavior. Cheap to clone; harmless after the
/// sandbox has ended.
#[derive(Clone, Debug)]
pub struct Control {
    state: Arc<State>,
}

impl Control {
    pub(crate) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    pub fn switches(&self) -> Switches {
        Switches::clone(&self.state.switches())
    }

    pub fn set_switches(&self, switches: Switches) {
        self.state.set_switches(switches);
    }

    /// Changes some switches and keeps the others.
    pub fn change_switches(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.switches();
        change(&mut switches);
        self.set_switches(switches);
    }

    /// Changes some switches, given as a JSON object in camelCase.
    pub fn merge_switches(&self, changes: Value) -> Result<Switches, Error> {
        let merged = self.switches().merged(changes)?;
        self.set_switches(merged.clone());
        Ok(merged)
    }

    /// The fault rules and how often each matched and fired.
    pub fn faults(&self) -> Vec<FaultStatus> {
        lock(&self.state.faults).status()
    }

    /// Replaces the fault rules, their counts and their random sequence.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.state.set_faults(Faults::new(faults));
    }

    /// The leads, oldest first, without deleted ones.
    pub fn leads(&self) -> Result<Vec<Value>, Error> {
        let leads = self.records(Resource::Leads, false)?;
        Ok(leads.iter().map(Record::to_value).collect())
    }

    /// The records of a resource, oldest first; `deleted`: including deleted ones.
    pub fn records(&self, resource: Resource, deleted: bool) -> Result<Vec<Record>, Error> {
        Ok(lock(&self.state.store).all(resource, deleted, None)?)
    }

    /// The latest records of a resource, newest first.
    pub fn newest(&self, resource: Resource, count: u32) -> Result<Vec<Record>, Error> {
        Ok(lock(&self.state.store).all(resource, false, Some(count))?)
    }

    /// The number of records, and the number of deleted ones.
    pub fn count(&self, resource: Resource) -> Result<(u64, u64), Error> {
        Ok(lock(&self.state.store).count(resource)?)
    }

    /// Generates records, in one transaction.
    pub fn seed(&self, resource: Resource, count: usize) -> Result<(), Error> {
        let now = clock::now();
        let random = &self.state.random;
        let creation = Creation { resource, organization: ORGANIZATION_ID, now, random };
        let fields = (0..count).map(|_| sample::fields(resource, random));
        lock(&self.state.store)
            .create(resource, now, fields, |fields, number| creation.record(fields, number))?;
        Ok(())
    }

    /// The requests to the API, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        lock(&self.state.log).entries()
    }

    pub fn clear_requests(&self) {
        lock(&self.state.log).clear();
    }

    /// Accepts a further token; it replaces one of the same kind and text.
    pub fn add_token(&self, token: Token) {
        let mut tokens = lock(&self.state.tokens);
        tokens.retain(|known| known.kind != token.kind || known.token != token.token);
        tokens.push(token);
    }

    /// Revokes a token, of either kind.
    pub fn revoke_token(&self, token: &str) {
        lock(&self.state.tokens).retain(|known| known.token != token);
    }

    /// Removes records, faults and log, and restores the initial tokens and switches.
    pub fn reset(&self) -> Result<(), Error> {
        Ok(self.state.reset()?)
    }
}
