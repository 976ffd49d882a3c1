//! What a real account can do: one marked lead is made, and looked for in every way there is.

use super::custom::compose;
use super::exchange::{Exchange, status};
use super::store::Store;
use super::{Error, backoff};
use crate::call::{Call, Given};
use crate::endpoint::{self, Operation};
use crate::json::quote;
use crate::page::records;
use crate::run::ValueOf;
use crate::text::decimal;
use crate::transport::{Json as _, Transport};
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;
use serde_json::{Map, Value};

/// What was found out about an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether the key may make leads.
    pub can_create: bool,
    /// Whether it may read them; unknown where none could be made.
    pub can_read: Option<bool>,
    /// The first way of looking that found the lead: `id`, `phone`, `recent`, or `none`.
    pub finds: Option<&'static str>,
    /// How long after the answer that was.
    pub lag_ms: Option<f64>,
    /// What to set in the forwarder's configuration.
    pub configuration: Map<String, Value>,
}

/// Where the lead of a probe was found, and when.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    by_id: Option<f64>,
    by_phone: Option<f64>,
    recent: Option<f64>,
}

impl<S: Store, T: Transport> Exchange<'_, S, T> {
    /// Makes one marked lead in the account and finds out what can be found of it, for as long as
    /// an unsure lead would be looked for.
    ///
    /// # Errors
    ///
    /// Where the CRM gives no answer to go by; the lead may be there all the same.
    pub async fn probe(&self) -> Result<Report, Error> {
        self.unless_starved(self.explore()).await.unwrap_or(Err(Error::Unavailable))
    }

    async fn explore(&self) -> Result<Report, Error> {
        let transport = self.transport();
        let settle = &self.outbox().settings().settle;
        let name = |what: &str| {
            let random = transport.random().to_bits().to_le_bytes();
            let random = random.iter().map(|byte| char::from(b'a' + byte % 26)).collect::<String>();
            ["probe-", &self.outbox().digest(&[what, random.as_str()].concat())].concat()
        };
        let (id, other) = (name("made"), name("not made"));
        // One of the numbers that are kept for fiction.
        let phone = ["+1202555010", &decimal((transport.random() * 10.0) as u32)].concat();
        let lead = [
            r#"{"leadInformation":{"firstName":"Probe","lastName":"icloud-ready forwarder","phone":"#,
            &quote(&phone),
            "}}",
        ];
        let field = self.settings().submission_field;
        let body = compose(&lead.concat(), &id, "{}", &["probe".into()], field);
        let made = match self.ask(&endpoint::leads::create, None, Some(&body)).await {
            Ok(made) => made.and_then(|record| record.member("_id")?.string()),
            Err(Some(400..=499)) => return Ok(report(false, None, None, settle)),
            Err(_) => return Err(Error::Unavailable),
        };
        let holds = |list: Option<ValueOf<T>>| {
            let items = self.settings().items_key.as_deref();
            let records = list.and_then(|list| records(&list, "leads", items)?.items());
            records.unwrap_or_default().iter().any(|record| {
                let same = record.member("_id").and_then(|id| id.string());
                made.is_some() && same == made || field.carries(record, &id) == Some(true)
            })
        };
        let query = |value: &str| ["{\"q\":", &quote(value), "}"].concat();
        let (began, mut seen, mut rounds) = (transport.now(), Seen::default(), 0_u32);
        let patience: f64 = settle.iter().sum();
        loop {
            let ways = [
                (query(&id), &mut seen.by_id),
                (query(&phone), &mut seen.by_phone),
                (r#"{"limit":50}"#.into(), &mut seen.recent),
            ];
            for (query, seen) in ways {
                match self.ask(&endpoint::leads::list, Some(&query), None).await {
                    Ok(list) if holds(list.clone()) => {
                        *seen = seen.or(Some(transport.now() - began));
                    }
                    Err(Some(401 | 403 | 404)) => {
                        return Ok(report(true, Some(false), None, settle));
                    }
                    _ => {}
                }
            }
            if seen.by_id.is_some() || transport.now() - began >= patience {
                break;
            }
            let pause = backoff(rounds + 1, 15_000.0, 1.0).min(patience / 4.0);
            rounds += 1;
            if transport.sleep(pause).await.is_err() {
                break;
            }
        }
        // A CRM that ignores what it is asked for finds the lead by anything.
        if let Ok(list) = self.ask(&endpoint::leads::list, Some(&query(&other)), None).await
            && holds(list)
        {
            seen = Seen { recent: seen.recent.or(seen.by_id), ..Seen::default() };
        }
        let found = [("id", seen.by_id), ("phone", seen.by_phone), ("recent", seen.recent)];
        let found = found.into_iter().find_map(|(way, at)| Some((way, at?)));
        Ok(report(true, Some(true), Some(found), settle))
    }

    /// Makes one call; gives the status of what was no success.
    async fn ask(
        &self,
        operation: &'static Operation,
        query: Option<&str>,
        body: Option<&str>,
    ) -> Result<Option<ValueOf<T>>, Option<u16>> {
        let given = Given { argument: &|_| None, query, body };
        let call = Call::prepare(operation, given, self.settings()).map_err(|_| None)?;
        self.run().call(&call).await.map_err(|failure| status(&failure))
    }
}

/// The report, with what to set. `found`: the way of looking, and after how long.
fn report(
    can_create: bool,
    can_read: Option<bool>,
    found: Option<Option<(&'static str, f64)>>,
    settle: &[f64],
) -> Report {
    let mut configuration = Map::new();
    let (way, lag) = found.flatten().map_or((None, None), |(way, lag)| (Some(way), Some(lag)));
    if can_create {
        let ambiguous = if way.is_some() { "reconcile" } else { "hold" };
        configuration.insert("ambiguous".into(), ambiguous.into());
    }
    if let Some(lag) = lag {
        // Twice what was seen this once, and never less than what is set already.
        let waits = settle.iter().enumerate();
        let waits = waits.map(|(index, wait)| wait.max(2.0 * lag * (index as f64 + 1.0)));
        configuration.insert("settle".into(), waits.collect::<Vec<f64>>().into());
    }
    Report {
        can_create,
        can_read,
        finds: found.map(|_| way.unwrap_or("none")),
        lag_ms: lag,
        configuration,
    }
}
