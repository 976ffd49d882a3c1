//! What a real account can do: one marked lead is made, and looked for in every way there is.

use super::custom::compose;
use super::exchange::status;
use super::metered::{Ask, Metered};
use super::store::Store;
use super::{Outbox, backoff};
use crate::call::{Call, Given};
use crate::config::Settings;
use crate::endpoint;
use crate::json::quote;
use crate::page::records;
use crate::run::{Ending, Run, Shared};
use crate::text::decimal;
use crate::transport::{Answer, Platform};
use crate::value::Json as _;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;
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

/// A probe on its way.
#[derive(Debug)]
pub struct Probe<A: Answer> {
    shared: Rc<Shared>,
    settings: Settings,
    /// The id of the lead, and one that no lead has.
    ids: [String; 2],
    phone: String,
    question: Question,
    call: Option<Metered<A>>,
    /// Whether the CRM said that it made the lead.
    known: bool,
    /// The CRM's id of it.
    made: Option<String>,
    /// When the lead was made.
    began: f64,
    /// When each way of looking first found it.
    seen: [Option<f64>; 3],
    rounds: u32,
}

/// What a probe asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// To make the lead.
    Create,
    /// For the lead, in one of the ways of looking.
    Look(usize),
    /// Nothing, until the next round of looks.
    Pause,
    /// For the lead, by what it does not have.
    Control,
}

/// The ways of looking.
const WAYS: [&str; 3] = ["id", "phone", "recent"];

impl<A: Answer> Probe<A> {
    /// A probe about to begin: it makes one marked lead in the account and finds out what can be
    /// found of it, for as long as an unsure lead would be looked for.
    pub fn new<S: Store>(
        outbox: &Outbox<S>,
        shared: &Rc<Shared>,
        crm: &Settings,
        platform: &impl Platform<Answer = A>,
    ) -> Self {
        let random = [platform.now(), platform.random(), platform.random()];
        let random: String =
            random.iter().map(|number| decimal((number * 1e9) as u64 as u32)).collect();
        let id = |what| ["probe-", &outbox.digest(&[what, random.as_str()].concat())].concat();
        Self {
            shared: Rc::clone(shared),
            settings: outbox.calling(crm),
            ids: [id("made"), id("not made")],
            // One of the numbers that are kept for fiction.
            phone: ["+1202555010", &decimal((platform.random() * 10.0) as u32)].concat(),
            question: Question::Create,
            call: None,
            known: false,
            made: None,
            began: 0.0,
            seen: [None; 3],
            rounds: 0,
        }
    }

    /// The request to be made after [`Ask::Send`].
    #[must_use]
    pub fn run(&self) -> Option<&Run<A>> {
        self.call.as_ref().map(|call| &call.run)
    }

    /// Goes on with what was asked for last. `None` at the end where the CRM gave no answer to go
    /// by; the lead may be there all the same.
    pub fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Answer = A>,
        mut given: Option<A>,
    ) -> Ask<Option<Report>> {
        loop {
            if self.question == Question::Pause {
                self.question = Question::Look(0);
            }
            let Some(mut call) = self.call.take().or_else(|| self.ask()) else {
                return Ask::Done(None);
            };
            let ending = match call.step(outbox, platform, given.take(), |_| false) {
                Ask::Done(Ok(Some(ending))) => ending,
                Ask::Done(_) => return Ask::Done(None),
                ask => {
                    self.call = Some(call);
                    return match ask {
                        Ask::Sleep(milliseconds) => Ask::Sleep(milliseconds),
                        _ => Ask::Send,
                    };
                }
            };
            let settle = &outbox.settings().settle;
            match self.take(ending, platform.now(), settle) {
                ControlFlow::Break(report) => return Ask::Done(report),
                ControlFlow::Continue(0.0) => {}
                ControlFlow::Continue(pause) => return Ask::Sleep(pause),
            }
        }
    }

    /// The call for the next question.
    fn ask(&self) -> Option<Metered<A>> {
        let [id, other] = &self.ids;
        let by = |value: &str| ["{\"q\":", &quote(value), "}"].concat();
        let query = match self.question {
            Question::Create => None,
            Question::Look(0) => Some(by(id)),
            Question::Look(1) => Some(by(&self.phone)),
            Question::Control => Some(by(other)),
            Question::Look(_) | Question::Pause => Some(r#"{"limit":50}"#.into()),
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
        let given = Given { argument: &|_| None, query: query.as_deref(), body };
        let call = Call::prepare(operation, given, &self.settings).ok()?;
        let run = Run::new(Rc::clone(&self.shared), self.settings.clone(), call);
        Some(Metered::new(run, None))
    }

    /// Takes an answer: how long to wait before the next question, or the end.
    fn take(&mut self, ending: Ending<A>, now: f64, settle: &[f64]) -> Taken {
        let refusal = ending.as_ref().err().and_then(|failure| status(failure));
        let holds = ending.ok().is_some_and(|answer| match self.question {
            Question::Create => {
                self.made = answer.and_then(|record| record.member("_id")?.string());
                true
            }
            _ => self.holds(answer),
        });
        match (self.question, refusal) {
            (Question::Create, Some(400..=499)) => {
                return ControlFlow::Break(Some(report(false, None, None, settle)));
            }
            (Question::Create, _) => {
                // Where the answer was lost, that the lead is found is an answer too.
                self.known = holds;
                self.began = now;
                self.question = Question::Look(0);
            }
            (Question::Look(_), Some(401 | 403 | 404)) if self.known => {
                return ControlFlow::Break(Some(report(true, Some(false), None, settle)));
            }
            (Question::Look(way), _) => {
                if let Some(seen) = self.seen.get_mut(way).filter(|_| holds) {
                    seen.get_or_insert(now - self.began);
                }
                return ControlFlow::Continue(self.after(way, now, settle));
            }
            (Question::Control, _) => {
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
                return ControlFlow::Break(Some(report(true, Some(true), Some(found), settle)));
            }
            (Question::Pause, _) => {}
        }
        ControlFlow::Continue(0.0)
    }

    /// Goes on after a look; gives how long to wait before.
    fn after(&mut self, way: usize, now: f64, settle: &[f64]) -> f64 {
        self.question = Question::Look(way + 1);
        if way + 1 < WAYS.len() {
            return 0.0;
        }
        let patience: f64 = settle.iter().sum();
        if matches!(self.seen, [Some(_), ..]) || now - self.began >= patience {
            self.question = Question::Control;
            return 0.0;
        }
        self.question = Question::Pause;
        self.rounds += 1;
        backoff(self.rounds, 15_000.0, 1.0).min(patience / 4.0).max(1.0)
    }

    /// Whether a list has the lead.
    fn holds(&self, list: Option<A::Value>) -> bool {
        let key = self.settings.items_key.as_deref();
        let leads = list.and_then(|list| records(&list, "leads", key)?.items());
        let [id, _] = &self.ids;
        leads.unwrap_or_default().iter().any(|lead| {
            let same = lead.member("_id").and_then(|id| id.string());
            self.made.is_some() && same == self.made
                || self.settings.submission_field.carries(lead, id) == Some(true)
        })
    }
}

/// What an answer to a probe's question leads to: a wait before the next, or the end.
type Taken = ControlFlow<Option<Report>, f64>;

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
