//! The whole outbox, on a simulated clock: bursts, a six-hour outage, a CRM that fails in every
//! way, and a process that dies at any statement and at any wait. No lead is lost or duplicated,
//! and the CRM's limits hold.
//!
//! `SEEDS` and `LEADS` set the number of runs and leads (`cargo xtask simulate`).

use super::crm::{Behavior, Finds, SimulatedCrm, most_in_any};
use super::database::Database;
use super::rig::bulk;
use super::site::{FalseProof, Site, page_lead, submission};
use crate::support::rig::simulated;
use crate::support::rng::Rng;
use icloud_ready::outbox::{
    AmbiguousPolicy, CommandName, CrmLimits, EnqueueResult, OutboxSettings,
};
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

/// The parameters of a simulation.
#[derive(Clone, Debug)]
struct Plan {
    leads: usize,
    settings: OutboxSettings,
    behavior: Behavior,
    /// Whether the process dies now and then, and whether it claims leads.
    crashes: bool,
    claims: bool,
    /// Whether a control accepts insufficient proof, or any 2xx as a delivery.
    false_proof: FalseProof,
    /// Whether it pauses when the CRM asks for that.
    pauses: bool,
    /// The period over which leads arrive.
    within: f64,
    /// How often the machine's or the CRM's clock is set: infinite for never.
    clocks_set: f64,
    /// Whether rejected leads are replayed once the CRM accepts them.
    replays: bool,
    /// Whether the machine has only one clock, which is set together with the CRM's.
    one_clock: bool,
}

impl Plan {
    fn new(leads: usize) -> Self {
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
            rejecting: 9.0 * HOUR..13.0 * HOUR,
            takes_one_in: 20,
        };
        Self {
            leads,
            settings: OutboxSettings::default(),
            behavior,
            crashes: true,
            claims: true,
            false_proof: FalseProof::Not,
            pauses: true,
            within: 14.0 * HOUR,
            clocks_set: 20.0 * MINUTE,
            replays: true,
            one_clock: false,
        }
    }
}

/// The result of a simulation.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    lost: usize,
    /// Not in the CRM, and held for an operator.
    held: usize,
    /// Marked as delivered, and not in the CRM.
    falsely_delivered: usize,
    duplicated: usize,
    deaths: usize,
    calls: usize,
    minute: usize,
    hour: usize,
    /// The calls made while the CRM had asked for a pause.
    in_pause: usize,
    /// The share of the permitted calls that was used while the last burst was sent.
    drained: f64,
}

impl Outcome {
    fn is_good(&self) -> bool {
        self.lost == 0
            && self.falsely_delivered == 0
            && self.duplicated == 0
            && self.minute <= 480
            && self.hour <= 4_800
            && self.in_pause == 0
            && self.drained >= 0.95
    }
}

/// Runs one simulation to its end: until the CRM has everything that was acknowledged.
fn run(seed: u64, plan: &Plan) -> Outcome {
    simulated(async {
        let crm = SimulatedCrm::new(seed, plan.behavior.clone());
        let world = Rc::new(World {
            plan: plan.clone(),
            rng: Rng::new(!seed),
            database: RefCell::new(Database::new()),
            site: RefCell::new(None),
            acknowledged: RefCell::default(),
            deaths: Cell::new(0),
            is_stable: Cell::new(!plan.crashes),
            crm,
        });
        world.crm.one_clock.set(plan.one_clock);
        let process = spawn_local(Rc::clone(&world).live());
        let clocks = spawn_local(Rc::clone(&world).set_clocks());
        // Two thirds arrive in bursts over fourteen hours with an outage; the rest at the end.
        let last = plan.leads / 3;
        world.visit(0..plan.leads - last, plan.within).await;
        world.rest().await;
        if !plan.claims {
            return world.outcome(0.0);
        }
        // The last process that may die does so now.
        world.is_stable.set(true);
        if let Some(site) = world.site.borrow().as_ref() {
            site.kill();
        }
        world.crm.change(|behavior| {
            *behavior = Behavior { faults: 5, hangs: false, ..behavior.clone() }
        });
        if plan.replays {
            world.replay().await;
            world.rest().await;
        }
        sleep(Duration::from_millis((1.1 * HOUR) as u64)).await;
        let began = world.crm.elapsed();
        world.visit(plan.leads - last..plan.leads, 0.0).await;
        world.rest().await;
        process.abort();
        clocks.abort();
        world.outcome(began)
    })
}

struct World {
    plan: Plan,
    rng: Rng,
    crm: SimulatedCrm,
    database: RefCell<Database>,
    /// The running process, if there is one.
    site: RefCell<Option<Rc<Site<SimulatedCrm>>>>,
    acknowledged: RefCell<HashSet<usize>>,
    deaths: Cell<usize>,
    /// Whether processes no longer die.
    is_stable: Cell<bool>,
}

impl World {
    /// Runs one process after the other.
    async fn live(self: Rc<Self>) {
        loop {
            let database = self.database.borrow().reopened();
            self.database.replace(database.clone());
            if !self.is_stable.get() && self.rng.below(3) > 0 {
                // Some die while they open the store.
                let soon = self.rng.below(2) == 0;
                database
                    .die_at(self.rng.below(if soon { 60 } else { 6_000 }), self.rng.below(2) == 0);
            }
            let crm = icloud_ready::request::settings::CallSettings::default();
            let one_clock = self.plan.one_clock;
            let settings = OutboxSettings { one_clock, ..self.plan.settings.clone() };
            let opened = Site::open(database.clone(), self.crm.clone(), settings, crm);
            if let (Ok(mut site), false) = (opened, database.is_dead()) {
                site.claimless = !self.plan.claims;
                site.false_proof = self.plan.false_proof;
                site.pauseless = !self.plan.pauses;
                // The last work request may have died with the previous process.
                self.crm.books.borrow_mut().paused_until = 0.0;
                let site = Rc::new(site);
                self.site.replace(Some(Rc::clone(&site)));
                let lifetime =
                    if self.is_stable.get() { 1e12 } else { self.rng.fraction() * 20.0 * MINUTE };
                select! {
                    () = site.work() => {}
                    () = self.until_calm_or(lifetime) => site.kill(),
                }
                self.site.replace(None);
            }
            self.deaths.set(self.deaths.get() + 1);
            sleep(Duration::from_millis(u64::from(self.rng.below(20_000)))).await;
        }
    }

    /// Sets one clock or the other, by seconds or by months, ahead or back.
    async fn set_clocks(self: Rc<Self>) {
        while self.plan.clocks_set.is_finite() {
            let pause = (0.5 + self.rng.fraction()) * self.plan.clocks_set;
            sleep(Duration::from_secs_f64(pause / 1_000.0)).await;
            let size = [30_000.0, 10.0 * MINUTE, HOUR, 24.0 * HOUR, 90.0 * 24.0 * HOUR];
            let size = size[self.rng.below(5) as usize];
            let ahead = (self.rng.fraction() - 0.5) * 2.0 * size;
            let clocks = [&self.crm.ahead, &self.crm.own_ahead];
            if self.plan.one_clock {
                clocks.iter().for_each(|clock| clock.set(ahead));
            } else {
                clocks[self.rng.below(2) as usize].set(ahead);
            }
        }
    }

    /// Replays what the CRM rejected.
    async fn replay(&self) {
        loop {
            let site = self.site.borrow().clone();
            let command = bulk(CommandName::Replay, "refused");
            let replayed = site.map(|site| site.outbox.command_all(&command, site.now()));
            if let Some(Ok(_)) = replayed {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    }

    /// The lifetime of a process; once processes no longer die it is infinite.
    async fn until_calm_or(&self, lifetime: f64) {
        sleep(Duration::from_secs_f64(lifetime / 1_000.0)).await;
        while self.is_stable.get() {
            sleep(Duration::from_secs(3_600)).await;
        }
    }

    /// Enqueues these leads, in bursts and singly.
    async fn visit(self: &Rc<Self>, numbers: std::ops::Range<usize>, within: f64) {
        let mut visitors = tokio::task::JoinSet::new();
        for number in numbers {
            let world = Rc::clone(self);
            // Half of them in three bursts, one of which falls into the outage.
            let at = match number % 6 {
                0 => 0.1 + self.rng.fraction() * 0.002,
                1 => 0.4 + self.rng.fraction() * 0.002,
                2 => 0.8 + self.rng.fraction() * 0.002,
                _ => self.rng.fraction(),
            };
            visitors.spawn_local(async move {
                sleep(Duration::from_secs_f64(at * within / 1_000.0)).await;
                world.submit(number).await;
            });
        }
        while visitors.join_next().await.is_some() {}
    }

    /// A page keeps its lead until it is acknowledged, and retries with the same id.
    async fn submit(&self, number: usize) {
        loop {
            let site = self.site.borrow().clone();
            if let Some(Ok(accepted)) = site.map(|site| site.enqueue(&page_lead(number))) {
                assert!(
                    matches!(accepted, EnqueueResult::Accepted { submission_id, .. } if submission_id == submission(number))
                );
                self.acknowledged.borrow_mut().insert(number);
                return;
            }
            sleep(Duration::from_millis(u64::from(self.rng.below(10_000)))).await;
        }
    }

    /// Waits until no lead waits in the outbox; returns when that was.
    async fn rest(&self) -> f64 {
        let give_up = self.crm.elapsed() + 72.0 * HOUR;
        let waiting = "SELECT COUNT(*) FROM leads WHERE state IN \
                       ('pending', 'sending', 'unconfirmed', 'reconciling')";
        loop {
            let waits = self.database.borrow().number(waiting);
            // Without claims the outbox may never become idle.
            let shown = !self.plan.claims && self.duplicated() > 0;
            if waits == 0.0 || shown || self.crm.elapsed() > give_up {
                return self.crm.elapsed();
            }
            sleep(Duration::from_secs(1)).await;
        }
    }

    fn duplicated(&self) -> usize {
        self.crm.books.borrow().leads.values().filter(|times| times.len() > 1).count()
    }

    fn outcome(&self, began: f64) -> Outcome {
        let books = self.crm.books.borrow();
        let there = |number: &&usize| books.leads.contains_key(&submission(**number));
        let acknowledged = self.acknowledged.borrow();
        let in_state = |state: &str| {
            let sql = format!("SELECT id FROM leads WHERE state = '{state}'");
            let ids = self.database.borrow().texts(&sql);
            ids.iter().filter(|id| !books.leads.contains_key(*id)).count()
        };
        let (held, falsely_delivered) = (in_state("held"), in_state("delivered"));
        let calls = &books.calls;
        // For whole minutes during which leads must be waiting.
        let minutes = (self.plan.leads / 3 / 432) as f64;
        let drained = calls.iter().filter(|&&at| at >= began && at < began + minutes * MINUTE);
        let share = drained.count() as f64 / (minutes * 432.0);
        Outcome {
            lost: acknowledged.len() - acknowledged.iter().filter(there).count() - held,
            held,
            falsely_delivered,
            duplicated: self.duplicated(),
            deaths: self.deaths.get(),
            calls: calls.len(),
            minute: most_in_any(calls, MINUTE),
            hour: most_in_any(calls, HOUR),
            in_pause: books.in_pause,
            drained: if minutes > 0.0 { share } else { 1.0 },
        }
    }
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Runs the requested number of simulations, on two threads, and returns their results.
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
fn no_lead_is_lost_or_duplicated() {
    let (leads, seeds) = (number("LEADS", 2_000), number("SEEDS", 20) as u64);
    let outcomes = all(&Plan::new(leads), seeds);
    let most =
        |what: fn(&Outcome) -> usize| outcomes.iter().map(|(_, outcome)| what(outcome)).max();
    let sum = |what: fn(&Outcome) -> usize| -> usize {
        outcomes.iter().map(|(_, outcome)| what(outcome)).sum()
    };
    let least = outcomes.iter().map(|(_, outcome)| outcome.drained).fold(f64::INFINITY, f64::min);
    println!(
        "{seeds} seeds x {leads} leads: {} lost, {} duplicated, {} deaths, {} calls, at most {} a \
         minute and {} an hour, drained at no less than {:.1} % of the budget",
        sum(|outcome| outcome.lost),
        sum(|outcome| outcome.duplicated),
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

/// Runs a control: it must show the failure that it was made to show.
fn control(plan: &Plan, shows: impl Fn(&Outcome) -> bool) {
    let outcome = run(1, plan);
    assert!(shows(&outcome), "the control passes: {outcome:?}");
}

#[test]
fn control_without_claims_leads_are_duplicated() {
    let mut plan = Plan { claims: false, crashes: false, within: MINUTE, ..Plan::new(30) };
    plan.behavior.outage = 0.0..0.0;
    control(&plan, |outcome| outcome.duplicated > 0);
}

#[test]
fn control_without_lookups_leads_are_duplicated() {
    let settings =
        OutboxSettings { ambiguous: AmbiguousPolicy::Resend, ..OutboxSettings::default() };
    control(&Plan { settings, ..Plan::new(300) }, |outcome| outcome.duplicated > 0);
}

#[test]
fn control_with_a_lag_beyond_the_reconcile_delays_leads_are_duplicated() {
    let mut plan = Plan::new(300);
    plan.behavior.search_lag = 600_000.0;
    control(&plan, |outcome| outcome.duplicated > 0);
}

#[test]
fn control_without_a_limiter_the_limits_are_exceeded() {
    let limits = CrmLimits { per_minute: 1e6, per_hour: 1e6, ..CrmLimits::default() };
    let settings = OutboxSettings { limits, ..OutboxSettings::default() };
    let mut plan = Plan { settings, ..Plan::new(2_000) };
    plan.behavior.latency = 10.0;
    control(&plan, |outcome| outcome.minute > 480);
}

/// Simulations in which it is hard to know whether the CRM has a lead.
#[test]
fn no_lead_is_lost_or_duplicated_if_lookups_are_inconclusive() {
    let plan = |behavior: fn(&mut Behavior)| {
        let clocks_set = f64::INFINITY;
        let mut plan = Plan { within: 2.0 * HOUR, clocks_set, ..Plan::new(300) };
        plan.behavior.outage = 0.5 * HOUR..HOUR;
        behavior(&mut plan.behavior);
        plan
    };
    let worlds: [(&str, Plan); 5] = [
        ("phones alone are found", plan(|behavior| behavior.finds = Finds::Phones)),
        ("nothing is found", plan(|behavior| behavior.finds = Finds::Nothing)),
        (
            "nothing is found, and pages are short",
            plan(|behavior| (behavior.finds, behavior.page_size) = (Finds::Nothing, 10)),
        ),
        (
            "nothing is found, and lists have no dates",
            plan(|behavior| (behavior.finds, behavior.is_dated) = (Finds::Nothing, false)),
        ),
        (
            "a tenth of all creates is answered with a 2xx that confirms nothing",
            plan(|behavior| (behavior.finds, behavior.unconfirmed) = (Finds::Nothing, 10)),
        ),
    ];
    for (name, plan) in worlds {
        for (seed, outcome) in all(&plan, 2) {
            println!("{name}, seed {seed}: {outcome:?}");
            let found = (outcome.lost, outcome.duplicated, outcome.falsely_delivered, outcome.held);
            assert_eq!(found, (0, 0, 0, 0), "{name}, seed {seed}: {outcome:?}");
        }
    }
    // If there is only one page, some leads remain without proof.
    let one_page =
        plan(|behavior| (behavior.finds, behavior.ignores_page) = (Finds::Nothing, true));
    for (seed, outcome) in all(&one_page, 2) {
        println!("one page, seed {seed}: {outcome:?}");
        assert_eq!(
            (outcome.lost, outcome.duplicated, outcome.falsely_delivered),
            (0, 0, 0),
            "{outcome:?}"
        );
    }
}

#[test]
fn control_without_proof_of_absence_leads_are_duplicated() {
    let mut plan = Plan { false_proof: FalseProof::Absence, crashes: false, ..Plan::new(300) };
    (plan.behavior.finds, plan.within) = (Finds::Nothing, MINUTE);
    (plan.behavior.outage, plan.behavior.ignores_page) = (0.0..0.0, true);
    control(&plan, |outcome| outcome.duplicated > 0);
}

#[test]
fn control_if_any_2xx_counts_as_delivered_leads_are_lost() {
    let mut plan = Plan { false_proof: FalseProof::Success, ..Plan::new(300) };
    plan.behavior.unconfirmed = 10;
    control(&plan, |outcome| outcome.lost > 0 && outcome.falsely_delivered > 0);
}

#[test]
fn control_with_one_clock_the_limits_are_exceeded() {
    let limits = CrmLimits { per_minute: 60.0, ..CrmLimits::default() };
    let settings = OutboxSettings { limits, ..OutboxSettings::default() };
    let (clocks_set, one_clock, within) = (20_000.0, true, HOUR / 2.0);
    let mut plan = Plan { settings, clocks_set, one_clock, within, ..Plan::new(600) };
    (plan.behavior.outage, plan.behavior.rejecting) = (0.0..0.0, 0.0..0.0);
    control(&plan, |outcome| outcome.minute > 60);
}

#[test]
fn control_without_pauses_the_crm_is_called_during_retry_after() {
    control(&Plan { pauses: false, ..Plan::new(300) }, |outcome| outcome.in_pause > 0);
}

#[test]
fn control_without_a_replay_leads_rejected_twice_are_lost() {
    control(&Plan { replays: false, ..Plan::new(600) }, |outcome| outcome.lost > 0);
}
