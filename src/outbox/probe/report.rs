//! The report of a probe.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;
use serde_json::{Map, Value};

/// The result of a probe.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbeReport {
    /// Whether the credential may create leads.
    pub can_create: bool,
    /// Whether it may read leads; unknown if none could be created.
    pub can_read: Option<bool>,
    /// The first search that found the lead: `id`, `phone`, `recent`, or `none`.
    pub finds: Option<&'static str>,
    /// The time from the creation until then.
    pub lag_ms: Option<f64>,
    /// Whether lists show the submission id in the lead's field; without it no list proves that a lead is
    /// absent. Unknown if no list contained the lead.
    pub shows_id: Option<bool>,
    /// Whether the first page of the list is in descending order of creation; unknown if the records have
    /// no dates.
    pub is_sorted: Option<bool>,
    /// Whether the list has further pages or ends; `false` if `page` has no effect.
    pub has_pages: Option<bool>,
    /// The recommended settings of the forwarder.
    pub configuration: Map<String, Value>,
}

/// The report. `found`: the search that found the lead, and after how long.
pub(super) fn report(
    can_create: bool,
    can_read: Option<bool>,
    found: Option<Option<(&'static str, f64)>>,
    delays: &[f64],
) -> ProbeReport {
    let mut configuration = Map::new();
    let (way, lag) = found.flatten().map_or((None, None), |(way, lag)| (Some(way), Some(lag)));
    if can_create {
        let ambiguous = if way.is_some() { "reconcile" } else { "hold" };
        configuration.insert("ambiguous".into(), ambiguous.into());
    }
    if let Some(lag) = lag {
        // Twice the measured delay, and not less than the current setting.
        let waits = delays.iter().enumerate();
        let waits = waits.map(|(index, wait)| wait.max(2.0 * lag * (index as f64 + 1.0)));
        configuration.insert("reconcileDelays".into(), waits.collect::<Vec<f64>>().into());
    }
    ProbeReport {
        can_create,
        can_read,
        finds: found.map(|_| way.unwrap_or("none")),
        lag_ms: lag,
        shows_id: None,
        is_sorted: None,
        has_pages: None,
        configuration,
    }
}
