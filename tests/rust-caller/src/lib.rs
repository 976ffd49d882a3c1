//! A caller with an allocator of its own: it compiles only if the SDK sets none.

use icloud_ready::auth::Credential;
use icloud_ready::model::{Lead, LeadInformation};
use icloud_ready::transport::Transport;
use icloud_ready::{Client, Error, Settings};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: System = System;

const BASE_URL: &str = "https://api.icloud-ready.com/api/v2";

async fn create<T: Transport>(transport: T, phone: String) -> Result<Option<String>, Error> {
    let client = Client::new(transport, Settings::default(), None);
    let person = LeadInformation {
        first_name: Some("Ahmed".into()),
        phone: Some(phone),
        ..LeadInformation::default()
    };
    let lead = Lead { lead_information: Some(person), ..Lead::default() };
    Ok(client.leads().create(&lead).await?.id)
}

/// Creates a lead and returns its id.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(js_name = createLead)]
pub async fn create_lead(token: String, phone: String) -> Option<String> {
    let transport = icloud_ready::FetchTransport::new(BASE_URL, Credential::AccessToken(token));
    create(transport, phone).await.ok().flatten()
}

/// Creates a lead on a runtime with several threads and returns its id.
#[cfg(not(target_arch = "wasm32"))]
pub fn create_lead(
    token: String,
    phone: String,
) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let transport =
        icloud_ready::ReqwestTransport::new(BASE_URL, Credential::AccessToken(token))?;
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(runtime.block_on(async { tokio::spawn(create(transport, phone)).await })??)
}
