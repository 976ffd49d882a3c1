//! A lead exactly once: after every ambiguous answer the CRM is asked whether it has the lead, and
//! only when it does not is the lead sent again.

use super::{Ending, FailureOf, Run, Sends, Step};
use crate::call::failure::{Code, Failure};
use crate::call::transport::{Answer, Outcome, Platform, Reason};
use crate::json::value::Json;
use crate::list::page::{Seen, hash, key, total};
use crate::request::absence::Walk;
use crate::request::endpoint::{self, Method, Operation, Output};
use crate::request::path::{encode, fill};
use crate::request::prepared::{Call, Submission};
use crate::request::settings::Reconcile;
use crate::request::submission::is_submission_id;
use crate::text::decimal;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// How many records that lack the field are retrieved one by one in a look.
const MAX_RETRIEVED: usize = 50;

/// How many pages a walk has at most.
const MAX_PAGES: u32 = 10;

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

/// What a request of a look asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// The lead, by its submission id.
    Id,
    /// The lead, by its telephone number.
    Phone,
    /// The next page of the most recent leads.
    Page,
    /// Another lead that is known to be there, by its submission id: whether ids are found.
    Known,
}

/// The CRM being asked for a lead.
#[derive(Debug)]
pub(super) struct Look<A: Answer> {
    /// The request that is under way.
    pub(super) sends: Sends<A>,
    /// The `Date` of the last answer, NaN where it has none.
    pub(super) date: f64,
    question: Question,
    /// The leads of the answer.
    leads: Vec<A::Value>,
    /// How many of them were compared.
    compared: usize,
    /// How many leads were retrieved.
    retrieved: usize,
    /// Whether the lead was searched for by its telephone number.
    asked_phone: bool,
    /// Whether the search by id found nothing.
    is_unlisted: bool,
    /// Whether it is proven that the lead is not there.
    is_proven: bool,
    /// The id of a lead that is known to be there.
    known: String,
    walk: Walk,
    seen: Seen,
    /// How many leads it met that were confirmed before the first send.
    older: u32,
    /// The number of all records as the page that is compared says it.
    total: Option<f64>,
    /// Whether the page that is compared is the first one again.
    is_again: bool,
    /// Whether an earlier walk of several pages has proven it.
    agrees: bool,
}

impl<A: Answer> Run<A> {
    /// Waits and looks, and waits and looks again: what one look could not tell, a later one may
    /// find. But a look that fails never leads to a second send: the failure given is the send's,
    /// with the look's behind it.
    pub(super) fn settle(&mut self, platform: &impl Platform<Answer = A>) -> Step<A> {
        let Some(mut lost) = self.lost.take() else {
            return self.enter(platform);
        };
        let waits = &self.settings.reconcile_delays;
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
        let look = Look {
            sends: Sends::new(get(&endpoint::leads::list, None)),
            date: f64::NAN,
            question: Question::Id,
            leads: Vec::new(),
            compared: 0,
            retrieved: 0,
            asked_phone: false,
            is_unlisted: false,
            is_proven: false,
            known: self.shared.known.borrow().clone(),
            walk: Walk::default(),
            seen: Seen::default(),
            older: 0,
            total: None,
            is_again: false,
            agrees: false,
        };
        self.ask(platform, Box::new(look))
    }

    /// Asks a look's question.
    fn ask(&mut self, platform: &impl Platform<Answer = A>, mut look: Box<Look<A>>) -> Step<A> {
        let Some(Submission { id, phone }) = &self.sends.call.submission else {
            return self.enter(platform);
        };
        let (name, value) = match look.question {
            Question::Id => ("?q=", id.as_str()),
            Question::Phone => ("?q=", phone.as_str()),
            Question::Known => ("?q=", look.known.as_str()),
            Question::Page => ("?limit=", "50"),
        };
        let mut call = get(&endpoint::leads::list, None);
        call.target.push_str(name);
        encode(value, &mut call.target);
        if look.question == Question::Page {
            let first = self.settings.first_page.or(self.shared.first_page.get());
            if let Some(page) = look.walk.next_page(first == Some(1)) {
                call.target.push_str("&page=");
                call.target.push_str(&decimal(page));
            }
        }
        look.sends = Sends::new(call);
        self.look = Some(look);
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
        if matches!(look.sends.call.output, Output::Page(_)) {
            let body = retrieved.take();
            look.total = body.as_ref().and_then(total);
            let leads = body.and_then(|body| self.records(&look.sends.call, &body));
            let leads = leads.and_then(|leads| leads.items()).unwrap_or_default();
            if look.question == Question::Id {
                // A CRM that never searched this field would always answer with nothing, and one
                // that ignores `q` with something.
                look.is_unlisted = leads.is_empty();
                look.is_proven = look.is_unlisted && self.shared.finds_by_id.get();
            }
            // Page 1 may be the page that came without a number, with leads that are new since.
            look.is_again =
                look.walk.pages == 1 && leads.iter().any(|lead| look.seen.page(key(lead)) > 0);
            look.leads = leads;
            look.compared = 0;
        }
        let field = self.settings.submission_field;
        loop {
            let is_whole = retrieved.is_some();
            let Some(lead) = retrieved.take().or_else(|| look.leads.get(look.compared).cloned())
            else {
                return self.go_on(platform, look);
            };
            look.compared += usize::from(!is_whole);
            let held = field.id_in(&lead);
            let own = self.sends.call.submission.as_ref().map(|submission| &submission.id);
            let is_page = look.question == Question::Page;
            if held.as_ref() == own {
                let finds = &self.shared.finds_by_id;
                finds.set(finds.get() || look.question == Question::Id);
                return self.verdict(platform, Ok(Some(lead)));
            }
            if let Some(id) = held.as_ref().filter(|id| is_submission_id(id)) {
                self.shared.lists_ids.set(self.shared.lists_ids.get() || !is_whole);
                if look.question == Question::Known && *id == look.known {
                    self.shared.finds_by_id.set(true);
                    look.is_proven = look.is_unlisted;
                }
                // The oldest of the page: a search that lags finds it first.
                if is_page {
                    look.known.clone_from(id);
                }
            }
            if is_page {
                if look.seen.insert(key(&lead), 1) == 0 && !look.is_again {
                    let created_at = lead.member("createdAt").and_then(|at| at.string());
                    let created_at = created_at.map_or(f64::NAN, |at| platform.timestamp(&at));
                    look.walk.meet(created_at, held.is_some());
                    let hash = held.as_ref().map_or(1, |id| hash(id));
                    if self.confirmed_before.contains(&hash) {
                        look.older += 1;
                    }
                }
            } else if held.is_none() && !is_whole {
                // Lists may be projections: one that lacks the field is retrieved and compared.
                look.retrieved += 1;
                let id = lead.member("_id").and_then(|id| id.string());
                if id.is_none() || look.retrieved > MAX_RETRIEVED {
                    return self.verdict(platform, Err(inconclusive()));
                }
                look.sends = Sends::new(get(&endpoint::leads::retrieve, id));
                self.look = Some(look);
                return self.enter(platform);
            }
        }
    }

    /// Asks the next question of a look; after the last one, says what they were worth.
    fn go_on(&mut self, platform: &impl Platform<Answer = A>, mut look: Box<Look<A>>) -> Step<A> {
        let is_full = self.settings.reconcile != Reconcile::Id;
        #[cfg(feature = "forwarder")]
        let is_short = self.settings.reconcile == Reconcile::FirstPage;
        #[cfg(not(feature = "forwarder"))]
        let is_short = false;
        // What was sent just now may be in a list and not found yet. What an earlier run sent is: for
        // that a search by id known to find ids is proof, and learned about first.
        let is_rerun = self.lost.is_none() && !is_short;
        let mut is_enough = look.is_proven && (!is_full || is_rerun);
        let mut next = Question::Page;
        match look.question {
            Question::Id if is_full && !is_rerun => {}
            Question::Id => next = Question::Known,
            Question::Phone => look.asked_phone = true,
            Question::Known => is_enough = look.is_proven,
            Question::Page => {
                look.walk.end_page(look.leads.len() as u32, look.total);
                let is_single = look.walk.pages == 1 && !look.agrees;
                let sent = look.date - (platform.now() - self.first_sent);
                if self.shared.lists_ids.get() && look.walk.proves_absence(look.older > 1, sent) {
                    look.is_proven |= look.agrees || look.walk.pages == 1;
                    // Deletions pull records to a page that came already: a second walk must agree.
                    look.agrees = true;
                    look.walk = Walk::default();
                    look.seen = Seen::default();
                    look.older = 0;
                } else if is_single {
                    next = Question::Known;
                }
                is_enough = look.is_proven;
            }
        }
        if next == Question::Known
            && (!look.is_unlisted || self.shared.finds_by_id.get() || look.known.is_empty())
        {
            next = Question::Page;
        }
        if next == Question::Page
            && is_full
            && !look.asked_phone
            && (!is_rerun || look.agrees || look.walk.pages > 0)
        {
            next = Question::Phone;
        }
        let pages = if is_short { 1 } else { MAX_PAGES };
        let is_last =
            next == Question::Page && !(is_full && !look.walk.has_ended && look.walk.pages < pages);
        if is_enough || is_last {
            let verdict = if look.is_proven { Ok(None) } else { Err(inconclusive()) };
            return self.verdict(platform, verdict);
        }
        look.question = next;
        self.ask(platform, look)
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
        // Whether the CRM forbids lookups: that says nothing about the key, which may still be allowed
        // to create.
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
        creates_lead: false,
        warnings: Vec::new(),
        submission: None,
    }
}
