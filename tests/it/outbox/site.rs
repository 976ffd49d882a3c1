//! An outbox that is run: lanes over a store, as the package's driver has them.

use super::database::Database;
use icloud_ready::Settings as Crm;
use icloud_ready::outbox::{
    Accepted, Alert, Arrival, Ask, Error, Exchange, Job, Next, Outbox, Probe, Report, Settings,
    Verdict,
};
use icloud_ready::run::{Run, Shared};
use icloud_ready::transport::Transport;
use serde_json::json;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use tokio::select;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// A process with an outbox, and what it works with.
pub(crate) struct Site<T> {
    pub(crate) database: Database,
    pub(crate) outbox: Outbox<Database>,
    transport: T,
    shared: Rc<Shared>,
    crm: Crm,
    /// Set by controls: what is claimed is let go at once.
    pub(crate) claimless: bool,
    /// Ends a wait for something to do.
    call: Notify,
    alerts: RefCell<Vec<Alert>>,
}

/// How many lanes there are.
const LANES: usize = 6;

impl<T: Transport + 'static> Site<T> {
    pub(crate) fn open(
        database: Database,
        transport: T,
        settings: Settings,
        crm: Crm,
    ) -> Result<Self, Error> {
        let outbox = Outbox::open(database.clone(), settings, transport.now(), "entropy")?;
        Ok(Self {
            database,
            outbox,
            transport,
            shared: Rc::default(),
            crm,
            claimless: false,
            call: Notify::new(),
            alerts: RefCell::default(),
        })
    }

    pub(crate) fn now(&self) -> f64 {
        self.transport.now()
    }

    /// Takes a lead in and calls for work.
    pub(crate) fn put(&self, arrival: &Arrival) -> Result<Accepted, Error> {
        let accepted = self.outbox.put(arrival, self.transport.now());
        if self.database.is_dead() {
            self.call.notify_one();
            return Err(Error::Unavailable);
        }
        self.call.notify_one();
        accepted
    }

    /// Works until the process dies, on so many leads at once.
    pub(crate) async fn work(self: &Rc<Self>) {
        let mut lanes = JoinSet::new();
        while !self.database.is_dead() {
            let mut at = f64::INFINITY;
            while lanes.len() < LANES {
                match self.next() {
                    None => return,
                    Some(Next::Wait(wait)) => {
                        at = wait;
                        break;
                    }
                    Some(Next::Job(job)) => {
                        let site = Rc::clone(self);
                        lanes.spawn_local(async move { site.finish(&job).await });
                    }
                }
            }
            let wait = (at - self.transport.now()).clamp(0.0, 1e12);
            select! {
                _ = lanes.join_next(), if !lanes.is_empty() => {}
                () = self.call.notified() => {}
                () = sleep(Duration::from_secs_f64(wait / 1_000.0)) => {}
            }
        }
    }

    /// Ends the process.
    pub(crate) fn kill(&self) {
        self.database.die();
        self.call.notify_one();
    }

    fn next(&self) -> Option<Next> {
        let next = self.outbox.next(self.transport.now()).ok();
        self.alerts.borrow_mut().extend(self.outbox.alerts());
        next
    }

    /// Does a job and writes down what came of it.
    async fn finish(&self, job: &Job) -> Option<()> {
        if self.claimless {
            let sql = "UPDATE leads SET next_at = 0, state = CASE state \
                       WHEN 'looking' THEN 'unsure' ELSE 'ready' END \
                       WHERE state IN ('looking', 'inflight')";
            self.database.rows(sql, &[]).unwrap();
        }
        let verdict = self.perform(job).await;
        let (now, chance) = (self.transport.now(), self.transport.random());
        let settled = self.outbox.settle(job, &verdict, now, chance);
        self.alerts.borrow_mut().extend(self.outbox.alerts());
        settled.ok()
    }

    /// Does what is to be done next; gives how long there will be nothing, or `None` at the end.
    async fn step(&self) -> Option<f64> {
        match self.next()? {
            Next::Wait(at) => Some((at - self.transport.now()).max(1.0)),
            Next::Job(job) => self.finish(&job).await.map(|()| 0.0),
        }
    }

    /// Works until nothing is due within so many milliseconds.
    pub(crate) async fn settle(&self, within: f64) {
        while let Some(wait) = self.step().await {
            if wait > within {
                return;
            }
            sleep(Duration::from_secs_f64(wait / 1_000.0)).await;
        }
    }

    /// Does a job.
    pub(crate) async fn perform(&self, job: &Job) -> Verdict {
        let mut exchange = Exchange::new(&self.outbox, job, &self.shared, &self.crm);
        let mut given = None;
        loop {
            given = match exchange.step(&self.outbox, &self.transport, given) {
                Ask::Send => Some(self.send(exchange.run()).await),
                Ask::Sleep(milliseconds) => self.transport.sleep(milliseconds).await.err(),
                Ask::Done(verdict) => return verdict,
            };
        }
    }

    /// Finds out what the account can do.
    pub(crate) async fn probe(&self) -> Option<Report> {
        let mut probe = Probe::new(&self.outbox, &self.shared, &self.crm, &self.transport);
        let mut given = None;
        loop {
            given = match probe.step(&self.outbox, &self.transport, given) {
                Ask::Send => Some(self.send(probe.run()).await),
                Ask::Sleep(milliseconds) => self.transport.sleep(milliseconds).await.err(),
                Ask::Done(report) => return report,
            };
        }
    }

    async fn send(&self, run: Option<&Run<T::Answer>>) -> T::Answer {
        self.transport.send(run.expect("a request").request()).await
    }

    pub(crate) fn alerts(&self) -> Vec<Alert> {
        self.alerts.borrow_mut().extend(self.outbox.alerts());
        self.alerts.borrow().clone()
    }
}

/// A lead that a page sends: its number is in its name and phone.
pub(crate) fn arrival(number: usize) -> Arrival {
    let lead = json!({ "leadInformation": {
        "firstName": format!("Visitor {number}"),
        "phone": format!("+20100{number:07}"),
    } });
    Arrival {
        rate: None,
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
    }
}

/// The id of the lead with this number.
pub(crate) fn submission(number: usize) -> String {
    format!("submission-{number:05}")
}
