//! The rules that assign faults to requests.

use serde::{Deserialize, Serialize};

use super::actions::Action;
use super::glob::glob;
use crate::data::random::Random;
use crate::error::Error;

/// A rule: a fault and the requests that it affects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// `None`: any, but not a browser's preflight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A path below `/api/v2`, a route in the vendor's notation (`/leads/:id`), or either with `*`
    /// for any text. `None`: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A text that the query contains, as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// How many matching requests pass first.
    #[serde(default)]
    pub skip: u64,
    /// The maximum number of requests that it affects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    pub action: Action,
}

impl Fault {
    /// A fault for every request.
    pub fn new(action: Action) -> Self {
        Self {
            method: None,
            path: None,
            query: None,
            skip: 0,
            times: None,
            probability: None,
            action,
        }
    }

    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    pub fn path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    pub fn query(self, query: impl Into<String>) -> Self {
        Self { query: Some(query.into()), ..self }
    }

    pub fn skip(self, skip: u64) -> Self {
        Self { skip, ..self }
    }

    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    pub fn probability(self, probability: f64) -> Self {
        Self { probability: Some(probability), ..self }
    }

    /// Rejects an invalid rule.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.action.check()?;
        if self.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return Err(Error::Invalid("a probability is 0 to 1".to_owned()));
        }
        Ok(())
    }

    fn matches(&self, request: &Matched<'_>) -> bool {
        let method = match &self.method {
            Some(method) => method.eq_ignore_ascii_case(request.method),
            None => request.method != "OPTIONS",
        };
        let path = self.path.as_deref().is_none_or(|pattern| {
            glob(pattern, request.path) || request.route.is_some_and(|route| glob(pattern, route))
        });
        let query = self.query.as_deref().is_none_or(|text| request.query.contains(text));
        method && path && query
    }
}

/// A rule and its counts.
#[derive(Clone, Debug, Serialize)]
pub struct FaultStatus {
    #[serde(flatten)]
    pub fault: Fault,
    /// The number of requests that matched it.
    pub matched: u64,
    /// The number of requests that it affected.
    pub fired: u64,
}

/// The part of a request that rules match.
pub(crate) struct Matched<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) route: Option<&'a str>,
    pub(crate) query: &'a str,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<FaultStatus>,
}

impl Faults {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        let status = |fault| FaultStatus { fault, matched: 0, fired: 0 };
        Self { rules: faults.into_iter().map(status).collect() }
    }

    pub(crate) fn status(&self) -> Vec<FaultStatus> {
        self.rules.clone()
    }

    /// The first rule that fires applies; later rules do not count the request.
    pub(crate) fn choose(&mut self, request: &Matched<'_>, random: &Random) -> Option<Action> {
        for rule in &mut self.rules {
            let spent = rule.fault.times.is_some_and(|times| rule.fired >= times);
            if spent || !rule.fault.matches(request) {
                continue;
            }
            rule.matched += 1;
            if rule.matched <= rule.fault.skip
                || rule.fault.probability.is_some_and(|chance| !random.happens(chance))
            {
                continue;
            }
            rule.fired += 1;
            return Some(rule.fault.action.clone());
        }
        None
    }
}
