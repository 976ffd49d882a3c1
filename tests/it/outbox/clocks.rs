//! The machine's clock is set ahead and back, and so is the CRM's: no wait is longer for it, the
//! limits hold, and nothing is deleted too early.

use super::crm::most_in_any;
use super::rig::{created, crm, empty_lookup, entry, found, reopened, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::{BEGIN, Fake, Reply};
use crate::support::rig::simulated;
use icloud_ready::outbox::{Alert, CrmLimits, LeadState, OutboxSettings, Retention};
use std::rc::Rc;
use std::time::Duration;
use tokio::time::sleep;

const SECOND: f64 = 1_000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const YEAR: f64 = 365.0 * DAY;

/// The offset from the true time to which a clock is set.
const JUMPS: [f64; 8] = [HOUR, -HOUR, DAY, -DAY, 30.0 * DAY, -30.0 * DAY, YEAR, -YEAR];

/// A site that runs, and that can be killed and started again.
struct Machine {
    fake: Fake,
    settings: OutboxSettings,
    site: Rc<Site<Fake>>,
    work: tokio::task::JoinHandle<()>,
}

impl Machine {
    fn new(fake: &Fake, settings: OutboxSettings) -> Self {
        let site = Rc::new(site(fake, settings.clone()));
        Self { fake: fake.clone(), settings, work: work(&site), site }
    }

    fn restart(&mut self) {
        self.work.abort();
        self.site.kill();
        let site = reopened(&self.site, &self.fake, self.settings.clone());
        self.site = Rc::new(site);
        self.work = work(&self.site);
    }

    async fn wait(&self, milliseconds: f64) {
        sleep(Duration::from_secs_f64(milliseconds / 1_000.0)).await;
    }

    fn enqueue(&self, number: usize) {
        self.site.enqueue(&page_lead(number)).unwrap();
    }

    fn bodies(&self) -> f64 {
        self.site.database.number("SELECT COUNT(lead) FROM leads")
    }

    fn ids(&self) -> f64 {
        self.site.database.number("SELECT COUNT(*) FROM leads")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.work.abort();
    }
}

fn work(site: &Rc<Site<Fake>>) -> tokio::task::JoinHandle<()> {
    let site = Rc::clone(site);
    tokio::task::spawn_local(async move { site.work().await })
}

/// What makes a lead wait, the CRM that causes it, and the maximum wait.
type Wait = (&'static str, fn() -> Fake, f64);

fn waits() -> [Wait; 5] {
    [
        ("a pause", || first(Reply::json(429, "").retry_after("90")), 2.0 * MINUTE),
        ("a back-off", || first(Reply::json(429, "")), 2.0 * SECOND),
        ("a lookup", || first(Reply::json(503, "")), 2.0 * MINUTE),
        ("a refused key", || first(Reply::json(401, "")), 2.0 * SECOND),
        ("a failed lookup", failed_lookup, 2.0 * MINUTE),
    ]
}

/// A CRM that responds to the first create like this, and accepts the others.
fn first(reply: Reply) -> Fake {
    crm(move |sent| if sent == 1 { reply.clone() } else { created() }, empty_lookup)
}

fn failed_lookup() -> Fake {
    let lookups = std::cell::Cell::new(0);
    crm(
        |_| Reply::hang(),
        move |_| {
            lookups.set(lookups.get() + 1);
            if lookups.get() < 3 { Reply::json(503, "") } else { found(1) }
        },
    )
}

#[test]
fn no_wait_is_longer_after_the_clock_is_changed() {
    for (what, fake, longest) in waits() {
        for jump in JUMPS {
            // The clock is wrong while the wait begins, or from then on; with a new process and
            // without.
            for (before, after) in [(jump, 0.0), (0.0, jump), (jump, -jump)] {
                for restarts in [false, true] {
                    simulated(async move {
                        let fake = fake();
                        let mut machine = Machine::new(&fake, OutboxSettings::default());
                        fake.set_clock(before);
                        machine.enqueue(1);
                        // A request that hangs takes half a minute.
                        machine
                            .wait(if what == "a failed lookup" { 31.0 * SECOND } else { 10.0 })
                            .await;
                        fake.set_clock(after);
                        if restarts {
                            machine.restart();
                        }
                        machine.wait(longest).await;
                        let state = entry(&machine.site, 1).state;
                        let case = format!("{what}, {before} then {after}, restarts: {restarts}");
                        assert_eq!(state, LeadState::Delivered, "{case}");
                    });
                }
            }
        }
    }
}

/// Sets the clock repeatedly while there is more to send than the limits allow; returns the most
/// calls in any minute, in any hour, and in total.
async fn calls_under(jump: f64, restarts: bool, one_clock: bool) -> (usize, usize, usize) {
    let limits = CrmLimits { per_minute: 60.0, per_hour: 800.0, ..CrmLimits::default() };
    let settings = OutboxSettings { limits, one_clock, ..OutboxSettings::default() };
    let fake = crm(|_| created(), empty_lookup).one_clock(one_clock);
    let mut machine = Machine::new(&fake, settings);
    for number in 0..2_000 {
        machine.enqueue(number);
    }
    for turn in 0..40 {
        machine.wait(2.0 * MINUTE + 7.0 * SECOND).await;
        fake.set_clock(if turn % 2 == 0 { jump } else { 0.0 });
        if restarts {
            machine.restart();
        }
        // The host reads its clock from time to time.
        machine.enqueue(3_000 + turn);
    }
    let times: Vec<f64> = fake.sent().iter().map(|sent| sent.at).collect();
    (most_in_any(&times, MINUTE), most_in_any(&times, HOUR), times.len())
}

#[test]
fn the_limits_hold_across_clock_changes() {
    for jump in [HOUR, -DAY, YEAR] {
        for (restarts, one_clock) in [(false, false), (true, false), (false, true), (true, true)] {
            let (minute, hour, all) = simulated(calls_under(jump, restarts, one_clock));
            let case = format!("{jump}, restarts: {restarts}, one clock: {one_clock}");
            assert!(minute <= 60 && hour <= 800, "{case}: {minute} a minute, {hour} an hour");
            assert!(all > 1_000, "{case}: {all}");
        }
    }
}

#[test]
fn after_downtime_the_limits_are_free_once_the_crms_clock_confirms_it() {
    simulated(async {
        let limits = CrmLimits { per_minute: 10.0, per_hour: 60.0, ..CrmLimits::default() };
        let fake = crm(|_| created(), empty_lookup);
        let mut machine =
            Machine::new(&fake, OutboxSettings { limits, ..OutboxSettings::default() });
        for number in 0..130 {
            machine.enqueue(number);
        }
        machine.wait(20.0 * MINUTE).await;
        assert_eq!(fake.count(), 57);
        machine.work.abort();
        machine.wait(2.0 * HOUR).await;
        machine.restart();
        machine.wait(20.0 * MINUTE).await;
        assert_eq!(fake.count(), 2 * 57);
    });
}

/// Bodies are deleted after a week, ids after twenty days.
fn retention() -> OutboxSettings {
    let retention = Retention { delivered: 7.0, dead: 14.0, ids: 20.0 };
    OutboxSettings { retention, ..OutboxSettings::default() }
}

#[test]
fn nothing_is_deleted_early_and_everything_eventually() {
    for jump in JUMPS {
        // Set while the lead is delivered, or later, and corrected afterwards.
        for (at_first, later) in [(0.0, jump), (jump, 0.0), (jump, jump)] {
            for restarts in [false, true] {
                simulated(async move {
                    let fake = crm(|_| created(), empty_lookup);
                    fake.set_clock(at_first);
                    let mut machine = Machine::new(&fake, retention());
                    machine.enqueue(1);
                    machine.wait(HOUR).await;
                    fake.set_clock(later);
                    if restarts {
                        machine.restart();
                    }
                    let case = format!("{at_first} then {later}, restarts: {restarts}");
                    for day in 1..=6 {
                        // Other leads are sent, so that the CRM's date is known.
                        machine.enqueue(100 + day);
                        machine.wait(DAY - 10.0 * MINUTE).await;
                        let stored = machine.site.outbox.inspect(&submission(1)).unwrap().unwrap();
                        assert!(stored.lead.is_some(), "{case}: day {day}");
                    }
                    fake.set_clock(0.0);
                    if restarts {
                        machine.restart();
                    }
                    machine.wait(DAY / 2.0).await;
                    assert_eq!(machine.bodies(), 7.0, "{case}");
                    machine.wait(13.0 * DAY).await;
                    assert_eq!((machine.bodies(), machine.ids()), (0.0, 7.0), "{case}");
                    machine.wait(20.0 * DAY).await;
                    assert_eq!(machine.ids(), 0.0, "{case}");
                });
            }
        }
    }
}

#[test]
fn while_the_clocks_disagree_nothing_is_deleted_and_an_alert_is_raised() {
    for (machine_ahead, server_ahead) in [(2.0 * DAY, 0.0), (-YEAR, 0.0), (0.0, YEAR), (DAY, -DAY)]
    {
        simulated(async move {
            let fake = crm(|_| created(), empty_lookup);
            let machine = Machine::new(&fake, retention());
            machine.enqueue(1);
            machine.wait(HOUR).await;
            fake.set_clock(machine_ahead);
            fake.set_server_clock(Some(server_ahead));
            machine.wait(10.0 * DAY).await;
            assert_eq!(machine.bodies(), 1.0);
            let reported: Vec<f64> = machine
                .site
                .alerts()
                .iter()
                .filter_map(|alert| match alert {
                    Alert::ClockSkew { offset_ms } => *offset_ms,
                    _ => None,
                })
                .collect();
            // At most once a day.
            assert!((1..=5).contains(&reported.len()), "{reported:?}");
            let expected = machine_ahead - server_ahead;
            assert!((reported[0] - expected).abs() < 2.0 * SECOND, "{reported:?}");
            fake.set_clock(0.0);
            fake.set_server_clock(Some(0.0));
            machine.wait(2.0 * DAY).await;
            assert_eq!(machine.bodies(), 0.0);
        });
    }
}

#[test]
fn without_responses_the_crms_date_is_requested_once_a_day() {
    for has_date in [true, false] {
        simulated(async move {
            let fake = crm(|_| created(), empty_lookup);
            fake.set_server_clock(has_date.then_some(0.0));
            let machine = Machine::new(&fake, retention());
            machine.enqueue(1);
            machine.wait(10.0 * DAY).await;
            let requested: Vec<f64> = fake.sent()[1..].iter().map(|sent| sent.at / DAY).collect();
            assert!(fake.sent()[1..].iter().all(|sent| sent.target == "/leads?limit=1"));
            if has_date {
                assert_eq!((requested.len(), machine.bodies()), (1, 0.0), "{requested:?}");
            } else {
                assert_eq!((requested.len(), machine.bodies()), (3, 1.0), "{requested:?}");
                let reported = machine.site.alerts();
                assert!(reported.contains(&Alert::ClockSkew { offset_ms: None }), "{reported:?}");
            }
        });
    }
}

#[test]
fn ages_are_correct_across_clock_changes() {
    for jump in JUMPS {
        for restarts in [false, true] {
            simulated(async move {
                let fake = crm(|_| Reply::json(401, ""), empty_lookup);
                let mut machine = Machine::new(&fake, OutboxSettings::default());
                machine.enqueue(1);
                let close = |age: f64, expected: f64| (age - expected).abs() <= 15.0;
                let (mut reported, mut seen) = (Vec::new(), 0);
                for quarter in 0..2 * 24 * 4 {
                    machine.wait(15.0 * MINUTE).await;
                    let alerts = machine.site.alerts();
                    let ages = alerts[seen..].iter().filter_map(|alert| match alert {
                        Alert::BacklogAge { oldest_age_ms, .. } => Some(oldest_age_ms / MINUTE),
                        _ => None,
                    });
                    for age in ages {
                        let elapsed = 15.0 * f64::from(quarter + 1);
                        // Time during which no process ran counts once it is proven.
                        assert!(age <= elapsed, "{jump}, {restarts}: {age} of {elapsed}");
                        reported.push(age);
                    }
                    seen = alerts.len();
                    if quarter % 10 == 3 {
                        fake.set_clock(if quarter % 20 == 3 { jump } else { 0.0 });
                        if restarts {
                            machine.restart();
                            seen = 0;
                        }
                    }
                }
                let expected = [15.0, 60.0, 24.0 * 60.0];
                assert!(
                    expected
                        .iter()
                        .all(|&age| reported.iter().any(|&reported| close(reported, age))),
                    "{jump}, {restarts}: {reported:?}"
                );
            });
        }
    }
}

#[test]
fn reported_dates_use_the_current_clock() {
    for jump in JUMPS {
        simulated(async move {
            let fake = crm(|_| Reply::json(401, ""), empty_lookup);
            fake.set_clock(jump);
            let mut machine = Machine::new(&fake, OutboxSettings::default());
            machine.enqueue(1);
            machine.wait(HOUR).await;
            fake.set_clock(0.0);
            machine.restart();
            machine.wait(HOUR).await;
            let shown = entry(&machine.site, 1);
            let age = (BEGIN + fake.elapsed() - shown.created_at) / HOUR;
            // The time since the clock was last stored is unknown.
            assert!((1.7..2.01).contains(&age), "{jump}: {age}");
            let next = (shown.next_at.unwrap() - BEGIN - fake.elapsed()) / MINUTE;
            assert!(next <= 15.0, "{jump}: {next}");
            assert_eq!(machine.site.outbox.health(machine.site.now()).unwrap().backlog, 1);
        });
    }
}
