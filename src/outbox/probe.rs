//! What a real account can do: one marked lead is made, and looked up in every way there is.

use crate::call::machine::{CallMachine, CallResult, Shared, Step};
use crate::call::transport::{Platform, Response};
use crate::json::quote;
use crate::json::value::Json as _;
use crate::list::page::{record_key, records};
use crate::outbox::Outbox;
use crate::outbox::backoff::backoff;
use crate::outbox::dispatch::custom_field::compose;
use crate::outbox::dispatch::job_call::status;
use crate::outbox::dispatch::rate_limited_call::RateLimitedCall;
use crate::outbox::store::Store;
use crate::request::endpoint;
use crate::request::prepared::{CallInput, PreparedRequest};
use crate::request::settings::Settings;
use crate::text::decimal;
use crate::text::timestamp::timestamp;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;
use serde::Serialize;
use serde_json::{Map, Value};

/// What was found out about an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbeReport {
    /// Whether the key may make leads.
    pub can_create: bool,
    /// Whether it may read them; unknown where none could be made.
    pub can_read: Option<bool>,
    /// The first way of looking that found the lead: `id`, `phone`, `recent`, or `none`.
    pub finds: Option<&'static str>,
    /// How long after the answer that was.
    pub lag_ms: Option<f64>,
    /// Whether lists show the submission id in the lead's field: without it no list proves that a
    /// lead is absent. Unknown where no list showed the lead.
    pub shows_id: Option<bool>,
    /// Whether no lead on the first page of the list is newer than one before it; unknown where they
    /// do not say when they were created.
    pub is_sorted: Option<bool>,
    /// Whether the list has other pages than the first, or ends; `false` if `page` has no effect.
    pub has_pages: Option<bool>,
    /// What to set in the forwarder's configuration.
    pub configuration: Map<String, Value>,
}

/// A probe on its way.
#[derive(Debug)]
pub struct Probe<R: Response> {
    shared: Rc<Shared>,
    settings: Settings,
    /// The id of the lead, and one that no lead has.
    ids: [String; 2],
    phone: String,
    question: ProbeStep,
    call: Option<RateLimitedCall<R>>,
    /// Whether the CRM said that it made the lead.
    known: bool,
    /// The CRM's id of it.
    made: Option<String>,
    /// When the lead was made.
    began: f64,
    /// When each way of looking first found it.
    seen: [Option<f64>; 3],
    /// The keys of the records on the first page.
    first_page: Vec<u64>,
    shows_id: Option<bool>,
    is_sorted: Option<bool>,
    has_pages: Option<bool>,
    rounds: u32,
}

/// What a probe asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProbeStep {
    /// To make the lead.
    Create,
    /// For the lead, in one of the ways of looking.
    Lookup(usize),
    /// Nothing, until the next round of lookups.
    Pause,
    /// For a later page of the list.
    Page,
    /// For the lead, by what it does not have.
    Control,
}

/// The ways of looking.
const WAYS: [&str; 3] = ["id", "phone", "recent"];

impl<R: Response> Probe<R> {
    /// A probe about to begin: it makes one marked lead in the account and finds out what can be
    /// found of it, for as long as an unconfirmed lead would be looked up.
    pub fn new<S: Store>(
        outbox: &Outbox<S>,
        shared: &Rc<Shared>,
        crm: &Settings,
        platform: &impl Platform<Response = R>,
    ) -> Self {
        let random = [platform.wall_clock(), platform.random(), platform.random()];
        let random: String =
            random.iter().map(|number| decimal((number * 1e9) as u64 as u32)).collect();
        let id = |what| ["probe-", &outbox.digest(&[what, random.as_str()].concat())].concat();
        Self {
            shared: Rc::clone(shared),
            settings: outbox.calling(crm),
            ids: [id("made"), id("not made")],
            // One of the numbers that are kept for fiction.
            phone: ["+1202555010", &decimal((platform.random() * 10.0) as u32)].concat(),
            question: ProbeStep::Create,
            call: None,
            known: false,
            made: None,
            began: 0.0,
            seen: [None; 3],
            first_page: Vec::new(),
            shows_id: None,
            is_sorted: None,
            has_pages: None,
            rounds: 0,
        }
    }

    /// The request to be made after [`Step::Send`].
    #[must_use]
    pub fn machine(&self) -> Option<&CallMachine<R>> {
        self.call.as_ref().map(|call| &call.machine)
    }

    /// Goes on with what was asked for last. `None` at the end where the CRM gave no answer to go
    /// by; the lead may be there all the same.
    pub fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Response = R>,
        mut response: Option<R>,
    ) -> Step<Option<ProbeReport>> {
        loop {
            if self.question == ProbeStep::Pause {
                self.question = ProbeStep::Lookup(0);
            }
            let Some(mut call) = self.call.take().or_else(|| self.ask()) else {
                return Step::Done(None);
            };
            let result = match call.step(outbox, platform, response.take(), |_| false) {
                Step::Done(Ok(Some(result))) => result,
                Step::Done(_) => return Step::Done(None),
                ask => {
                    self.call = Some(call);
                    return match ask {
                        Step::Sleep(milliseconds) => Step::Sleep(milliseconds),
                        _ => Step::Send,
                    };
                }
            };
            if self.shows_id == Some(true) {
                // If that fails it is learned again.
                let _ = outbox.record_lists_ids();
            }
            let settle = &outbox.settings().reconcile_delays;
            match self.take(result, platform.now(), settle) {
                ControlFlow::Break(report) => return Step::Done(report),
                ControlFlow::Continue(0.0) => {}
                ControlFlow::Continue(pause) => return Step::Sleep(pause),
            }
        }
    }

    /// The call for the next question.
    fn ask(&self) -> Option<RateLimitedCall<R>> {
        let [id, other] = &self.ids;
        let by = |value: &str| ["{\"q\":", &quote(value), "}"].concat();
        let query = match self.question {
            ProbeStep::Create => None,
            ProbeStep::Lookup(0) => Some(by(id)),
            ProbeStep::Lookup(1) => Some(by(&self.phone)),
            ProbeStep::Control => Some(by(other)),
            ProbeStep::Page => Some(r#"{"limit":50,"page":2}"#.into()),
            ProbeStep::Lookup(_) | ProbeStep::Pause => Some(r#"{"limit":50}"#.into()),
        };
        let lead = [
            r#"{"leadInformation":{"firstName":"Probe","lastName":"icloud-ready forwarder","phone":"#,
            &quote(&self.phone),
            "}}",
        ];
        let field = self.settings.submission_field;
        let body = compose(&lead.concat(), id, "{}", &["probe".into()], field);
        let (operation, body) = match query {
            None => (&endpoint::leads::create, Some(body.as_str())),
            Some(_) => (&endpoint::leads::list, None),
        };
        let input = CallInput { argument: &|_| None, query: query.as_deref(), body };
        let request = PreparedRequest::new(operation, input, &self.settings).ok()?;
        let machine = CallMachine::new(Rc::clone(&self.shared), self.settings.clone(), request);
        Some(RateLimitedCall::new(machine, None))
    }

    /// Takes an answer: how long to wait before the next question, or the end.
    fn take(&mut self, result: CallResult<R>, now: f64, settle: &[f64]) -> AfterResponse {
        let refusal = result.as_ref().err().and_then(|failure| status(failure));
        let holds = result.ok().is_some_and(|answer| match self.question {
            ProbeStep::Create => {
                self.made = answer.and_then(|record| record.member("_id")?.string());
                true
            }
            _ => self.holds(answer),
        });
        match (self.question, refusal) {
            (ProbeStep::Create, Some(400..=499)) => {
                return ControlFlow::Break(Some(self.report(false, None, None, settle)));
            }
            (ProbeStep::Create, _) => {
                // Where the answer was lost, that the lead is found is an answer too.
                self.known = holds;
                self.began = now;
                self.question = ProbeStep::Lookup(0);
            }
            (ProbeStep::Lookup(_), Some(401 | 403 | 404)) if self.known => {
                return ControlFlow::Break(Some(self.report(true, Some(false), None, settle)));
            }
            (ProbeStep::Lookup(way), _) => {
                if let Some(seen) = self.seen.get_mut(way).filter(|_| holds) {
                    seen.get_or_insert(now - self.began);
                }
                return ControlFlow::Continue(self.after(way, now, settle));
            }
            (ProbeStep::Page, _) => self.question = ProbeStep::Control,
            (ProbeStep::Control, _) => {
                // A CRM that ignores what it is asked for finds the lead by anything.
                if holds {
                    let [by_id, by_phone, recent] = &mut self.seen;
                    *recent = recent.or(*by_id);
                    (*by_id, *by_phone) = (None, None);
                }
                if !self.known && self.seen == [None; 3] {
                    return ControlFlow::Break(None);
                }
                let found = WAYS.into_iter().zip(self.seen);
                let found = found.into_iter().find_map(|(way, at)| Some((way, at?)));
                return ControlFlow::Break(Some(self.report(
                    true,
                    Some(true),
                    Some(found),
                    settle,
                )));
            }
            (ProbeStep::Pause, _) => {}
        }
        ControlFlow::Continue(0.0)
    }

    /// Goes on after a lookup; returns how long to wait before.
    fn after(&mut self, way: usize, now: f64, settle: &[f64]) -> f64 {
        self.question = ProbeStep::Lookup(way + 1);
        if way + 1 < WAYS.len() {
            return 0.0;
        }
        let patience: f64 = settle.iter().sum();
        if matches!(self.seen, [Some(_), ..]) || now - self.began >= patience {
            self.question = ProbeStep::Page;
            return 0.0;
        }
        self.question = ProbeStep::Pause;
        self.rounds += 1;
        backoff(self.rounds, 15_000.0, 1.0).min(patience / 4.0).max(1.0)
    }

    /// Whether a list has the lead. What else the list tells is noted.
    fn holds(&mut self, list: Option<R::Value>) -> bool {
        let items = self.settings.items_key.as_deref();
        let leads = list.and_then(|list| records(&list, "leads", items)?.items());
        let leads = leads.unwrap_or_default();
        match self.question {
            ProbeStep::Lookup(2) => {
                self.first_page = leads.iter().map(record_key).collect();
                let at = |lead: &R::Value| timestamp(&lead.member("createdAt")?.string()?);
                let dates: Vec<f64> = leads.iter().filter_map(at).collect();
                let is_dated = dates.len() == leads.len() && dates.len() > 1;
                self.is_sorted = is_dated.then(|| dates.is_sorted_by(|one, next| one >= next));
            }
            ProbeStep::Page => {
                let is_first = |lead: &R::Value| self.first_page.contains(&record_key(lead));
                self.has_pages = Some(leads.is_empty() || !leads.iter().all(is_first));
            }
            _ => {}
        }
        let [id, _] = &self.ids;
        let field = self.settings.submission_field;
        let found = leads.iter().find(|lead| {
            let same = lead.member("_id").and_then(|id| id.string());
            self.made.is_some() && same == self.made || field.has_id(*lead, id) == Some(true)
        });
        if let Some(lead) = found {
            self.shows_id = Some(field.has_id(lead, id) == Some(true));
        }
        found.is_some()
    }

    /// The report, with what to set. `found`: the way of looking, and after how long.
    fn report(
        &self,
        can_create: bool,
        can_read: Option<bool>,
        found: Option<Option<(&'static str, f64)>>,
        settle: &[f64],
    ) -> ProbeReport {
        ProbeReport {
            shows_id: self.shows_id,
            is_sorted: self.is_sorted,
            has_pages: self.has_pages,
            ..report(can_create, can_read, found, settle)
        }
    }
}

/// What an answer to a probe's question leads to: a wait before the next, or the end.
type AfterResponse = ControlFlow<Option<ProbeReport>, f64>;

/// The report, with what to set. `found`: the way of looking, and after how long.
fn report(
    can_create: bool,
    can_read: Option<bool>,
    found: Option<Option<(&'static str, f64)>>,
    settle: &[f64],
) -> ProbeReport {
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
