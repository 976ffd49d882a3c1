//! Runs an outbox: concurrent jobs over a store, like the package's driver.

use super::database::Database;
use crate::transport::milliseconds as to_duration;
use icloud_ready::call::machine::{CallMachine, Shared, Step};
use icloud_ready::outbox::{
    Alert, Diagnostics, Enqueue, EnqueueResult, Job, JobCall, JobOutcome, NextStep, Outbox,
    OutboxError, OutboxSettings, Probe, ProbeReport, Reading,
};
use icloud_ready::request::settings::CallSettings as Crm;
use icloud_ready::transport::Transport;
use serde_json::json;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::select;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// A process with an outbox, and its environment.
pub(crate) struct Site<T> {
    pub(crate) database: Database,
    pub(crate) outbox: Outbox<Database>,
    transport: T,
    shared: Arc<Shared>,
    crm: Crm,
    /// Set by controls: claims are released at once.
    pub(crate) claimless: bool,
    pub(crate) false_proof: FalseProof,
    /// What the host knows about each request.
    pub(crate) diagnostics: Diagnostics,
    /// Set by controls: pauses are ignored.
    pub(crate) pauseless: bool,
    /// Ends the wait for work.
    call: Notify,
    alerts: RefCell<Vec<Alert>>,
}

/// What a control believes without proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FalseProof {
    Not,
    /// That a lead that was not found is absent.
    Absence,
    /// That any 2xx confirms the lead.
    Success,
}

/// How many jobs run at once.
const MAX_CONCURRENCY: usize = 6;

impl<T: Transport + 'static> Site<T> {
    pub(crate) fn open(
        database: Database,
        transport: T,
        settings: OutboxSettings,
        crm: Crm,
    ) -> Result<Self, OutboxError> {
        let outbox = Outbox::open(database.clone(), settings, reading(&transport), "entropy")?;
        Ok(Self {
            database,
            outbox,
            transport,
            shared: Arc::default(),
            crm,
            claimless: false,
            false_proof: FalseProof::Not,
            diagnostics: Diagnostics::default(),
            pauseless: false,
            call: Notify::new(),
            alerts: RefCell::default(),
        })
    }

    pub(crate) fn now(&self) -> Reading {
        reading(&self.transport)
    }

    /// Enqueues a lead and wakes the worker.
    pub(crate) fn enqueue(&self, page_lead: &Enqueue) -> Result<EnqueueResult, OutboxError> {
        let accepted = self.outbox.enqueue(page_lead, self.now());
        if self.database.is_dead() {
            self.call.notify_one();
            return Err(OutboxError::Unavailable(None));
        }
        self.call.notify_one();
        accepted
    }

    /// Works until the process dies, on this many leads at once.
    pub(crate) async fn work(self: &Rc<Self>) {
        let mut jobs = JoinSet::new();
        while !self.database.is_dead() {
            let mut at = f64::INFINITY;
            while jobs.len() < MAX_CONCURRENCY {
                match self.next() {
                    None => return,
                    Some(NextStep::Wait(wait)) => {
                        at = wait;
                        break;
                    }
                    Some(NextStep::Job(job)) => {
                        let site = Rc::clone(self);
                        jobs.spawn_local(async move { site.finish(&job).await });
                    }
                }
            }
            let wait = (at - self.transport.now()).clamp(0.0, 1e12);
            select! {
                _ = jobs.join_next(), if !jobs.is_empty() => {}
                () = self.call.notified() => {}
                () = sleep(Duration::from_secs_f64(wait / 1_000.0)) => {}
            }
        }
    }

    /// There may be work.
    pub(crate) fn wake(&self) {
        self.call.notify_one();
    }

    /// Ends the process.
    pub(crate) fn kill(&self) {
        self.database.die();
        self.call.notify_one();
    }

    fn next(&self) -> Option<NextStep> {
        if self.pauseless {
            let sql = "UPDATE facts SET value = 0 WHERE name IN ('closed_until', 'limited')";
            self.database.rows(sql, &[]).unwrap();
        }
        let next = self.outbox.next(self.now()).ok();
        self.alerts.borrow_mut().extend(self.outbox.alerts());
        next
    }

    /// Runs a job and records its outcome.
    async fn finish(&self, job: &Job) -> Option<()> {
        if self.claimless {
            let sql = "UPDATE leads SET next_at = 0, state = CASE state \
                       WHEN 'reconciling' THEN 'unconfirmed' ELSE 'pending' END \
                       WHERE state IN ('reconciling', 'sending')";
            self.database.rows(sql, &[]).unwrap();
        }
        let outcome = match (self.perform(job).await, self.false_proof) {
            (JobOutcome::Inconclusive { .. }, FalseProof::Absence) => JobOutcome::Absent,
            (JobOutcome::Unconfirmed(_), FalseProof::Success) => JobOutcome::Created(None),
            (outcome, _) => outcome,
        };
        let (now, jitter) = (self.now(), self.transport.random());
        let settled = self.outbox.record_outcome(job, &outcome, &self.diagnostics, now, jitter);
        self.alerts.borrow_mut().extend(self.outbox.alerts());
        settled.ok()
    }

    /// Runs the next job; returns how long there will be none, or `None` at the end.
    pub(crate) async fn step(&self) -> Option<f64> {
        match self.next()? {
            NextStep::Wait(at) => Some((at - self.transport.now()).max(1.0)),
            NextStep::Job(job) => self.finish(&job).await.map(|()| 0.0),
        }
    }

    /// Works until nothing is due within this many milliseconds.
    pub(crate) async fn work_until_idle(&self, within: f64) {
        while let Some(wait) = self.step().await {
            if wait > within {
                return;
            }
            sleep(Duration::from_secs_f64(wait / 1_000.0)).await;
        }
    }

    /// Runs a job.
    pub(crate) async fn perform(&self, job: &Job) -> JobOutcome {
        let mut exchange = JobCall::new(&self.outbox, job, &self.shared, &self.crm);
        let mut given = None;
        loop {
            given = match exchange.step(&self.outbox, &self.transport, given) {
                Step::Send => Some(self.send(exchange.machine()).await),
                Step::Sleep(milliseconds) => {
                    self.transport.sleep(to_duration(milliseconds)).await.err()
                }
                Step::Done(outcome) => return outcome,
            };
        }
    }

    /// Probes the account's permissions.
    pub(crate) async fn probe(&self) -> Option<ProbeReport> {
        let mut probe = Probe::new(&self.outbox, &self.shared, &self.crm, &self.transport);
        let mut given = None;
        loop {
            given = match probe.step(&self.outbox, &self.transport, given) {
                Step::Send => Some(self.send(probe.machine()).await),
                Step::Sleep(milliseconds) => {
                    self.transport.sleep(to_duration(milliseconds)).await.err()
                }
                Step::Done(report) => return report,
            };
        }
    }

    async fn send(&self, run: Option<&CallMachine<T::Response>>) -> T::Response {
        self.transport.send(run.expect("a request").request()).await
    }

    pub(crate) fn alerts(&self) -> Vec<Alert> {
        self.alerts.borrow_mut().extend(self.outbox.alerts());
        self.alerts.borrow().clone()
    }
}

fn reading(transport: &impl Transport) -> Reading {
    Reading { now: transport.now(), wall: transport.wall_clock() }
}

/// A lead from a page, with its number in name and phone.
pub(crate) fn page_lead(number: usize) -> Enqueue {
    let lead = json!({ "leadInformation": {
        "firstName": format!("Visitor {number}"),
        "phone": format!("+20100{number:07}"),
    } });
    Enqueue {
        rate: None,
        client: None,
        submission_id: Some(submission(number)),
        at: None,
        origin: "https://agency.example".into(),
        form: false,
        canonical: lead.to_string(),
        lead: lead.to_string(),
        custom: r#"{"page":"https://agency.example/villa"}"#.into(),
        dropped: None,
        warnings: None,
        marks: Vec::new(),
        hold: false,
        traceparent: None,
    }
}

/// The submission id of the lead with this number.
pub(crate) fn submission(number: usize) -> String {
    format!("submission-{number:05}")
}
