//! Sources on a simulated clock: platforms that batch, repeat, reorder and lose their deliveries, a token that is
//! invalid for a day, a CRM that fails in every way, and a process that dies at any statement.
//!
//! `SEEDS` and `SOURCE_LEADS` set the number of runs and leads (`cargo xtask simulate`).

use super::platforms::{Graph, google, map, meta, name_of};
use super::rig::with_backfill;
use crate::outbox::crm::{Behavior, Finds, SimulatedCrm};
use crate::outbox::database::Database;
use crate::outbox::site::Site;
use crate::support::fake::BEGIN;
use crate::support::rig::simulated;
use crate::support::rng::Rng;
use icloud_ready::outbox::{
    BackfillPage, ClaimedEvent, Delivery, EventMapping, FetchedLead, HoldReason, Mapping,
    SourceJob, SourceStep,
};
use icloud_ready::request::settings::CallSettings;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::select;
use tokio::sync::Notify;
use tokio::task::spawn_local;
use tokio::time::sleep;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 3_600_000.0;

/// The first id of both platforms, which JavaScript's numbers cannot hold.
const FIRST_ID: u64 = 9_007_199_254_740_993;

/// The parameters of a simulation.
#[derive(Clone, Copy, Debug)]
struct Plan {
    leads: usize,
    /// Of a hundred webhooks of Meta, how many are never sent.
    lost_webhooks: u32,
    backfills: bool,
    /// Set by controls: acknowledged before it is stored; one kind for both platforms.
    stores_first: bool,
    prefixes: bool,
}

impl Plan {
    fn new(leads: usize) -> Self {
        Self { leads, lost_webhooks: 30, backfills: true, stores_first: true, prefixes: true }
    }
}

#[derive(Debug, Default)]
struct Outcome {
    lost: usize,
    duplicated: usize,
    deaths: usize,
    fetches: usize,
    deliveries: usize,
}

struct World {
    plan: Plan,
    rng: Rng,
    crm: SimulatedCrm,
    graph: Graph,
    database: RefCell<Database>,
    site: RefCell<Option<Rc<Site<SimulatedCrm>>>>,
    deaths: Cell<usize>,
    deliveries: Cell<usize>,
    is_stable: Cell<bool>,
    /// Ends the wait for events.
    news: Notify,
}

impl World {
    /// Runs one process after the other.
    async fn live(self: Rc<Self>) {
        loop {
            let database = self.database.borrow().reopened();
            self.database.replace(database.clone());
            if !self.is_stable.get() && self.rng.below(3) > 0 {
                database.die_at(self.rng.below(3_000), self.rng.below(2) == 0);
            }
            let mut settings = with_backfill();
            if !self.plan.backfills {
                settings.sources[0].backfill.clear();
            }
            let opened =
                Site::open(database.clone(), self.crm.clone(), settings, CallSettings::default());
            if let (Ok(site), false) = (opened, database.is_dead()) {
                self.crm.books.borrow_mut().paused_until = 0.0;
                let site = Rc::new(site);
                self.site.replace(Some(Rc::clone(&site)));
                let lifetime = if self.is_stable.get() { 1e12 } else { self.rng.fraction() * HOUR };
                select! {
                    () = site.work() => {}
                    () = Rc::clone(&self).work(Rc::clone(&site)) => {}
                    () = self.until_calm_or(lifetime) => {}
                }
                site.kill();
                self.site.replace(None);
            }
            self.deaths.set(self.deaths.get() + 1);
            sleep(Duration::from_millis(u64::from(self.rng.below(20_000)))).await;
        }
    }

    async fn until_calm_or(&self, lifetime: f64) {
        sleep(Duration::from_secs_f64(lifetime / 1_000.0)).await;
        while self.is_stable.get() {
            sleep(Duration::from_secs(3_600)).await;
        }
    }

    /// Works for the sources of one process.
    async fn work(self: Rc<Self>, site: Rc<Site<SimulatedCrm>>) {
        loop {
            match site.outbox.next_source(true, site.now()) {
                Err(_) => return,
                Ok(SourceStep::Wait(at)) => {
                    let wait = (at - site.now().now).clamp(1.0, 1e12);
                    select! {
                        () = self.news.notified() => {}
                        () = sleep(Duration::from_secs_f64(wait / 1_000.0)) => {}
                    }
                }
                Ok(SourceStep::Job(job)) => {
                    let (world, site) = (Rc::clone(&self), Rc::clone(&site));
                    spawn_local(async move { world.perform(&site, job).await });
                }
            }
        }
    }

    async fn perform(&self, site: &Site<SimulatedCrm>, job: SourceJob) {
        let jitter = self.rng.fraction();
        let result = match job {
            SourceJob::Map { events } => {
                let mapping = |event: &ClaimedEvent| {
                    let result = match map(&event.data) {
                        Some(lead) => Mapping::Send {
                            lead,
                            custom: "{}".into(),
                            warnings: None,
                            marks: Vec::new(),
                        },
                        None => Mapping::Hold { reason: HoldReason::Incomplete },
                    };
                    EventMapping { id: event.id.clone(), claim: event.claim, result }
                };
                let mappings: Vec<EventMapping> = events.iter().map(mapping).collect();
                site.outbox.record_mappings(&mappings, site.now())
            }
            SourceJob::Fetch { event } => {
                let change: serde_json::Value = serde_json::from_str(&event.data).unwrap();
                let response = self.graph.lead(change["leadgen_id"].as_str().unwrap()).await;
                let ClaimedEvent { id, claim, source, account, .. } = event;
                let fetched = FetchedLead { id, claim, source, account, response };
                site.outbox.record_fetch(&fetched, site.now(), jitter)
            }
            SourceJob::Backfill { source, form, account, since, after } => {
                let response = self.graph.page(since, after.as_deref()).await;
                let kind = self.kind("meta").into();
                let page = BackfillPage { source, kind, form, account, response };
                site.outbox.record_backfill(&page, site.now(), jitter)
            }
        };
        if result.is_ok() {
            site.wake();
        }
        self.news.notify_one();
    }

    fn kind(&self, kind: &'static str) -> &'static str {
        if self.plan.prefixes { kind } else { "lead" }
    }

    /// Stores a delivery; returns whether it is acknowledged.
    async fn store(self: &Rc<Self>, delivery: Delivery) -> bool {
        self.deliveries.set(self.deliveries.get() + 1);
        let Some(site) = self.site.borrow().clone() else { return false };
        if self.plan.stores_first {
            let stored = site.outbox.store_events(&delivery, site.now()).is_ok();
            self.news.notify_one();
            // The process may also die after it has stored the events.
            return stored && !site.database.is_dead() && self.rng.below(20) > 0;
        }
        let world = Rc::clone(self);
        spawn_local(async move {
            sleep(Duration::from_millis(u64::from(world.rng.below(120_000)))).await;
            let _ = site.outbox.store_events(&delivery, site.now());
            world.news.notify_one();
        });
        true
    }

    /// A platform repeats a delivery for 36 hours, and some that were acknowledged.
    async fn deliver(self: &Rc<Self>, delivery: Delivery) {
        let began = self.graph.elapsed();
        let mut wait = 5_000.0;
        while !self.store(delivery.clone()).await {
            if self.graph.elapsed() - began > 36.0 * HOUR {
                return;
            }
            sleep(Duration::from_secs_f64(wait * (0.5 + self.rng.fraction()) / 1_000.0)).await;
            wait = (wait * 2.0).min(HOUR);
        }
        if self.rng.below(4) == 0 {
            sleep(Duration::from_secs_f64(self.rng.fraction() * 3_600.0)).await;
            self.store(delivery).await;
        }
    }

    /// Leads are created on both platforms. Meta sends some alone, and some in batches.
    async fn create_leads(self: &Rc<Self>) {
        let mut senders = tokio::task::JoinSet::new();
        let mut batch: Vec<String> = Vec::new();
        // Most deliveries are small, and some have a thousand leads, as far as there are that many.
        let draw_size = || match self.rng.below(8) {
            0 => (self.plan.leads / 4).min(1_000),
            _ => self.rng.below(30) as usize,
        };
        let mut size = draw_size();
        for number in 0..self.plan.leads {
            let id = FIRST_ID + number as u64 / 2;
            let within = 40.0 * HOUR / self.plan.leads as f64;
            sleep(Duration::from_secs_f64(self.rng.fraction() * 2.0 * within / 1_000.0)).await;
            let world = Rc::clone(self);
            let delivery = if number % 2 == 1 {
                google(self.kind("google"), &id.to_string(), number)
            } else {
                self.graph.create(id.to_string(), number);
                batch.push(id.to_string());
                if batch.len() < size && number + 2 < self.plan.leads {
                    continue;
                }
                size = draw_size();
                if self.rng.below(100) < self.plan.lost_webhooks {
                    batch.clear();
                    continue;
                }
                meta(self.kind("meta"), &std::mem::take(&mut batch))
            };
            senders.spawn_local(async move {
                // Later ones may arrive earlier.
                sleep(Duration::from_secs(u64::from(world.rng.below(600)))).await;
                world.deliver(delivery).await;
            });
        }
        while senders.join_next().await.is_some() {}
    }

    /// Waits until nothing waits in the outbox.
    async fn rest(&self) {
        let waiting = "SELECT COUNT(*) FROM leads WHERE state IN \
                       ('fetching', 'pending', 'sending', 'unconfirmed', 'reconciling')";
        let give_up = self.crm.elapsed() + 72.0 * HOUR;
        // Twice the interval of the backfill.
        sleep(Duration::from_secs(3_700)).await;
        while self.database.borrow().number(waiting) > 0.0 && self.crm.elapsed() < give_up {
            sleep(Duration::from_secs(10)).await;
        }
    }

    fn outcome(&self) -> Outcome {
        let mut times: HashMap<String, usize> = HashMap::new();
        for name in self.crm.names() {
            *times.entry(name).or_default() += 1;
        }
        Outcome {
            lost: (0..self.plan.leads)
                .filter(|&number| !times.contains_key(&name_of(number)))
                .count(),
            duplicated: times.values().filter(|&&count| count > 1).count(),
            deaths: self.deaths.get(),
            fetches: self.graph.calls.get(),
            deliveries: self.deliveries.get(),
        }
    }
}

fn run(seed: u64, plan: Plan) -> Outcome {
    simulated(async {
        let behavior = Behavior {
            faults: 20,
            hangs: true,
            latency: 400.0,
            commit_lag: 8_000.0,
            search_lag: 12_000.0,
            outage: 2.0 * HOUR..8.0 * HOUR,
            finds: Finds::IdsAndPhones,
            page_size: 50,
            ignores_page: false,
            is_dated: true,
            unconfirmed: 0,
            rejecting: 0.0..0.0,
            takes_one_in: 1,
        };
        let world = Rc::new(World {
            plan,
            rng: Rng::new(!seed),
            crm: SimulatedCrm::new(seed, behavior),
            // The token is invalid for a day.
            graph: Graph::new(seed, 6.0 * HOUR..30.0 * HOUR, BEGIN),
            database: RefCell::new(Database::new()),
            site: RefCell::default(),
            deaths: Cell::default(),
            deliveries: Cell::default(),
            is_stable: Cell::default(),
            news: Notify::new(),
        });
        let process = spawn_local(Rc::clone(&world).live());
        // The forms are known before the first lead.
        sleep(Duration::from_secs_f64(10.0 * MINUTE / 1_000.0)).await;
        world.create_leads().await;
        world.is_stable.set(true);
        world.graph.faults.set(2);
        world.crm.change(|behavior| behavior.faults = 2);
        if let Some(site) = world.site.borrow().as_ref() {
            site.kill();
        }
        world.rest().await;
        process.abort();
        world.outcome()
    })
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn no_lead_of_a_platform_is_lost_or_duplicated() {
    let (leads, seeds) = (number("SOURCE_LEADS", 150), number("SEEDS", 20) as u64);
    let mut total = Outcome::default();
    for seed in 0..seeds {
        let outcome = run(seed, Plan::new(leads));
        assert_eq!((outcome.lost, outcome.duplicated), (0, 0), "seed {seed}: {outcome:?}");
        assert!(outcome.deaths > 20, "seed {seed}: {outcome:?}");
        total.deaths += outcome.deaths;
        total.fetches += outcome.fetches;
        total.deliveries += outcome.deliveries;
    }
    println!("{seeds} seeds x {leads} leads of two platforms: {total:?}");
}

#[test]
fn control_without_a_backfill_lost_webhooks_lose_leads() {
    let outcome = run(1, Plan { backfills: false, ..Plan::new(300) });
    assert!(outcome.lost > 0, "the control passes: {outcome:?}");
}

#[test]
fn control_mapping_at_receipt_without_storing_loses_leads() {
    let outcome = run(1, Plan { stores_first: false, ..Plan::new(300) });
    assert!(outcome.lost > 0, "the control passes: {outcome:?}");
}

#[test]
fn control_ids_without_a_prefix_lose_leads() {
    let outcome = run(1, Plan { prefixes: false, ..Plan::new(300) });
    assert!(outcome.lost > 0, "the control passes: {outcome:?}");
}
