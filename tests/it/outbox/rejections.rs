//! Leads that the CRM rejects in masses: they do not delay others, and none is dead before the CRM
//! accepted a lead again.

use super::rig::{bulk, created, entry, rejected, sends, site};
use super::site::{Site, page_lead, submission};
use crate::support::fake::{Fake, Reply};
use crate::support::rig::simulated;
use icloud_ready::outbox::{Alert, BulkCommand, CommandName, Enqueue, LeadState, OutboxSettings};
use icloud_ready::sync::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// The lead that the CRM accepts while it rejects the others.
const HONEST: usize = 90_000;

/// A CRM that accepts only the honest lead, until it accepts all.
fn picky(takes_all: &Arc<Cell<bool>>) -> Fake {
    let takes_all = Arc::clone(takes_all);
    Fake::new(move |sent| {
        let is_honest = sent.body.as_ref().is_some_and(|body| body.contains(&submission(HONEST)));
        match sent.method {
            "POST" if is_honest || takes_all.get() => created(),
            "POST" => rejected(400),
            _ => Reply::json(200, "[]"),
        }
    })
}

/// 65 leads that the CRM rejects until it accepts all.
fn with_refused_leads() -> (Arc<Cell<bool>>, Fake, Rc<Site<Fake>>) {
    let takes_all = Arc::new(Cell::new(false));
    let fake = picky(&takes_all);
    let site = Rc::new(site(&fake, OutboxSettings::default()));
    for number in 0..65 {
        site.enqueue(&page_lead(number)).unwrap();
    }
    (takes_all, fake, site)
}

fn from(number: usize, client: &str) -> Enqueue {
    Enqueue { client: Some(client.into()), ..page_lead(number) }
}

/// Runs for this many seconds.
async fn seconds(site: &Rc<Site<Fake>>, seconds: u64) {
    let work = tokio::task::spawn_local({
        let site = Rc::clone(site);
        async move { site.work().await }
    });
    sleep(Duration::from_secs(seconds)).await;
    work.abort();
}

fn count(site: &Site<Fake>, state: LeadState) -> usize {
    site.outbox.metrics(0.0).unwrap()[&format!("leads{{state=\"{}\"}}", state.name())]
        .as_f64()
        .unwrap() as usize
}

/// Enqueues an honest lead at a position among 65 others, while others keep arriving; returns how
/// many seconds it took.
async fn honest_among(place: usize, client: fn(usize) -> String, every: Option<u64>) -> f64 {
    let fake = picky(&Arc::default());
    let site = Rc::new(site(&fake, OutboxSettings::default()));
    for number in 0..=65 {
        let number = if number == place { HONEST } else { number };
        site.enqueue(&from(number, &client(number))).unwrap();
    }
    let more = tokio::task::spawn_local({
        let site = Rc::clone(&site);
        async move {
            for number in 100.. {
                sleep(Duration::from_secs(every.unwrap_or(1_000_000))).await;
                site.enqueue(&from(number, &client(number))).unwrap();
            }
        }
    });
    seconds(&site, 1_000).await;
    more.abort();
    let sent = fake.sent();
    let is_honest = |body: &Option<String>| {
        body.as_ref().is_some_and(|body| body.contains(&submission(HONEST)))
    };
    sent.iter().find(|sent| is_honest(&sent.body)).map_or(f64::NAN, |sent| sent.at / 1_000.0)
}

#[test]
fn an_acceptable_lead_among_65_rejected_ones_is_sent_within_five_minutes() {
    let clients: [fn(usize) -> String; 3] = [
        |_| "one address".into(),
        |number| format!("address {number}"),
        |number| (if number == HONEST { "visitor" } else { "attacker" }).into(),
    ];
    for client in clients {
        for place in [0, 5, 32, 65] {
            for every in [None, Some(10), Some(3)] {
                let took = simulated(honest_among(place, client, every));
                assert!(took <= 300.0, "place {place}, every {every:?}: {took} s");
            }
        }
    }
}

#[test]
fn once_the_crm_accepts_leads_all_that_it_rejected_are_delivered() {
    simulated(async {
        let (takes_all, fake, site) = with_refused_leads();
        seconds(&site, 600).await;
        assert_eq!((count(&site, LeadState::Held), sends(&fake)), (65, 65));
        assert_eq!(entry(&site, 0).reason.as_deref(), Some("refused"));
        takes_all.set(true);
        seconds(&site, 1_000).await;
        assert_eq!((count(&site, LeadState::Delivered), sends(&fake)), (65, 130));
    });
}

#[test]
fn a_lead_rejected_again_after_a_success_is_dead_and_one_call_replays_all() {
    simulated(async {
        let (takes_all, fake, site) = with_refused_leads();
        seconds(&site, 300).await;
        site.enqueue(&page_lead(HONEST)).unwrap();
        seconds(&site, 600).await;
        assert_eq!((count(&site, LeadState::Dead), count(&site, LeadState::Delivered)), (65, 1));
        assert_eq!(sends(&fake), 65 + 1 + 65);
        takes_all.set(true);
        let replay =
            |reason: &str, from, to| BulkCommand { from, to, ..bulk(CommandName::Replay, reason) };
        let now = site.now();
        for (query, expected) in [
            (replay("challenge", None, None), 0),
            (replay("refused", Some(now.wall + 1.0), None), 0),
            (replay("refused", None, Some(now.wall - 3_600_000.0)), 0),
            (replay("refused", Some(now.wall - 3_600_000.0), Some(now.wall)), 65),
            (replay("refused", None, None), 0),
        ] {
            assert_eq!(site.outbox.command_all(&query, now).unwrap().count, expected, "{query:?}");
        }
        seconds(&site, 600).await;
        assert_eq!(count(&site, LeadState::Delivered), 66);
    });
}

#[test]
fn five_rejections_in_a_row_slow_sending_and_a_hundred_slow_it_further() {
    simulated(async {
        let fake = picky(&Arc::default());
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        for number in 0..150 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        seconds(&site, 600).await;
        let times: Vec<f64> = fake.sent().iter().map(|sent| sent.at).collect();
        let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        // Those in flight at the same time came first.
        assert!(gaps[12..95].iter().all(|gap| (1_999.0..2_100.0).contains(gap)), "{gaps:?}");
        assert!(gaps[100..].iter().all(|gap| (29_999.0..30_100.0).contains(gap)), "{gaps:?}");
        let health = site.outbox.health(0.0).unwrap();
        assert_eq!(health.pause_reason.as_deref(), Some("refusals"));
        // They are sent again without an operator.
        assert!(count(&site, LeadState::Held) > 100);
        assert_eq!(health.held, 0);
        assert!(!format!("{:?}", site.alerts()).contains("HeldLeads"));
        let paused =
            |alert: &Alert| matches!(alert, Alert::Paused { reason, .. } if reason == "refusals");
        assert_eq!(site.alerts().iter().filter(|alert| paused(alert)).count(), 1);
        assert!(!format!("{:?}", site.alerts()).contains("Resumed"));
    });
}

#[test]
fn leads_are_claimed_alternately_from_the_newest_the_oldest_and_the_least_rejected() {
    simulated(async {
        let fake = picky(&Arc::default());
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        for number in 0..40 {
            site.enqueue(&from(number, "attacker")).unwrap();
        }
        site.enqueue(&from(41, "visitor")).unwrap();
        for number in 50..60 {
            site.enqueue(&from(number, "attacker")).unwrap();
        }
        seconds(&site, 40).await;
        let number = |body: &Option<String>| {
            let body = body.as_deref().unwrap();
            let at = body.find("submission-").unwrap() + 11;
            body[at..at + 5].parse::<usize>().unwrap()
        };
        let sent: Vec<usize> = fake.sent().iter().map(|sent| number(&sent.body)).collect();
        let slow = &sent[sent.len() - 12..];
        assert!(sent.contains(&41), "{sent:?}");
        assert!(slow.iter().any(|&number| number >= 50), "{sent:?}");
        assert!(slow.iter().any(|&number| number < 40), "{sent:?}");
        // The client's address is not stored.
        for row in site.database.rows("SELECT * FROM leads", &[]).unwrap() {
            assert!(!format!("{row:?}").contains("attacker"));
        }
    });
}

#[test]
fn a_key_rejected_while_leads_are_rejected_still_pauses_sending() {
    simulated(async {
        let fake = Fake::new(|sent| match (sent.method, sent.at) {
            ("POST", at) if at < 60_000.0 => rejected(422),
            ("POST", at) if at < 3_600_000.0 => rejected(401),
            ("POST", _) => created(),
            _ => Reply::json(200, "[]"),
        })
        .chance(0.99);
        let site = Rc::new(site(&fake, OutboxSettings::default()));
        for number in 0..60 {
            site.enqueue(&page_lead(number)).unwrap();
        }
        seconds(&site, 3_600).await;
        let is_trial = fake.sent().iter().filter(|sent| sent.at > 60_000.0).count();
        assert!((5..20).contains(&is_trial), "{is_trial}");
        assert_eq!(
            site.outbox.health(0.0).unwrap().pause_reason.as_deref(),
            Some("authentication")
        );
        seconds(&site, 2_000).await;
        assert_eq!(count(&site, LeadState::Delivered), 60);
    });
}
