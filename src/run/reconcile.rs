//! A lead exactly once: after every ambiguous answer the CRM is asked whether it has the lead, and
//! only when it does not is the lead sent again.

use super::{Ending, FailureOf, Run, Sends, Step};
use crate::call::{Call, Submission};
use crate::config::Reconcile;
use crate::endpoint::{self, Method, Operation, Output};
use crate::failure::{Code, Failure};
use crate::path::{encode, fill};
use crate::transport::{Answer, Outcome, Platform, Reason};
use crate::value::Json;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// How many records that lack the field are retrieved one by one in a look.
const MOST_RETRIEVED: usize = 50;

/// The questions of a look: by id, by phone, and for the most recent leads.
const QUESTIONS: usize = 3;

/// A lead that may or may not have arrived.
#[derive(Debug)]
pub(super) struct Lost<A> {
    /// What came of its send; with the failure of the last look behind it, if one failed.
    pub(super) failure: FailureOf<A>,
    /// Whether sending it again may help.
    pub(super) retry: bool,
    /// How often the CRM was asked for it.
    pub(super) looks: usize,
}

/// The CRM being asked for a lead.
#[derive(Debug)]
pub(super) struct Look<A: Answer> {
    /// The request that is under way.
    pub(super) sends: Sends<A>,
    /// Which question it belongs to.
    question: usize,
    /// The leads of the question's answer that were not compared yet.
    leads: vec::IntoIter<A::Value>,
    /// How many leads were retrieved.
    retrieved: usize,
    /// Whether an answer proves that the lead is not there.
    proven: bool,
}

impl<A: Answer> Run<A> {
    /// Waits and looks, and waits and looks again: what one look could not tell, a later one may
    /// find. But a look that fails never leads to a second send: the failure given is the send's,
    /// with the look's behind it.
    pub(super) fn settle(&mut self, platform: &impl Platform<Answer = A>) -> Step<A> {
        let Some(mut lost) = self.lost.take() else {
            return self.enter(platform);
        };
        let waits = &self.settings.reconcile_waits;
        let waits = if waits.is_empty() { &[0.0][..] } else { waits };
        match waits.get(lost.looks).copied() {
            Some(wait) if self.wait(platform, wait, Reason::Reconcile) => {
                lost.looks += 1;
                self.lost = Some(lost);
                Step::Sleep(wait)
            }
            None if lost.failure.cause.is_none() && lost.retry => {
                self.send_again(platform, lost.failure)
            }
            _ => Step::Done(Err(lost.failure)),
        }
    }

    /// Asks the CRM for the lead.
    pub(super) fn look(&mut self, platform: &impl Platform<Answer = A>) -> Step<A> {
        self.ask(platform, 0, 0, false)
    }

    /// Asks a question of a look; after the last one, says what they were worth.
    fn ask(
        &mut self,
        platform: &impl Platform<Answer = A>,
        mut question: usize,
        retrieved: usize,
        proven: bool,
    ) -> Step<A> {
        let Some(Submission { id, phone }) = &self.sends.call.submission else {
            return self.enter(platform);
        };
        if question == 1 && phone.is_empty() {
            question = 2;
        }
        let last = if self.settings.reconcile == Reconcile::Id { 1 } else { QUESTIONS };
        if question >= last {
            let verdict = if proven { Ok(None) } else { Err(inconclusive()) };
            return self.verdict(platform, verdict);
        }
        let (name, value) = [("?q=", id.as_str()), ("?q=", phone)]
            .get(question)
            .copied()
            .unwrap_or(("?limit=", "50"));
        let mut call = get(&endpoint::leads::list, None);
        call.target.push_str(name);
        encode(value, &mut call.target);
        let (sends, leads) = (Sends::new(call), Vec::new().into_iter());
        self.look = Some(Box::new(Look { sends, question, leads, retrieved, proven }));
        self.enter(platform)
    }

    /// Takes what came of a look's request.
    pub(super) fn looked(
        &mut self,
        platform: &impl Platform<Answer = A>,
        mut look: Box<Look<A>>,
        ending: Ending<A>,
    ) -> Step<A> {
        let mut retrieved = match ending {
            Ok(body) => body,
            Err(failure) => return self.verdict(platform, Err(failure)),
        };
        let question = look.question;
        if matches!(look.sends.call.output, Output::Page(_)) {
            let leads = retrieved.take().and_then(|body| self.records(&look.sends.call, &body));
            let leads = leads.and_then(|leads| leads.items()).unwrap_or_default();
            // A CRM that never searched this field would always answer with nothing, and one that
            // ignores `q` with something.
            look.proven |= leads.is_empty()
                && (question == 2 || question == 0 && self.shared.finds_by_id.get());
            look.leads = leads.into_iter();
        }
        let field = self.settings.submission_field;
        let id = self.sends.call.submission.as_ref().map_or("", |submission| &submission.id);
        loop {
            let is_whole = retrieved.is_some();
            let Some(lead) = retrieved.take().or_else(|| look.leads.next()) else {
                break;
            };
            let carries = field.carries(&lead, id);
            if carries == Some(true) {
                let finds = &self.shared.finds_by_id;
                finds.set(finds.get() || question == 0);
                return self.verdict(platform, Ok(Some(lead)));
            }
            look.proven |= question == 2 && carries.is_some();
            // Lists may be projections: one that lacks the field is retrieved and compared.
            if carries.is_none() && question < 2 && !is_whole {
                look.retrieved += 1;
                let id = lead.member("_id").and_then(|id| id.string());
                if id.is_none() || look.retrieved > MOST_RETRIEVED {
                    return self.verdict(platform, Err(inconclusive()));
                }
                look.sends = Sends::new(get(&endpoint::leads::retrieve, id));
                self.look = Some(look);
                return self.enter(platform);
            }
        }
        self.ask(platform, question + 1, look.retrieved, look.proven)
    }

    /// Acts on what a look found. `None` is a "no" that can be trusted; whatever casts doubt on it
    /// is a failure.
    fn verdict(&mut self, platform: &impl Platform<Answer = A>, verdict: Ending<A>) -> Step<A> {
        let mut look = match verdict {
            Ok(None) => return self.settle(platform),
            Ok(found) => return Step::Done(Ok(found)),
            Err(look) => look,
        };
        let outcome = look.answer.as_ref().map(Answer::outcome);
        // Whether the CRM lets nobody look: that is no verdict on the key, which may be good for
        // creating all the same.
        let is_refused = matches!(outcome, Some(Outcome::Status(401 | 403 | 404)));
        match &mut self.lost {
            // That the caller gave up or the call's time is up is the outcome, not its cause.
            Some(lost) if !matches!(look.code, Code::Abort | Code::TotalTimeout) => {
                lost.failure.cause = Some(look);
                if is_refused {
                    lost.looks = usize::MAX;
                }
                self.settle(platform)
            }
            None if is_refused => {
                let mut failure = inconclusive();
                failure.cause = Some(look);
                Step::Done(Err(failure))
            }
            _ => {
                look = self.sends.tell(look);
                Step::Done(Err(look))
            }
        }
    }
}

fn inconclusive<A>() -> FailureOf<A> {
    Failure::new(Code::Inconclusive, None)
}

fn get(operation: &Operation, id: Option<String>) -> Call {
    Call {
        method: Method::Get,
        route: operation.path.into(),
        target: fill(operation.path, &|_| id.clone(), "", &mut Vec::new()),
        body: None,
        output: operation.output,
        submission: None,
    }
}
