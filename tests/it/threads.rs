//! A client whose calls run on several threads.

use crate::support::records::lead;
use crate::support::rig::{bearer, client};
use crate::transport::Socket;
use icloud_ready::model::ListQuery;
use icloud_ready::transport::Transport;
use icloud_ready::{Client, Error};
use icloud_ready_sandbox::{Options, Sandbox};
use tokio::runtime::Builder;

/// Every kind of call, on any thread that the runtime chooses.
async fn spawned<T: Transport + 'static>(client: Client<T>) -> Result<usize, Error> {
    let calls = tokio::spawn(async move {
        client.leads().create(&lead("Mona", "+201001234567")).await?;
        client.request("GET", "/leads", None, None, None).await?;
        client.leads().list(&ListQuery::default()).await?;
        let mut pages = client.leads().pages(&ListQuery::default());
        let mut count = 0;
        while let Some(page) = pages.next().await? {
            count += page.data.len();
        }
        Ok(count)
    });
    calls.await.expect("no panic in the calls")
}

#[test]
fn a_call_can_be_spawned() {
    const fn is_shareable<T: Send + Sync + 'static>() {}
    is_shareable::<Client<Socket>>();
    is_shareable::<Error>();

    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let sandbox = Sandbox::start(Options::default());
    let count = runtime.block_on(async { spawned(client(&sandbox.url(), bearer())).await });
    assert_eq!(count.unwrap(), 1);
}
