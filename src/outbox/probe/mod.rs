//! Determines the capabilities of a real account: creates one marked lead and looks it up in every
//! way.

mod report;

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
use crate::request::settings::CallSettings;
use crate::sync::Rc;
use crate::text::decimal;
use crate::text::timestamp::timestamp;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;
pub use report::ProbeReport;
use report::report;

/// A probe in progress.
#[derive(Debug)]
pub struct Probe<R: Response> {
    shared: Rc<Shared>,
    settings: CallSettings,
    /// The submission id of the lead, and one that no lead has.
    ids: [String; 2],
    phone: String,
    step: ProbeStep,
    call: Option<RateLimitedCall<R>>,
    /// Whether the CRM confirmed that it created the lead.
    was_created: bool,
    /// The CRM's id of the lead.
    crm_id: Option<String>,
    /// When the lead was created.
    created_at: f64,
    /// The time from the creation until each search first found it.
    found_after: [Option<f64>; 3],
    /// The keys of the records on the first page.
    first_page: Vec<u64>,
    shows_id: Option<bool>,
    is_sorted: Option<bool>,
    has_pages: Option<bool>,
    rounds: u32,
}

/// The request of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProbeStep {
    /// Create the lead.
    Create,
    /// Look the lead up with one of the searches.
    Lookup(usize),
    /// Wait for the next round of lookups.
    Pause,
    /// Read the second page of the list.
    Page,
    /// Search for an id that no lead has.
    Control,
}

/// The searches.
const SEARCHES: [&str; 3] = ["id", "phone", "recent"];

impl<R: Response> Probe<R> {
    /// A probe that has not started. It creates one marked lead in the account, and looks it up for as
    /// long as an unconfirmed lead would be looked up.
    pub fn new<S: Store>(
        outbox: &Outbox<S>,
        shared: &Rc<Shared>,
        crm: &CallSettings,
        platform: &impl Platform<Response = R>,
    ) -> Self {
        let random = [platform.wall_clock(), platform.random(), platform.random()];
        let random: String =
            random.iter().map(|number| decimal((number * 1e9) as u64 as u32)).collect();
        let id = |what| ["probe-", &outbox.digest(&[what, random.as_str()].concat())].concat();
        Self {
            shared: Rc::clone(shared),
            settings: outbox.call_settings(crm),
            ids: [id("made"), id("not made")],
            // A number reserved for fictional use.
            phone: ["+1202555010", &decimal((platform.random() * 10.0) as u32)].concat(),
            step: ProbeStep::Create,
            call: None,
            was_created: false,
            crm_id: None,
            created_at: 0.0,
            found_after: [None; 3],
            first_page: Vec::new(),
            shows_id: None,
            is_sorted: None,
            has_pages: None,
            rounds: 0,
        }
    }

    /// The state machine of the current call, whose request is sent after [`Step::Send`].
    #[must_use]
    pub fn machine(&self) -> Option<&CallMachine<R>> {
        self.call.as_ref().map(|call| &call.machine)
    }

    /// Resumes the probe with the result of the last step. Ends with `None` if the CRM did not
    /// respond as needed; it may have created the lead anyway.
    pub fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Response = R>,
        mut response: Option<R>,
    ) -> Step<Option<ProbeReport>> {
        loop {
            if self.step == ProbeStep::Pause {
                self.step = ProbeStep::Lookup(0);
            }
            let Some(mut call) = self.call.take().or_else(|| self.next_call()) else {
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
                // If that fails, a later response shows it again.
                let _ = outbox.record_lists_ids();
            }
            let delays = &outbox.settings().reconcile_delays;
            match self.on_result(result, platform.now(), delays) {
                ControlFlow::Break(report) => return Step::Done(report),
                ControlFlow::Continue(0.0) => {}
                ControlFlow::Continue(pause) => return Step::Sleep(pause),
            }
        }
    }

    /// The call of the next request.
    fn next_call(&self) -> Option<RateLimitedCall<R>> {
        let [id, other] = &self.ids;
        let by = |value: &str| ["{\"q\":", &quote(value), "}"].concat();
        let query = match self.step {
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
        let input =
            CallInput { argument: &|_| None, query: query.as_deref(), body: body.map(Into::into) };
        let request = PreparedRequest::new(operation, input, &self.settings).ok()?;
        let machine = CallMachine::new(Rc::clone(&self.shared), self.settings.clone(), request);
        Some(RateLimitedCall::new(machine, None))
    }

    /// Handles a result: returns the wait before the next request, or the end.
    fn on_result(&mut self, result: CallResult<R>, now: f64, delays: &[f64]) -> AfterResponse {
        let status_code = result.as_ref().err().and_then(|failure| status(failure));
        let is_found = result.ok().is_some_and(|answer| match self.step {
            ProbeStep::Create => {
                self.crm_id = answer.and_then(|record| record.member("_id")?.string());
                true
            }
            _ => self.find_lead(answer),
        });
        match (self.step, status_code) {
            (ProbeStep::Create, Some(400..=499)) => {
                return ControlFlow::Break(Some(self.report(false, None, None, delays)));
            }
            (ProbeStep::Create, _) => {
                // If the response was lost, finding the lead confirms it.
                self.was_created = is_found;
                self.created_at = now;
                self.step = ProbeStep::Lookup(0);
            }
            (ProbeStep::Lookup(_), Some(401 | 403 | 404)) if self.was_created => {
                return ControlFlow::Break(Some(self.report(true, Some(false), None, delays)));
            }
            (ProbeStep::Lookup(way), _) => {
                if let Some(seen) = self.found_after.get_mut(way).filter(|_| is_found) {
                    seen.get_or_insert(now - self.created_at);
                }
                return ControlFlow::Continue(self.after_lookup(way, now, delays));
            }
            (ProbeStep::Page, _) => self.step = ProbeStep::Control,
            (ProbeStep::Control, _) => {
                // A CRM that ignores the search parameter "finds" the lead by any text.
                if is_found {
                    let [by_id, by_phone, recent] = &mut self.found_after;
                    *recent = recent.or(*by_id);
                    (*by_id, *by_phone) = (None, None);
                }
                if !self.was_created && self.found_after == [None; 3] {
                    return ControlFlow::Break(None);
                }
                let found = SEARCHES.into_iter().zip(self.found_after);
                let found = found.into_iter().find_map(|(way, at)| Some((way, at?)));
                return ControlFlow::Break(Some(self.report(
                    true,
                    Some(true),
                    Some(found),
                    delays,
                )));
            }
            (ProbeStep::Pause, _) => {}
        }
        ControlFlow::Continue(0.0)
    }

    /// Chooses the next request after a lookup; returns the wait before it.
    fn after_lookup(&mut self, way: usize, now: f64, delays: &[f64]) -> f64 {
        self.step = ProbeStep::Lookup(way + 1);
        if way + 1 < SEARCHES.len() {
            return 0.0;
        }
        let max_wait: f64 = delays.iter().sum();
        if matches!(self.found_after, [Some(_), ..]) || now - self.created_at >= max_wait {
            self.step = ProbeStep::Page;
            return 0.0;
        }
        self.step = ProbeStep::Pause;
        self.rounds += 1;
        backoff(self.rounds, 15_000.0, 1.0).min(max_wait / 4.0).max(1.0)
    }

    /// Whether a list contains the lead. Also records the list's order, paging and ids.
    fn find_lead(&mut self, list: Option<R::Value>) -> bool {
        let items = self.settings.items_key.as_deref();
        let leads = list.and_then(|list| records(&list, "leads", items)?.items());
        let leads = leads.unwrap_or_default();
        match self.step {
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
            self.crm_id.is_some() && same == self.crm_id || field.has_id(*lead, id) == Some(true)
        });
        if let Some(lead) = found {
            self.shows_id = Some(field.has_id(lead, id) == Some(true));
        }
        found.is_some()
    }

    /// The report. `found`: the search that found the lead, and after how long.
    fn report(
        &self,
        can_create: bool,
        can_read: Option<bool>,
        found: Option<Option<(&'static str, f64)>>,
        delays: &[f64],
    ) -> ProbeReport {
        ProbeReport {
            shows_id: self.shows_id,
            is_sorted: self.is_sorted,
            has_pages: self.has_pages,
            ..report(can_create, can_read, found, delays)
        }
    }
}

/// The step after a response: a wait before the next request, or the end.
type AfterResponse = ControlFlow<Option<ProbeReport>, f64>;
