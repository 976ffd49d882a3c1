//! What the outbox says to the CRM, over the SDK's own calls.

use super::claim::{Job, Kind};
use super::permits::Permit;
use super::store::Store;
use super::{Outbox, custom};
use crate::call::{Call, Given, Submission};
use crate::config::Settings;
use crate::endpoint;
use crate::failure::{Code, Failure};
use crate::json::Node;
use crate::retry::retry_after;
use crate::run::{FailureOf, Run, Shared};
use crate::transport::{Answer, Body, Fault, Outcome, Request, Retry, Transport};
use alloc::string::String;
use core::cell::Cell;
use core::future::{Future, pending, poll_fn};
use core::pin::pin;
use core::task::Poll;

/// No exchange waits longer than this for a permit; it gives its lead back instead.
const LONGEST_WAIT: f64 = 60_000.0;

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

/// How jobs are done.
#[allow(missing_debug_implementations, reason = "it borrows the platform")]
pub struct Exchange<'a, S, T> {
    outbox: &'a Outbox<S>,
    metered: Metered<'a, S, T>,
    shared: &'a Shared,
    settings: Settings,
}

impl<'a, S: Store, T: Transport> Exchange<'a, S, T> {
    /// An exchange over a transport. Of the settings those count that say how the CRM is spoken to;
    /// whether anything is tried again is for the outbox. `shared` has no limiter: the outbox is
    /// one.
    pub fn new(
        outbox: &'a Outbox<S>,
        transport: &'a T,
        shared: &'a Shared,
        settings: &Settings,
    ) -> Self {
        let settings = Settings {
            timeout: outbox.settings().timeout,
            total_timeout: 0.0,
            max_retries: 0,
            strict: false,
            submission_id: None,
            look_first: false,
            ..settings.clone()
        };
        let metered =
            Metered { inner: transport, outbox, first: Cell::new(None), starved: Cell::new(None) };
        Self { outbox, metered, shared, settings }
    }

    /// Does a job.
    pub async fn perform(&self, job: &Job) -> Verdict {
        self.metered.first.set(Some(job.permit));
        let verdict = match job.kind {
            Kind::Send => self.unless_starved(self.send(job)).await,
            Kind::Look => self.unless_starved(self.look(job)).await,
        }
        .unwrap_or_else(Verdict::Starved);
        // What was not needed is given back.
        if let Some(permit) = self.metered.first.take() {
            let _ = self.outbox.give_back(permit, 0.0);
        }
        verdict
    }

    async fn send(&self, job: &Job) -> Verdict {
        let field = self.settings.submission_field;
        let lead = custom::compose(&job.lead, &job.id, &job.custom, &job.marks, field);
        let given = Given { argument: &|_| None, query: None, body: Some(&lead) };
        let Ok(call) = Call::prepare(&endpoint::leads::create, given, &self.settings) else {
            return Verdict::Invalid;
        };
        match self.run().call(&call).await {
            Ok(record) => Verdict::Made(record.as_ref().and_then(id)),
            Err(failure) => self.sent(&failure),
        }
    }

    async fn look(&self, job: &Job) -> Verdict {
        let phone = Node::parse(&job.lead).and_then(|lead| {
            Some(lead.member("leadInformation")?.member("phone")?.string()?.into_owned())
        });
        let submission = Submission { id: job.id.clone(), phone: phone.unwrap_or_default() };
        match self.run().look(&submission).await {
            Ok(Some(record)) => Verdict::Made(id(&record)),
            Ok(None) => Verdict::Absent,
            Err(failure) => match status(&failure) {
                Some(status @ (401 | 403 | 404)) => Verdict::MayNotLook(status),
                Some(429) => Verdict::Limited(self.asked(&failure)),
                None if failure.code == Code::Inconclusive => Verdict::Inconclusive,
                status => Verdict::LookFailed { status, retry_after: self.asked(&failure) },
            },
        }
    }

    /// What a send that was no success means.
    fn sent(&self, failure: &FailureOf<Metered<'a, S, T>>) -> Verdict {
        let Some(answer) = &failure.answer else {
            return Verdict::Unsent;
        };
        let misconfigured = |reason, ambiguous| {
            let status = status(failure);
            Verdict::Misconfigured { reason, status, ambiguous }
        };
        match answer.outcome() {
            Outcome::Status(429) => Verdict::Limited(self.asked(failure)),
            Outcome::Status(status @ (400 | 409 | 413 | 422)) => Verdict::Refused(status),
            Outcome::Status(401) => misconfigured("authentication", false),
            Outcome::Status(403) => misconfigured("permission_denied", false),
            Outcome::Status(404) => misconfigured("not_found", false),
            Outcome::Status(200..=299) if matches!(answer.body(), Body::Unreadable) => {
                misconfigured("not_json", true)
            }
            Outcome::Status(408 | 425 | 200..=299 | 500..) | Outcome::Fault { sent: true, .. } => {
                Verdict::Unknown { status: status(failure), retry_after: self.asked(failure) }
            }
            Outcome::Status(400..=499) => misconfigured("api", false),
            Outcome::Status(_) => misconfigured("redirect", true),
            Outcome::Fault { fault: Fault::Token, .. } => misconfigured("token", false),
            Outcome::Fault { .. } => Verdict::Unsent,
        }
    }

    /// The wait that an answer asks for.
    fn asked(&self, failure: &FailureOf<Metered<'a, S, T>>) -> Option<f64> {
        let header = failure.answer.as_ref()?.retry_after()?;
        let transport = self.metered.inner;
        retry_after(&header, transport.now(), |date| transport.parse_date(date))
            .map(|wait| wait.min(LONGEST_RETRY_AFTER))
    }

    pub(super) fn run(&self) -> Run<'_, Metered<'a, S, T>> {
        Run::new(&self.metered, self.shared, &self.settings)
    }

    /// The settings of its calls.
    pub(super) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The platform.
    pub(super) const fn transport(&self) -> &'a T {
        self.metered.inner
    }

    /// The outbox.
    pub(super) const fn outbox(&self) -> &'a Outbox<S> {
        self.outbox
    }

    /// Ends what waits for a permit that is too far away, and gives when there will be one.
    pub(super) async fn unless_starved<V>(&self, work: impl Future<Output = V>) -> Result<V, f64> {
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Ok(done)),
            Poll::Pending => {
                self.metered.starved.take().map_or(Poll::Pending, |until| Poll::Ready(Err(until)))
            }
        })
        .await
    }
}

fn id<V: crate::transport::Json>(record: &V) -> Option<String> {
    record.member("_id")?.string()
}

pub(super) fn status<A: Answer>(failure: &Failure<A>) -> Option<u16> {
    match failure.answer.as_ref().map(Answer::outcome) {
        Some(Outcome::Status(status)) => Some(status),
        _ => None,
    }
}

/// A transport that takes a permit for each request: a look is several, and a new token sends
/// again.
#[allow(missing_debug_implementations, reason = "it borrows the platform")]
pub(super) struct Metered<'a, S, T> {
    inner: &'a T,
    outbox: &'a Outbox<S>,
    /// The permit that came with the job.
    first: Cell<Option<Permit>>,
    /// When there will be another one, where that is too long to wait.
    starved: Cell<Option<f64>>,
}

impl<S: Store, T: Transport> Metered<'_, S, T> {
    async fn permit(&self) -> Result<Permit, T::Answer> {
        if let Some(permit) = self.first.take() {
            return Ok(permit);
        }
        loop {
            let now = self.inner.now();
            let permit = self.outbox.permit(now).and_then(|permit| {
                if let Ok(permit) = permit {
                    self.outbox.take(permit, now)?;
                }
                Ok(permit)
            });
            match permit {
                Ok(Ok(permit)) => return Ok(permit),
                Ok(Err(at)) if at - now <= LONGEST_WAIT => self.inner.sleep(at - now).await?,
                Ok(Err(at)) => self.starved.set(Some(at)),
                Err(_) => self.starved.set(Some(now)),
            }
            if self.starved.get().is_some() {
                let () = pending().await;
            }
        }
    }
}

impl<S: Store, T: Transport> Transport for Metered<'_, S, T> {
    type Answer = T::Answer;

    async fn send(&self, request: Request<'_>) -> T::Answer {
        let permit = match self.permit().await {
            Ok(permit) => permit,
            Err(aborted) => return aborted,
        };
        let answer = self.inner.send(request).await;
        // Should that fail the permit is taken a little longer.
        let _ = self.outbox.give_back(permit, self.inner.now());
        answer
    }

    async fn sleep(&self, milliseconds: f64) -> Result<(), T::Answer> {
        self.inner.sleep(milliseconds).await
    }

    fn now(&self) -> f64 {
        self.inner.now()
    }

    fn random(&self) -> f64 {
        self.inner.random()
    }

    fn parse_date(&self, date: &str) -> Option<f64> {
        self.inner.parse_date(date)
    }

    fn retrying(&self, retry: &Retry) {
        self.inner.retrying(retry);
    }
}
