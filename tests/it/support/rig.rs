//! Clients, and the runtimes that they run on.

use super::fake::Fake;
use crate::transport::Socket;
use icloud_ready::auth::Credential;
use icloud_ready::limiter::Rates;
use icloud_ready::{Client, Settings};
use icloud_ready_sandbox::{ACCESS_TOKEN, API_KEY, CREATE_ONLY_API_KEY, ORGANIZATION_ID, Sandbox};
use std::cell::Cell;
use std::future::Future;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{LocalSet, spawn_local};

/// Runs on a simulated clock, which advances as soon as every task waits.
pub(crate) fn simulated<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    run(&runtime.expect("a runtime"), Duration::from_hours(1_000), future)
}

/// Runs on sockets and the machine's clock.
pub(crate) fn on_sockets<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    run(&runtime.expect("a runtime"), Duration::from_mins(5), future)
}

/// If it has not ended by then, it never will: the test fails instead of hanging.
fn run<T>(runtime: &Runtime, bound: Duration, future: impl Future<Output = T>) -> T {
    let bounded = async { tokio::time::timeout(bound, future).await };
    LocalSet::new().block_on(runtime, bounded).expect("an end")
}

pub(crate) fn bearer() -> Credential {
    Credential::AccessToken(ACCESS_TOKEN.into())
}

fn integration(key: &str) -> Credential {
    Credential::IntegrationToken { key: key.into(), organization_id: ORGANIZATION_ID.into() }
}

pub(crate) fn integration_token() -> Credential {
    integration(API_KEY)
}

pub(crate) fn create_only_token() -> Credential {
    integration(CREATE_ONLY_API_KEY)
}

/// A client of a server on this machine, without a limiter.
pub(crate) fn client(url: &str, credential: Credential) -> Client<Socket> {
    Client::new(Socket::new(url, credential), Settings::default(), None)
}

/// A client of a sandbox with all permissions.
pub(crate) fn sandboxed(sandbox: &Sandbox, settings: Settings) -> Client<Socket> {
    Client::new(Socket::new(&sandbox.url(), bearer()), settings, None)
}

/// A client of a scripted server, without a limiter.
pub(crate) fn faked(fake: &Fake, settings: Settings) -> Client<Fake> {
    Client::new(fake.clone(), settings, None)
}

/// A client of a scripted server, with the published limits.
pub(crate) fn limited(fake: &Fake, settings: Settings) -> Client<Fake> {
    Client::new(fake.clone(), settings, Some(Rates::default()))
}

/// Runs a job for each number, with this concurrency, and returns the results in order.
pub(crate) async fn each<F>(
    numbers: Range<usize>,
    concurrency: usize,
    job: impl Fn(usize) -> F + 'static,
) -> Vec<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let (next, job) = (Rc::new(Cell::new(numbers.start)), Rc::new(job));
    let workers: Vec<_> = (0..concurrency)
        .map(|_| {
            let (next, job) = (Rc::clone(&next), Rc::clone(&job));
            spawn_local(async move {
                let mut done = Vec::new();
                while next.get() < numbers.end {
                    let number = next.replace(next.get() + 1);
                    done.push((number, job(number).await));
                }
                done
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("no panic in a job"));
    }
    all.sort_by_key(|&(number, _)| number);
    all.into_iter().map(|(_, result)| result).collect()
}
