//! The whole of it, on a simulated clock: bursts, a six-hour outage, a CRM that fails in every way,
//! and a process that dies at any statement and at any wait. Nothing is lost, nothing doubled, and
//! the CRM's limits hold.
//!
//! `SEEDS` and `LEADS` set how much of it (`cargo xtask simulate`).

use super::crm::{Manner, SimulatedCrm, most_in_any};
use super::database::Database;
use super::site::{Site, arrival, submission};
use crate::support::dice::Dice;
use crate::support::rig::simulated;
use icloud_ready::outbox::{Accepted, Ambiguous, Limits, Settings};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::thread;
use std::time::Duration;
use tokio::select;
use tokio::task::spawn_local;
use tokio::time::sleep;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 3_600_000.0;

/// What differs from one simulation to another.
#[derive(Clone, Debug)]
struct Plan {
    leads: usize,
    settings: Settings,
    manner: Manner,
    /// Whether the process dies now and then, and whether it claims what it works on.
    crashes: bool,
    claims: bool,
    /// Over how long the leads come.
    within: f64,
}

impl Plan {
    fn new(leads: usize) -> Self {
        let manner = Manner {
            faults: 20,
            hangs: true,
            latency: 400.0,
            commit_lag: 8_000.0,
            search_lag: 12_000.0,
            outage: 2.0 * HOUR..8.0 * HOUR,
        };
        Self {
            leads,
            settings: Settings::default(),
            manner,
            crashes: true,
            claims: true,
            within: 14.0 * HOUR,
        }
    }
}

/// What came of it.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    lost: usize,
    doubled: usize,
    deaths: usize,
    calls: usize,
    minute: usize,
    hour: usize,
    /// The calls made while the last burst was worked off, of those that the budget allows.
    drained: f64,
}

impl Outcome {
    fn is_good(&self) -> bool {
        self.lost == 0
            && self.doubled == 0
            && self.minute <= 480
            && self.hour <= 4_800
            && self.drained >= 0.95
    }
}

/// Runs one simulation to its end: until everything that was acknowledged is with the CRM.
fn run(seed: u64, plan: &Plan) -> Outcome {
    simulated(async {
        let crm = SimulatedCrm::new(seed, plan.manner.clone());
        let world = Rc::new(World {
            plan: plan.clone(),
            dice: Dice::new(!seed),
            database: RefCell::new(Database::new()),
            site: RefCell::new(None),
            acknowledged: RefCell::default(),
            deaths: Cell::new(0),
            calm: Cell::new(!plan.crashes),
            crm,
        });
        let process = spawn_local(Rc::clone(&world).live());
        // Two thirds come in bursts over fourteen hours, an outage within; the rest at the end.
        let last = plan.leads / 3;
        world.visit(0..plan.leads - last, plan.within).await;
        world.rest().await;
        if !plan.claims {
            return world.outcome(0.0);
        }
        // The last process that may die does so now.
        world.calm.set(true);
        if let Some(site) = world.site.borrow().as_ref() {
            site.kill();
        }
        world.crm.change(|manner| *manner = Manner { faults: 5, hangs: false, ..manner.clone() });
        sleep(Duration::from_millis((1.1 * HOUR) as u64)).await;
        let began = world.crm.elapsed();
        world.visit(plan.leads - last..plan.leads, 0.0).await;
        world.rest().await;
        process.abort();
        world.outcome(began)
    })
}

struct World {
    plan: Plan,
    dice: Dice,
    crm: SimulatedCrm,
    database: RefCell<Database>,
    /// The process that lives, if one does.
    site: RefCell<Option<Rc<Site<SimulatedCrm>>>>,
    acknowledged: RefCell<HashSet<usize>>,
    deaths: Cell<usize>,
    /// Whether nothing dies any more.
    calm: Cell<bool>,
}

impl World {
    /// One process after the other.
    async fn live(self: Rc<Self>) {
        loop {
            let database = self.database.borrow().reopened();
            self.database.replace(database.clone());
            if !self.calm.get() && self.dice.below(3) > 0 {
                // Some die as they open.
                let soon = self.dice.below(2) == 0;
                database.die_at(
                    self.dice.below(if soon { 60 } else { 6_000 }),
                    self.dice.below(2) == 0,
                );
            }
            let (settings, crm) = (self.plan.settings.clone(), icloud_ready::Settings::default());
            let opened = Site::open(database.clone(), self.crm.clone(), settings, crm);
            if let (Ok(mut site), false) = (opened, database.is_dead()) {
                site.claimless = !self.plan.claims;
                let site = Rc::new(site);
                self.site.replace(Some(Rc::clone(&site)));
                let life =
                    if self.calm.get() { 1e12 } else { self.dice.fraction() * 20.0 * MINUTE };
                select! {
                    () = site.work() => {}
                    () = self.until_calm_or(life) => site.kill(),
                }
                self.site.replace(None);
            }
            self.deaths.set(self.deaths.get() + 1);
            sleep(Duration::from_millis(u64::from(self.dice.below(20_000)))).await;
        }
    }

    /// Lasts so long; a life that may not end any more lasts for ever.
    async fn until_calm_or(&self, life: f64) {
        sleep(Duration::from_secs_f64(life / 1_000.0)).await;
        while self.calm.get() {
            sleep(Duration::from_secs(3_600)).await;
        }
    }

    /// Lets these leads come, in bursts and alone.
    async fn visit(self: &Rc<Self>, numbers: std::ops::Range<usize>, within: f64) {
        let mut visitors = tokio::task::JoinSet::new();
        for number in numbers {
            let world = Rc::clone(self);
            // Half of them in three bursts, one of which meets the outage.
            let at = match number % 6 {
                0 => 0.1 + self.dice.fraction() * 0.002,
                1 => 0.4 + self.dice.fraction() * 0.002,
                2 => 0.8 + self.dice.fraction() * 0.002,
                _ => self.dice.fraction(),
            };
            visitors.spawn_local(async move {
                sleep(Duration::from_secs_f64(at * within / 1_000.0)).await;
                world.submit(number).await;
            });
        }
        while visitors.join_next().await.is_some() {}
    }

    /// A page keeps its lead until it is acknowledged, and comes again with the same id.
    async fn submit(&self, number: usize) {
        loop {
            let site = self.site.borrow().clone();
            if let Some(Ok(accepted)) = site.map(|site| site.put(&arrival(number))) {
                assert_eq!(accepted, Accepted::Accepted { submission_id: submission(number) });
                self.acknowledged.borrow_mut().insert(number);
                return;
            }
            sleep(Duration::from_millis(u64::from(self.dice.below(10_000)))).await;
        }
    }

    /// Waits until nothing waits in the outbox; gives when that was.
    async fn rest(&self) -> f64 {
        let give_up = self.crm.elapsed() + 72.0 * HOUR;
        let waiting = "SELECT COUNT(*) FROM leads WHERE state IN \
                       ('ready', 'inflight', 'unsure', 'looking')";
        loop {
            let waits = self.database.borrow().number(waiting);
            // Without claims nothing need ever come to rest.
            let shown = !self.plan.claims && self.doubled() > 0;
            if waits == 0.0 || shown || self.crm.elapsed() > give_up {
                return self.crm.elapsed();
            }
            sleep(Duration::from_secs(1)).await;
        }
    }

    fn doubled(&self) -> usize {
        self.crm.books.borrow().leads.values().filter(|times| times.len() > 1).count()
    }

    fn outcome(&self, began: f64) -> Outcome {
        let books = self.crm.books.borrow();
        let there = |number: &&usize| books.leads.contains_key(&submission(**number));
        let acknowledged = self.acknowledged.borrow();
        let calls = &books.calls;
        // For so many whole minutes there must be leads that wait.
        let minutes = (self.plan.leads / 3 / 432) as f64;
        let drained = calls.iter().filter(|&&at| at >= began && at < began + minutes * MINUTE);
        let share = drained.count() as f64 / (minutes * 432.0);
        Outcome {
            lost: acknowledged.len() - acknowledged.iter().filter(there).count(),
            doubled: self.doubled(),
            deaths: self.deaths.get(),
            calls: calls.len(),
            minute: most_in_any(calls, MINUTE),
            hour: most_in_any(calls, HOUR),
            drained: if minutes > 0.0 { share } else { 1.0 },
        }
    }
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Runs as many simulations as are asked for, on two threads, and gives what came of each.
fn all(plan: &Plan, seeds: u64) -> Vec<(u64, Outcome)> {
    let mut outcomes: Vec<(u64, Outcome)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|first| {
                let seeds = (0..seeds).filter(move |seed| seed % 2 == first);
                scope.spawn(move || seeds.map(|seed| (seed, run(seed, plan))).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    outcomes.sort_by_key(|&(seed, _)| seed);
    outcomes
}

#[test]
fn nothing_is_lost_and_nothing_doubled() {
    let (leads, seeds) = (number("LEADS", 2_000), number("SEEDS", 20) as u64);
    let outcomes = all(&Plan::new(leads), seeds);
    let most =
        |what: fn(&Outcome) -> usize| outcomes.iter().map(|(_, outcome)| what(outcome)).max();
    let sum = |what: fn(&Outcome) -> usize| -> usize {
        outcomes.iter().map(|(_, outcome)| what(outcome)).sum()
    };
    let least = outcomes.iter().map(|(_, outcome)| outcome.drained).fold(f64::INFINITY, f64::min);
    println!(
        "{seeds} seeds x {leads} leads: {} lost, {} doubled, {} deaths, {} calls, at most {} a \
         minute and {} an hour, drained at no less than {:.1} % of the budget",
        sum(|outcome| outcome.lost),
        sum(|outcome| outcome.doubled),
        sum(|outcome| outcome.deaths),
        sum(|outcome| outcome.calls),
        most(|outcome| outcome.minute).unwrap_or(0),
        most(|outcome| outcome.hour).unwrap_or(0),
        least * 100.0,
    );
    for (seed, outcome) in &outcomes {
        assert!(outcome.is_good(), "seed {seed}: {outcome:?}");
        assert!(outcome.deaths > 20, "seed {seed}: {outcome:?}");
    }
}

/// Runs a control: it must show what it was made to show.
fn control(plan: &Plan, shows: impl Fn(&Outcome) -> bool) {
    let outcome = run(1, plan);
    assert!(shows(&outcome), "the control passes: {outcome:?}");
}

#[test]
fn without_a_claim_leads_are_doubled() {
    let mut plan = Plan { claims: false, crashes: false, within: MINUTE, ..Plan::new(30) };
    plan.manner.outage = 0.0..0.0;
    control(&plan, |outcome| outcome.doubled > 0);
}

#[test]
fn without_a_look_leads_are_doubled() {
    let settings = Settings { ambiguous: Ambiguous::Resend, ..Settings::default() };
    control(&Plan { settings, ..Plan::new(300) }, |outcome| outcome.doubled > 0);
}

#[test]
fn with_a_lag_beyond_the_waits_leads_are_doubled() {
    let mut plan = Plan::new(300);
    plan.manner.search_lag = 600_000.0;
    control(&plan, |outcome| outcome.doubled > 0);
}

#[test]
fn without_a_limiter_the_limits_are_exceeded() {
    let limits = Limits { per_minute: 1e6, per_hour: 1e6, ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let mut plan = Plan { settings, ..Plan::new(2_000) };
    plan.manner.latency = 10.0;
    control(&plan, |outcome| outcome.minute > 480);
}
