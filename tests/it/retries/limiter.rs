//! The limiter under the client, on a simulated clock.

use crate::support::fake::{Fake, Reply};
use crate::support::records::lead;
use crate::support::rig::{bearer, each, limited, on_sockets, simulated};
use crate::support::rng::Rng;
use crate::transport::{Socket, milliseconds};
use icloud_ready::limiter::Rates;
use icloud_ready::transport::TransportError;
use icloud_ready::{Client, Settings};
use icloud_ready_sandbox::{Limits, Options, Sandbox, Switches};
use std::time::Duration;
use tokio::task::{JoinHandle, spawn_local};

/// The most calls in any window of this length.
pub(crate) fn most_in_any(times: &[f64], length: f64) -> usize {
    let mut from = 0;
    let mut most = 0;
    for (to, &time) in times.iter().enumerate() {
        while times[from] <= time - length {
            from += 1;
        }
        most = most.max(to - from + 1);
    }
    most
}

/// Starts this many calls, the first with this number.
pub(crate) fn start(client: &Client<Fake>, first: usize, count: usize) -> Vec<JoinHandle<bool>> {
    (first..first + count)
        .map(|number| {
            let client = client.clone();
            spawn_local(async move { client.leads().delete(&number.to_string()).await.is_ok() })
        })
        .collect()
}

pub(crate) async fn wait(seconds: f64) {
    tokio::time::sleep(milliseconds(seconds * 1_000.0)).await;
}

/// When each call was sent.
pub(crate) fn times(fake: &Fake) -> Vec<f64> {
    fake.sent().iter().map(|sent| sent.at).collect()
}

/// The numbers of the calls, in the order of sending.
pub(crate) fn order(fake: &Fake) -> Vec<usize> {
    let number = |target: &str| target.rsplit_once('/').unwrap().1.parse().unwrap();
    fake.sent().iter().map(|sent| number(&sent.target)).collect()
}

#[test]
fn ten_thousand_calls_in_bursts_keep_both_limits_and_their_order() {
    simulated(async {
        let rng = Rng::new(2);
        let durations = Rng::new(4);
        let fake =
            Fake::new(move |_| Reply::json(200, "{}").after(f64::from(durations.below(900))));
        let client = limited(&fake, Settings::default());
        let mut calls = Vec::new();
        while calls.len() < 10_000 {
            let burst = (1 + rng.below(1_000) as usize).min(10_000 - calls.len());
            calls.extend(start(&client, calls.len(), burst));
            wait(f64::from(rng.below(800))).await;
        }
        for call in calls {
            assert!(call.await.unwrap());
        }
        assert!(order(&fake).is_sorted());
        let times = times(&fake);
        assert_eq!(times.len(), 10_000);
        // Never over the limit, and not under it: what both windows permit is sent.
        assert_eq!(most_in_any(&times, 60_000.0), 480);
        assert_eq!(most_in_any(&times, 3_600_000.0), 4_800);
    });
}

#[test]
fn an_idle_limiter_costs_no_time() {
    simulated(async {
        let fake = Fake::replying([Reply::json(200, "{}")]);
        let client = limited(&fake, Settings::default());
        for call in start(&client, 0, 480) {
            assert!(call.await.unwrap());
        }
        assert_eq!((fake.count(), fake.elapsed()), (480, 0.0));
        assert!(start(&client, 480, 1).remove(0).await.unwrap());
        assert_eq!(fake.elapsed(), 60_000.0);
    });
}

#[test]
fn a_dropped_waiter_leaves_no_gap() {
    simulated(async {
        let fake = Fake::replying([Reply::json(200, "{}")]);
        let client = limited(&fake, Settings::default());
        let mut calls = start(&client, 0, 480);
        wait(1.0).await;
        calls.extend(start(&client, 480, 600));
        wait(30.0).await;
        assert_eq!(fake.count(), 480);
        // The first waiter, every other one, and the last ones of the next minute.
        let given_up =
            |number: usize| number == 480 || number % 2 == 1 || (1_000..1_040).contains(&number);
        for (number, call) in calls.iter().enumerate().skip(480) {
            if given_up(number) {
                call.abort();
            }
        }
        for call in calls {
            let _ = call.await;
        }
        let left: Vec<_> = (480..1_080).filter(|&number| !given_up(number)).collect();
        assert_eq!(order(&fake)[480..], left);
        // Less than a minute's worth: none of them had to wait for a second window.
        assert!(times(&fake)[480..].iter().all(|&time| time == 60_000.0));
    });
}

#[test]
fn a_new_call_does_not_overtake_a_waiting_one() {
    simulated(async {
        let fake = Fake::replying([Reply::json(200, "{}")]);
        let client = limited(&fake, Settings::default());
        // Starts exactly when the slot opens that the other has waited for, and runs first.
        let newcomer = client.clone();
        let newcomer = spawn_local(async move {
            wait(60.0).await;
            newcomer.leads().delete("481").await.is_ok()
        });
        tokio::task::yield_now().await;
        let mut calls = start(&client, 0, 1);
        wait(1.0).await;
        calls.extend(start(&client, 1, 480));
        calls.push(newcomer);
        for call in calls {
            assert!(call.await.unwrap());
        }
        assert!(order(&fake).is_sorted());
        assert_eq!(times(&fake)[480..], [60_000.0, 61_000.0]);
    });
}

#[test]
fn a_call_dropped_in_flight_still_counts() {
    simulated(async {
        let fake = Fake::replying([Reply::hang()]);
        let client = limited(
            &fake,
            Settings {
                timeout: Duration::ZERO,
                total_timeout: Duration::ZERO,
                ..Settings::default()
            },
        );
        let calls = start(&client, 0, 480);
        wait(10.0).await;
        calls.iter().for_each(JoinHandle::abort);
        let next = start(&client, 480, 1);
        wait(61.0).await;
        assert_eq!(times(&fake)[480..], [70_000.0], "a minute after the others ended");
        drop(next);
    });
}

#[test]
fn derived_clients_requests_retries_and_lookups_share_one_limiter() {
    simulated(async {
        let fake = Fake::new(|sent| match sent.method {
            "POST" => Reply::fault(TransportError::Connection),
            "PUT" if sent.attempt == 1 => Reply::json(503, "").retry_after("0"),
            _ => Reply::json(200, "[]"),
        })
        .chance(0.0);
        let client = limited(&fake, Settings::default());
        let id = Some("submission-1".to_owned());
        let sibling =
            client.with(Settings { submission_id: id, max_retries: 0, ..Settings::default() });
        client.request("PUT", "/stages", None, None, None).await.unwrap();
        sibling.leads().create(&lead("Mona", "+201001234567")).await.unwrap_err();
        assert_eq!(fake.count(), 9, "two sends, one send, two looks of three requests");
        for _ in 9..480 {
            client.request("GET", "/stages", None, None, None).await.unwrap();
        }
        assert_eq!(fake.elapsed(), 5_000.0, "the looks' waits alone");
        sibling.request("GET", "/stages", None, None, None).await.unwrap();
        assert_eq!(times(&fake)[480], 60_000.0);
    });
}

#[test]
fn a_server_with_the_same_limits_never_rejects() {
    let limits =
        Limits { per_minute: Some(20), per_hour: Some(50), minute_ms: 200, hour_ms: 12_000 };
    let switches = Switches { limits: Some(limits), ..Switches::default() };
    let sandbox = Sandbox::start(Options { switches, ..Options::default() });
    let rates = Rates { per_minute: 20, per_hour: 50, minute: 200.0 };
    let client =
        Client::new(Socket::new(&sandbox.url(), bearer()), Settings::default(), Some(rates));
    let results = on_sockets(each(0..50, 10, move |number| {
        let client = client.clone();
        async move { client.leads().retrieve(&number.to_string()).await.unwrap_err().status }
    }));
    assert_eq!(results, [Some(404); 50]);
    assert_eq!(sandbox.control().requests().len(), 50);
}
