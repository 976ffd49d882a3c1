//! Creates under way, by submission id: two creates with the same id, of a client and its derived
//! clients, create one lead.
//!
//! The second create waits for the outcome of the first. They share this state but never wake each
//! other, because an edge worker may not resume one request from another request's events: a waiter
//! sleeps and polls.

use super::{CallMachine, CallStep, Step, WaitState};
use crate::call::failure::{ErrorCode, Failure};
use crate::call::transport::{Platform, Response};
use crate::json::value::Json;
use crate::request::settings::unlimited_if_zero;
use crate::request::validate::{Issue, IssueCode};
use crate::sync::{Cell, Exclusive, OnceCell, Rc, RefCell, Weak};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// How long a waiter sleeps before it polls again, in milliseconds.
const POLL_INTERVAL: f64 = 50.0;

/// A create that is overdue by this much counts as dropped, in milliseconds: an edge worker stops
/// calls of a visitor who left without notifying them.
const GRACE: f64 = 10_000.0;

/// A create whose request has no timeout counts as dropped after this time, in milliseconds.
const MAX_EXCHANGE: f64 = 3_600_000.0;

/// The creates under way of a client and its derived clients. The participants own the entries, which
/// are dropped with them.
#[derive(Debug, Default)]
pub struct CreateRegistry(RefCell<Vec<Weak<PendingCreate>>>);

/// A lead that one or several creates are to create.
#[derive(Debug)]
struct PendingCreate {
    id: String,
    body: Option<String>,
    /// The number of the create that sends it; 0 if none does.
    sender: Cell<u32>,
    /// How many creates have begun to send it.
    senders: Cell<u32>,
    /// When the sender's current request or wait ends at the latest.
    due: Cell<f64>,
    /// Whether the CRM may have the lead.
    is_ambiguous: Cell<bool>,
    /// The created lead as JSON text. Each waiter parses its own copy.
    created: OnceCell<String>,
    /// Held while a create decides by the state above whether it sends the lead, and while the sender
    /// changes that state: creates may run on several threads.
    exclusive: Exclusive,
}

/// One create's part in a pending create.
#[derive(Debug)]
pub(super) struct Participant {
    pending: Rc<PendingCreate>,
    /// The create's number once it sends; 0 while it waits.
    number: u32,
}

impl CreateRegistry {
    /// The pending create with this id, or a new one.
    fn join(&self, id: &str, body: &Option<String>, now: f64) -> Rc<PendingCreate> {
        let mut entries = self.0.borrow_mut();
        let mut index = 0;
        while let Some(entry) = entries.get(index) {
            let Some(pending) = entry.upgrade() else {
                entries.swap_remove(index);
                continue;
            };
            if pending.id == id && pending.due.get() + GRACE > now {
                return pending;
            }
            index += 1;
        }
        let pending = Rc::new(PendingCreate {
            id: id.into(),
            body: body.clone(),
            sender: Cell::default(),
            senders: Cell::default(),
            due: Cell::new(now),
            is_ambiguous: Cell::default(),
            created: OnceCell::new(),
            exclusive: Exclusive::default(),
        });
        entries.push(Rc::downgrade(&pending));
        pending
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        let _exclusive = self.pending.exclusive.lock();
        if self.pending.sender.get() == self.number {
            self.pending.sender.set(0);
        }
    }
}

impl<R: Response> CallMachine<R> {
    /// Starts a call, unless another create with its submission id is under way: then it waits.
    pub(super) fn start(&mut self, platform: &impl Platform<Response = R>) -> CallStep<R> {
        let now = platform.now();
        if let (Some(submission), Some(creates)) =
            (&self.attempts.request.submission, &self.shared.creates)
        {
            let body = &self.attempts.request.body;
            let participant = self.participant.get_or_insert_with(|| Participant {
                pending: creates.join(&submission.id, body, now),
                number: 0,
            });
            let pending = &participant.pending;
            if pending.body != *body {
                let message = "is in use with another body";
                let mut failure = Failure::new(ErrorCode::Validation, None);
                failure.issues = vec![Issue::error("submissionId", IssueCode::Conflict, message)];
                return Step::Done(Err(failure));
            }
            let exclusive = pending.exclusive.lock();
            if let Some(created) = pending.created.get() {
                return Step::Done(Ok(R::Value::parse(created)));
            }
            self.attempts.ambiguous = pending.is_ambiguous.get();
            if pending.sender.get() > 0 && pending.due.get() + GRACE > now {
                drop(exclusive);
                let total = unlimited_if_zero(self.settings.total_timeout);
                let remaining = *self.deadline.get_or_insert(now + total) - now;
                if remaining <= 0.0 {
                    return self.give_up(platform, ErrorCode::TotalTimeout, None);
                }
                self.state = WaitState::OtherCreate;
                return Step::Sleep(POLL_INTERVAL.min(remaining));
            }
            let number = pending.senders.get() + 1;
            pending.senders.set(number);
            pending.sender.set(number);
            #[cfg(not(target_arch = "wasm32"))]
            pending.due.set(now);
            drop(exclusive);
            participant.number = number;
        }
        let has_id = self.attempts.request.submission.is_some();
        if has_id && (self.attempts.ambiguous || self.settings.check_existing) {
            return self.start_lookup(platform);
        }
        self.enqueue(platform)
    }

    /// Publishes the state of a create to those that wait for it.
    pub(super) fn publish_create(
        &self,
        platform: &impl Platform<Response = R>,
        step: &CallStep<R>,
    ) {
        let Some(Participant { pending, number }) = &self.participant else {
            return;
        };
        let _exclusive = pending.exclusive.lock();
        if *number == 0 || pending.sender.get() != *number {
            return;
        }
        let (wait, is_sending) = match step {
            Step::Send => (self.timeout, self.lookup.is_none()),
            Step::Sleep(milliseconds) => (*milliseconds, false),
            Step::Done(result) => {
                if let Ok(Some(created)) = result
                    && Rc::strong_count(pending) > 1
                {
                    pending.created.get_or_init(|| created.print());
                }
                (0.0, false)
            }
        };
        pending.is_ambiguous.set(is_sending || self.attempts.ambiguous);
        pending.due.set(platform.now() + wait.min(MAX_EXCHANGE));
    }
}

#[cfg(test)]
mod tests;
