//! Creates under way, by submission id: two with one id, of a client and its siblings, make one lead
//! between them.
//!
//! The second waits for the outcome of the first. Like the limiter's waiters they share this state
//! and never each other's wake-ups, since an edge worker may not resume one request from another's
//! events: a waiter sleeps and polls.

use super::{Asked, Run, Step};
use crate::call::failure::{Code, Failure};
use crate::call::transport::{Answer, Platform};
use crate::json::value::Json;
use crate::request::settings::bound;
use crate::request::validate::{self, Issue};
use alloc::rc::{Rc, Weak};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, OnceCell, RefCell};

/// How long a waiter sleeps before it polls again, in milliseconds.
const POLL: f64 = 50.0;

/// A create that is late by so much counts as dropped: an edge worker drops what it runs for a
/// visitor who left, and its calls never hear of it.
const GRACE: f64 = 10_000.0;

/// A create whose exchange has no bound counts as dropped after so long.
const MAX_EXCHANGE: f64 = 3_600_000.0;

/// The creates under way of a client and its siblings. They hold what is theirs: it goes with them.
#[derive(Debug, Default)]
pub struct Creates(RefCell<Vec<Weak<Lead>>>);

/// A lead that is created, for one create or several.
#[derive(Debug)]
struct Lead {
    id: String,
    body: Option<String>,
    /// The create that sends it, by its number; 0: none does.
    sender: Cell<u32>,
    /// How many creates set about sending it.
    senders: Cell<u32>,
    /// When the sender will have gone on.
    due: Cell<f64>,
    /// Whether the CRM may have it, for all that is known.
    is_ambiguous: Cell<bool>,
    /// It as JSON text, once the CRM has it: each waiter gets a record of its own.
    created: OnceCell<String>,
}

/// A create's part in a lead.
#[derive(Debug)]
pub(super) struct Participant {
    lead: Rc<Lead>,
    /// The create's number once it sends; 0 while it waits.
    number: u32,
}

impl Creates {
    /// The lead with this id that is just now created, else a new one.
    fn join(&self, id: &str, body: &Option<String>, now: f64) -> Rc<Lead> {
        let mut leads = self.0.borrow_mut();
        let mut index = 0;
        while let Some(lead) = leads.get(index) {
            let Some(lead) = lead.upgrade() else {
                leads.swap_remove(index);
                continue;
            };
            if lead.id == id && lead.due.get() + GRACE > now {
                return lead;
            }
            index += 1;
        }
        let lead = Rc::new(Lead {
            id: id.into(),
            body: body.clone(),
            sender: Cell::default(),
            senders: Cell::default(),
            due: Cell::new(now),
            is_ambiguous: Cell::default(),
            created: OnceCell::new(),
        });
        leads.push(Rc::downgrade(&lead));
        lead
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        if self.lead.sender.get() == self.number {
            self.lead.sender.set(0);
        }
    }
}

impl<A: Answer> Run<A> {
    /// Begins a call: at once, unless another create with its submission id is under way.
    pub(super) fn begin(&mut self, platform: &impl Platform<Answer = A>) -> Step<A> {
        let now = platform.now();
        if let (Some(submission), Some(creates)) =
            (&self.sends.call.submission, &self.shared.creates)
        {
            let body = &self.sends.call.body;
            let participant = self.participant.get_or_insert_with(|| Participant {
                lead: creates.join(&submission.id, body, now),
                number: 0,
            });
            let lead = &participant.lead;
            if lead.body != *body {
                let message = "is in use with another body";
                let mut failure = Failure::new(Code::Validation, None);
                failure.issues =
                    vec![Issue::error("submissionId", validate::Code::Conflict, message)];
                return Step::Done(Err(failure));
            }
            if let Some(created) = lead.created.get() {
                return Step::Done(Ok(A::Value::parse(created)));
            }
            self.sends.ambiguous = lead.is_ambiguous.get();
            if lead.sender.get() > 0 && lead.due.get() + GRACE > now {
                let total = bound(self.settings.total_timeout);
                let left = *self.deadline.get_or_insert(now + total) - now;
                if left <= 0.0 {
                    return self.give_up(platform, Code::TotalTimeout, None);
                }
                self.asked = Asked::Other;
                return Step::Sleep(POLL.min(left));
            }
            let number = lead.senders.get() + 1;
            lead.senders.set(number);
            lead.sender.set(number);
            participant.number = number;
        }
        let submits = self.sends.call.submission.is_some();
        if submits && (self.sends.ambiguous || self.settings.check_existing) {
            return self.look(platform);
        }
        self.enter(platform)
    }

    /// Notes what a create does next, for those that wait for it.
    pub(super) fn note(&self, platform: &impl Platform<Answer = A>, step: &Step<A>) {
        let Some(Participant { lead, number }) = &self.participant else {
            return;
        };
        if *number == 0 || lead.sender.get() != *number {
            return;
        }
        let (wait, is_sending) = match step {
            Step::Send => (self.timeout, self.look.is_none()),
            Step::Sleep(milliseconds) => (*milliseconds, false),
            Step::Done(ending) => {
                if let Ok(Some(created)) = ending
                    && Rc::strong_count(lead) > 1
                {
                    lead.created.get_or_init(|| created.print());
                }
                (0.0, false)
            }
        };
        lead.is_ambiguous.set(is_sending || self.sends.ambiguous);
        lead.due.set(platform.now() + wait.min(MAX_EXCHANGE));
    }
}
