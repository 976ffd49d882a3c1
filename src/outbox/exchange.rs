//! What the outbox says to the CRM, over the SDK's own calls.
//!
//! As these do, it does nothing itself: whoever drives it does what an [`Ask`] asks and comes back
//! with what came of it.

use super::Outbox;
use super::claim::{Job, Kind};
use super::compose;
use super::metered::{Ask, Metered};
use super::store::Store;
use crate::call::{Call, Given};
use crate::config::Settings;
use crate::endpoint;
use crate::failure::{Code, Failure};
use crate::run::{Ending, Run, Shared};
use crate::transport::{Answer, Body, Fault, Outcome, Platform};
use crate::value::Json;
use alloc::rc::Rc;
use alloc::string::String;

/// No `Retry-After` is believed beyond this.
const LONGEST_RETRY_AFTER: f64 = 3_600_000.0;

/// What came of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The CRM has the lead, under this id of its own.
    Made(Option<String>),
    /// The CRM does not have the lead.
    Absent,
    /// The CRM refuses this lead (400, 409, 413, 422).
    Refused(u16),
    /// Our own check refuses it.
    Invalid,
    /// Too many calls: the CRM asks for so many milliseconds without.
    Limited(Option<f64>),
    /// The CRM may have the lead or not.
    Unknown {
        /// The answer's status, if there was one.
        status: Option<u16>,
        /// The wait the CRM asks for.
        retry_after: Option<f64>,
    },
    /// Nothing left.
    Unsent,
    /// It is not about this lead: no lead can be sent.
    Misconfigured {
        /// Why, as a code.
        reason: &'static str,
        /// The answer's status, if there was one.
        status: Option<u16>,
        /// Whether the CRM may have the lead all the same.
        ambiguous: bool,
    },
    /// The key may not look (401, 403, 404).
    MayNotLook(u16),
    /// The look was not answered.
    LookFailed {
        /// The answer's status, if there was one.
        status: Option<u16>,
        /// The wait the CRM asks for.
        retry_after: Option<f64>,
    },
    /// The look was answered, in a way that does not tell whether the lead is there.
    Inconclusive,
    /// There is no permit for the rest of it before this time.
    Starved(f64),
}

/// A job on its way.
#[derive(Debug)]
pub struct Exchange<A: Answer> {
    kind: Kind,
    /// `None` where our own check refuses the lead.
    call: Option<Metered<A>>,
}

impl<A: Answer> Exchange<A> {
    /// A job about to be done. Of `crm` those settings count that say how the CRM is spoken to;
    /// whether anything is tried again is for the outbox. `shared` has no limiter: the outbox is
    /// one.
    pub fn new<S: Store>(
        outbox: &Outbox<S>,
        job: &Job,
        shared: &Rc<Shared>,
        crm: &Settings,
    ) -> Self {
        let look = job.kind == Kind::Look;
        let settings = Settings {
            submission_id: look.then(|| job.id.clone()),
            look_first: look,
            ..outbox.calling(crm)
        };
        let lead = compose(&job.lead, &job.id, &job.custom, &job.marks, crm.submission_field);
        let given = Given { argument: &|_| None, query: None, body: Some(&lead) };
        let call = Call::prepare(&endpoint::leads::create, given, &settings).ok();
        let run = |call| Run::new(Rc::clone(shared), settings, call);
        let call = call.map(|call| Metered::new(run(call), Some(job.permit)));
        if call.is_none() {
            // Should that fail the permit is taken a little longer.
            let _ = outbox.give_back(job.permit, 0.0);
        }
        Self { kind: job.kind, call }
    }

    /// Goes on with what was asked for last.
    pub fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Answer = A>,
        given: Option<A>,
    ) -> Ask<Verdict> {
        let Some(call) = &mut self.call else {
            return Ask::Done(match self.kind {
                Kind::Send => Verdict::Invalid,
                Kind::Look => Verdict::Inconclusive,
            });
        };
        // Once a look found nothing the call would go on and send.
        let until = |run: &Run<A>| self.kind == Kind::Look && run.request().body.is_some();
        match call.step(outbox, platform, given, until) {
            Ask::Send => Ask::Send,
            Ask::Sleep(milliseconds) => Ask::Sleep(milliseconds),
            Ask::Done(Err(until)) => Ask::Done(Verdict::Starved(until)),
            Ask::Done(Ok(None)) => Ask::Done(Verdict::Absent),
            Ask::Done(Ok(Some(ending))) => Ask::Done(match self.kind {
                Kind::Send => sent(platform, ending),
                Kind::Look => looked(platform, ending),
            }),
        }
    }

    /// The request to be made after [`Ask::Send`].
    #[must_use]
    pub fn run(&self) -> Option<&Run<A>> {
        self.call.as_ref().map(|call| &call.run)
    }
}

impl<S: Store> Outbox<S> {
    /// The settings of a call that is the outbox's to repeat.
    pub(super) fn calling(&self, crm: &Settings) -> Settings {
        Settings {
            timeout: self.settings.timeout,
            total_timeout: 0.0,
            max_retries: 0,
            strict: false,
            submission_id: None,
            look_first: false,
            ..crm.clone()
        }
    }
}

/// What came of a send.
fn sent<A: Answer>(platform: &impl Platform<Answer = A>, ending: Ending<A>) -> Verdict {
    let failure = match ending {
        Ok(record) => {
            return Verdict::Made(record.and_then(|record| record.member("_id")?.string()));
        }
        Err(failure) => failure,
    };
    let Some(answer) = &failure.answer else {
        return Verdict::Unsent;
    };
    let misconfigured = |reason, ambiguous| {
        let status = status(&failure);
        Verdict::Misconfigured { reason, status, ambiguous }
    };
    match answer.outcome() {
        Outcome::Status(429) => Verdict::Limited(asked(platform, &failure)),
        Outcome::Status(status @ (400 | 409 | 413 | 422)) => Verdict::Refused(status),
        Outcome::Status(401) => misconfigured("authentication", false),
        Outcome::Status(403) => misconfigured("permission_denied", false),
        Outcome::Status(404) => misconfigured("not_found", false),
        Outcome::Status(200..=299) if matches!(answer.body(), Body::Unreadable) => {
            misconfigured("not_json", true)
        }
        Outcome::Status(408 | 425 | 200..=299 | 500..) | Outcome::Fault { sent: true, .. } => {
            Verdict::Unknown { status: status(&failure), retry_after: asked(platform, &failure) }
        }
        Outcome::Status(400..=499) => misconfigured("api", false),
        Outcome::Status(_) => misconfigured("redirect", true),
        Outcome::Fault { fault: Fault::Token, .. } => misconfigured("token", false),
        Outcome::Fault { .. } => Verdict::Unsent,
    }
}

/// What came of a look that did not find out that the lead is not there.
fn looked<A: Answer>(platform: &impl Platform<Answer = A>, ending: Ending<A>) -> Verdict {
    let failure = match ending {
        Ok(record) => {
            return Verdict::Made(record.and_then(|record| record.member("_id")?.string()));
        }
        Err(failure) => failure,
    };
    // That the key may not look stands behind what the look is worth.
    let refusal = failure.cause.as_ref().and_then(|cause| status(cause));
    match (refusal, status(&failure)) {
        (Some(status), _) => Verdict::MayNotLook(status),
        (None, Some(429)) => Verdict::Limited(asked(platform, &failure)),
        (None, None) if failure.code == Code::Inconclusive => Verdict::Inconclusive,
        (None, status) => Verdict::LookFailed { status, retry_after: asked(platform, &failure) },
    }
}

/// The wait that an answer asks for.
fn asked<A: Answer>(platform: &impl Platform<Answer = A>, failure: &Failure<A>) -> Option<f64> {
    let header = failure.answer.as_ref()?.retry_after()?;
    crate::retry::retry_after(&header, platform.now(), |date| platform.parse_date(date))
        .map(|wait| wait.min(LONGEST_RETRY_AFTER))
}

/// The status of the answer that a failure is about.
pub(super) fn status<A: Answer>(failure: &Failure<A>) -> Option<u16> {
    match failure.answer.as_ref().map(Answer::outcome) {
        Some(Outcome::Status(status)) => Some(status),
        _ => None,
    }
}
