//! Lists leads, page by page.
//!
//! `ICLOUDREADY_ACCESS_TOKEN=… cargo run --example list --features reqwest`
//!
//! `ICLOUDREADY_BASE_URL` is optional. To try it without an account, start the emulated CRM (`tests/sandbox/README.md`).

use icloud_ready::auth::Credential;
use icloud_ready::limiter::Rates;
use icloud_ready::model::ListQuery;
use icloud_ready::{Client, ReqwestTransport, Settings};
use std::env;
use std::error::Error;

const BASE_URL: &str = "https://api.icloud-ready.com/api/v2";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_url = env::var("ICLOUDREADY_BASE_URL").unwrap_or_else(|_| BASE_URL.into());
    let token = env::var("ICLOUDREADY_ACCESS_TOKEN")
        .map_err(|_| "the environment variable ICLOUDREADY_ACCESS_TOKEN is not set")?;
    let transport = ReqwestTransport::new(&base_url, Credential::AccessToken(token))?;
    let client = Client::new(transport, Settings::default(), Some(Rates::default()));

    let query = ListQuery { limit: Some(100), ..ListQuery::default() };
    let mut pages = client.leads().pages(&query);
    let mut count = 0;
    while let Some(page) = pages.next().await? {
        for lead in &page.data {
            let id = lead.id.as_deref().unwrap_or("no id");
            println!("{id}  {}", lead.status.as_deref().unwrap_or("no status"));
        }
        count += page.data.len();
    }
    eprintln!("{count} leads");
    Ok(())
}
