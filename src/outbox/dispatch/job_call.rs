//! The outbox's calls to the CRM, based on the SDK's calls.
//!
//! It performs no I/O: the host performs each [`Step`] and resumes the call with the result.

use crate::call::failure::{ErrorCode, Failure};
use crate::call::machine::{CallMachine, CallResult, Shared, Step};
use crate::call::transport::{Body, Outcome, Platform, Response, TransportError};
use crate::json::value::Json;
use crate::outbox::Outbox;
use crate::outbox::compose;
use crate::outbox::dispatch::job::{Job, JobKind};
use crate::outbox::dispatch::list_scan::page::ScanPage;
use crate::outbox::dispatch::rate_limited_call::RateLimitedCall;
use crate::outbox::store::Store;
use crate::request::endpoint;
use crate::request::prepared::{CallInput, PreparedRequest};
use crate::request::settings::{CallSettings, Reconcile};
use crate::sync::Rc;
use alloc::string::String;

/// The longest `Retry-After` that is respected, in milliseconds.
const MAX_RETRY_AFTER: f64 = 3_600_000.0;

/// The outcome of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum JobOutcome {
    /// The CRM has the lead, under this CRM id.
    Created(Option<String>),
    /// The CRM does not have the lead.
    Absent,
    /// The CRM refused this lead (400, 409, 413, 422).
    Refused(u16),
    /// The lead is invalid and was not sent.
    Invalid,
    /// A 429, with the wait that it requested in milliseconds.
    RateLimited(Option<f64>),
    /// The CRM may have the lead.
    OutcomeUnknown {
        /// The status of the response, if there was one.
        status: Option<u16>,
        /// The wait that the CRM requested, in milliseconds.
        retry_after: Option<f64>,
        /// Whether the request timed out.
        timed_out: bool,
    },
    /// A 2xx response that does not confirm the lead, with its status if known.
    Unconfirmed(Option<u16>),
    /// Nothing was sent.
    NotSent {
        /// Whether the attempt timed out.
        timed_out: bool,
    },
    /// No lead can be sent, whatever its content.
    Misconfigured {
        /// Why, as a code.
        reason: &'static str,
        /// The status of the response, if there was one.
        status: Option<u16>,
        /// Whether the CRM may have the lead.
        ambiguous: bool,
    },
    /// The credential may not read leads (401, 403, 404).
    LookupForbidden(u16),
    /// The lookup failed.
    LookupFailed {
        /// The status of the response, if there was one.
        status: Option<u16>,
        /// The wait that the CRM requested, in milliseconds.
        retry_after: Option<f64>,
        /// Whether the request timed out.
        timed_out: bool,
    },
    /// The lookup could not determine whether the CRM has the lead.
    Inconclusive {
        /// Whether a scan of the CRM's list may determine it.
        can_scan: bool,
    },
    /// A page of the CRM's list.
    PageRead(ScanPage),
    /// There is no permit for the next request before this time.
    NoPermitUntil(f64),
}

/// Details of a call beyond its outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// Why there was no response, as a code such as `ECONNREFUSED`.
    pub cause: Option<String>,
    /// The CRM's response, if it was not a success.
    pub response: Option<String>,
}

/// The call of a job in progress.
#[derive(Debug)]
pub struct JobCall<R: Response> {
    kind: JobKind,
    /// The submission id.
    id: String,
    crm: CallSettings,
    shared: Rc<Shared>,
    /// The `Date` of the last response.
    date: Option<f64>,
    /// `None` if the lead is invalid.
    call: Option<RateLimitedCall<R>>,
}

impl<R: Response> JobCall<R> {
    /// A call that has not started. Of `crm` only the protocol settings are used: the outbox
    /// controls retries. `shared` has no limiter, because the outbox is one.
    pub fn new<S: Store>(
        outbox: &Outbox<S>,
        job: &Job,
        shared: &Rc<Shared>,
        crm: &CallSettings,
    ) -> Self {
        let is_lookup = job.kind == JobKind::Lookup;
        let settings = CallSettings {
            submission_id: is_lookup.then(|| job.id.clone()),
            check_existing: is_lookup,
            reconcile: if crm.reconcile == Reconcile::Id {
                Reconcile::Id
            } else {
                Reconcile::FirstPage
            },
            ..outbox.call_settings(crm)
        };
        if is_lookup {
            outbox.share_known_ids(shared);
        }
        let lead = compose(&job.lead, &job.id, &job.custom, &job.marks, crm.submission_field);
        let first_page = crm.first_page.or(shared.first_page.get());
        let query = match &job.scan {
            Some(scan) => Some(scan.query(first_page == Some(1))),
            None if job.kind == JobKind::Date => Some(r#"{"limit":1}"#.into()),
            None => None,
        };
        let (operation, body) = match query {
            None => (&endpoint::leads::create, Some(lead.as_str())),
            Some(_) => (&endpoint::leads::list, None),
        };
        let input =
            CallInput { argument: &|_| None, query: query.as_deref(), body: body.map(Into::into) };
        let request = PreparedRequest::new(operation, input, &settings).ok();
        let machine = |request| CallMachine::new(Rc::clone(shared), settings, request);
        let call = request.map(|request| RateLimitedCall::new(machine(request), Some(job.permit)));
        if call.is_none() {
            // If that fails, the permit is released a little later.
            let _ = outbox.release_unused_permit(job.permit);
        }
        let (id, crm, shared) = (job.id.clone(), crm.clone(), Rc::clone(shared));
        Self { kind: job.kind, id, crm, shared, date: None, call }
    }

    /// Resumes the call with the result of the last step.
    pub fn step<S: Store>(
        &mut self,
        outbox: &Outbox<S>,
        platform: &impl Platform<Response = R>,
        response: Option<R>,
    ) -> Step<JobOutcome> {
        let inconclusive =
            JobOutcome::Inconclusive { can_scan: self.crm.reconcile != Reconcile::Id };
        let Some(call) = &mut self.call else {
            return Step::Done(match self.kind {
                JobKind::Send => JobOutcome::Invalid,
                JobKind::Lookup | JobKind::Scan | JobKind::Date => inconclusive,
            });
        };
        if let Some(date) = response.as_ref().and_then(Response::date) {
            self.date = Some(date);
            outbox.crm_date.set(self.date);
        }
        // After a lookup that found nothing the call would send the lead.
        let sends = |machine: &CallMachine<R>| {
            self.kind == JobKind::Lookup && machine.request().body.is_some()
        };
        match call.step(outbox, platform, response, sends) {
            Step::Send => Step::Send,
            Step::Sleep(milliseconds) => Step::Sleep(milliseconds),
            Step::Done(Err(until)) => Step::Done(JobOutcome::NoPermitUntil(until)),
            Step::Done(Ok(None)) => Step::Done(JobOutcome::Absent),
            Step::Done(Ok(Some(result))) => Step::Done(self.outcome(outbox, result, inconclusive)),
        }
    }

    /// The outcome for the result of the call.
    fn outcome<S: Store>(
        &self,
        outbox: &Outbox<S>,
        result: CallResult<R>,
        inconclusive: JobOutcome,
    ) -> JobOutcome {
        let failure = match result {
            // Only the date of the response matters.
            Ok(_) if self.kind == JobKind::Date => return JobOutcome::Absent,
            Ok(body) if self.kind == JobKind::Scan => {
                return JobOutcome::PageRead(ScanPage::from_response(body, self.date, &self.crm));
            }
            // A found lead has the id. A created one may be another lead.
            Ok(Some(lead))
                if self.kind == JobKind::Lookup
                    || self.crm.submission_field.may_have_id(&lead, &self.id) =>
            {
                self.shared.record_confirmed(&self.id);
                return JobOutcome::Created(lead.member("_id").and_then(|id| id.string()));
            }
            Ok(_) => return JobOutcome::Unconfirmed(None),
            Err(failure) => failure,
        };
        if self.kind == JobKind::Lookup && self.shared.lists_ids.get() {
            // If that fails, a later response shows it again.
            let _ = outbox.record_lists_ids();
        }
        match self.kind {
            JobKind::Send => send_outcome(&failure),
            JobKind::Lookup | JobKind::Scan | JobKind::Date => {
                lookup_outcome(&failure, self.kind, inconclusive)
            }
        }
    }

    /// The state machine of the call, whose request is sent after [`Step::Send`].
    #[must_use]
    pub fn machine(&self) -> Option<&CallMachine<R>> {
        self.call.as_ref().map(|call| &call.machine)
    }
}

impl<S: Store> Outbox<S> {
    /// The settings of a call that only the outbox retries.
    pub(in crate::outbox) fn call_settings(&self, crm: &CallSettings) -> CallSettings {
        CallSettings {
            timeout: self.settings.timeout,
            total_timeout: 0.0,
            max_retries: 0,
            strict: false,
            submission_id: None,
            check_existing: false,
            ..crm.clone()
        }
    }
}

/// The outcome of a send.
fn send_outcome<R: Response>(failure: &Failure<R>) -> JobOutcome {
    let Some(response) = &failure.response else {
        return JobOutcome::NotSent { timed_out: false };
    };
    let timed_out = has_timed_out(failure);
    let misconfigured = |reason, ambiguous| {
        let status = status(failure);
        JobOutcome::Misconfigured { reason, status, ambiguous }
    };
    match response.outcome() {
        Outcome::Status(429) => JobOutcome::RateLimited(retry_after_of(failure)),
        Outcome::Status(status @ (400 | 409 | 413 | 422)) => JobOutcome::Refused(status),
        Outcome::Status(401) => misconfigured("authentication", false),
        Outcome::Status(403) => misconfigured("permission_denied", false),
        Outcome::Status(404) => misconfigured("not_found", false),
        Outcome::Status(200..=299) if matches!(response.body(), Body::NotJson) => {
            misconfigured("not_json", true)
        }
        Outcome::Status(status @ 200..=299) => JobOutcome::Unconfirmed(Some(status)),
        Outcome::Status(408 | 425 | 500..) | Outcome::Error { sent: true, .. } => {
            JobOutcome::OutcomeUnknown {
                status: status(failure),
                retry_after: retry_after_of(failure),
                timed_out,
            }
        }
        Outcome::Status(400..=499) => misconfigured("client_error", false),
        Outcome::Status(_) => misconfigured("redirect", true),
        Outcome::Error { error: TransportError::Token, .. } => misconfigured("token_error", false),
        Outcome::Error { .. } => JobOutcome::NotSent { timed_out },
    }
}

/// The outcome of a failed lookup or scan.
fn lookup_outcome<R: Response>(
    failure: &Failure<R>,
    kind: JobKind,
    inconclusive: JobOutcome,
) -> JobOutcome {
    // If the credential may not read leads, that is the cause of the failure.
    let forbidden = failure.cause.as_ref().and_then(|cause| status(cause));
    match (forbidden, status(failure)) {
        (Some(status), _) => JobOutcome::LookupForbidden(status),
        (None, Some(status @ (401 | 403 | 404))) if kind == JobKind::Scan => {
            JobOutcome::LookupForbidden(status)
        }
        (None, Some(429)) => JobOutcome::RateLimited(retry_after_of(failure)),
        (None, None) if failure.code == ErrorCode::Inconclusive => inconclusive,
        (None, status) => JobOutcome::LookupFailed {
            status,
            retry_after: retry_after_of(failure),
            timed_out: has_timed_out(failure),
        },
    }
}

/// Whether the last request of a failed call timed out.
fn has_timed_out<R: Response>(failure: &Failure<R>) -> bool {
    matches!(
        failure.response.as_ref().map(Response::outcome),
        Some(Outcome::Error { error: TransportError::Timeout, .. })
    )
}

/// The wait that the response requested.
fn retry_after_of<R: Response>(failure: &Failure<R>) -> Option<f64> {
    failure.response.as_ref()?.retry_after().map(|wait| wait.min(MAX_RETRY_AFTER))
}

/// The status of the response of a failure.
pub(in crate::outbox) fn status<R: Response>(failure: &Failure<R>) -> Option<u16> {
    match failure.response.as_ref().map(Response::outcome) {
        Some(Outcome::Status(status)) => Some(status),
        _ => None,
    }
}
