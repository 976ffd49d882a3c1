//! Clients, and what runs them.

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

/// Runs on a simulated clock, which advances as soon as everything waits.
pub(crate) fn simulated<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    run(&runtime.expect("a runtime"), Duration::from_hours(1_000), future)
}

/// Runs on sockets and the machine's clock.
pub(crate) fn on_sockets<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    run(&runtime.expect("a runtime"), Duration::from_mins(5), future)
}

/// What has not ended by then never will: that is a failure and no hang.
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

/// The settings that go with a credential.
pub(crate) fn settings(credential: &Credential) -> Settings {
    Settings {
        integration_token: matches!(credential, Credential::IntegrationToken { .. }),
        ..Settings::default()
    }
}

/// A client of a server on this machine, without a limiter.
pub(crate) fn client(url: &str, credential: Credential) -> Client<Socket> {
    let settings = settings(&credential);
    Client::new(Socket::new(url, credential), settings, None)
}

/// A client that may do everything in a sandbox.
pub(crate) fn sandboxed(sandbox: &Sandbox, settings: Settings) -> Client<Socket> {
    Client::new(Socket::new(&sandbox.url(), bearer()), settings, None)
}

/// A client of a scripted server, without a limiter.
pub(crate) fn faked(fake: &Fake, settings: Settings) -> Client<Fake> {
    Client::new(fake.clone(), settings, None)
}

/// A client of a scripted server that keeps under the published limits.
pub(crate) fn limited(fake: &Fake, settings: Settings) -> Client<Fake> {
    Client::new(fake.clone(), settings, Some(Rates::default()))
}

/// Does a job for each number, so many at a time, and gives what came of them in order.
pub(crate) async fn each<F>(
    numbers: Range<usize>,
    at_a_time: usize,
    job: impl Fn(usize) -> F + 'static,
) -> Vec<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let (next, job) = (Rc::new(Cell::new(numbers.start)), Rc::new(job));
    let workers: Vec<_> = (0..at_a_time)
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
