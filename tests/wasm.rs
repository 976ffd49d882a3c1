//! The typed client on wasm32, in Node.js and in Chromium, against a sandbox whose base URL is in
//! `ICLOUD_READY_SANDBOX` at compile time: `cargo xtask test --only wasm-node,wasm-chromium`.
#![cfg(target_arch = "wasm32")]

use icloud_ready::auth::Credential;
use icloud_ready::error::ErrorKind;
use icloud_ready::limiter::Rates;
use icloud_ready::model::{Lead, LeadInformation, ListQuery};
use icloud_ready::value::Json as _;
use icloud_ready::{Client, FetchTransport, Settings};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const SANDBOX: &str = match option_env!("ICLOUD_READY_SANDBOX") {
    Some(url) => url,
    None => "http://127.0.0.1:1/api/v2",
};

fn client(credential: Credential, settings: Settings) -> Client<FetchTransport> {
    Client::new(FetchTransport::new(SANDBOX, credential), settings, Some(Rates::default()))
}

fn with_key() -> Client<FetchTransport> {
    let credential = Credential::IntegrationToken {
        key: "sandbox-api-key".into(),
        organization_id: "686f894eaf67193dd6e124ce".into(),
    };
    client(credential, Settings::default())
}

fn with_token(token: &str) -> Client<FetchTransport> {
    client(Credential::AccessToken(token.into()), Settings::default())
}

fn lead(first_name: &str) -> Lead {
    Lead {
        lead_information: Some(LeadInformation {
            first_name: Some(first_name.into()),
            phone: Some("+201001234567".into()),
            ..LeadInformation::default()
        }),
        lead_type: Some("buying".into()),
        ..Lead::default()
    }
}

#[wasm_bindgen_test]
async fn a_lead_is_created_and_returned() {
    let crm = with_key();
    let mut sent = lead("Ahmed");
    sent.extra.insert("projectCode".into(), serde_json::json!([1, null, { "a": 0.5 }]));
    let created = crm.leads().create(&sent).await.unwrap();
    assert_eq!(created.lead_information, sent.lead_information);
    assert_eq!(created.lead_type.as_deref(), Some("buying"));
    assert_eq!(created.extra.get("projectCode"), sent.extra.get("projectCode"));
    // `null` differs from absence, so that a record can be sent back unchanged.
    assert_eq!(created.extra.get("deletedAt"), Some(&serde_json::Value::Null));
    let id = created.id.clone().unwrap();
    let read = crm.leads().retrieve(&id).await.unwrap();
    assert_eq!(read, created);
    crm.leads().delete(&id).await.unwrap();
    let error = crm.leads().retrieve(&id).await.unwrap_err();
    assert_eq!((error.code, error.status, error.attempts), ("not_found", Some(404), 1));
}

#[wasm_bindgen_test]
async fn a_list_is_read_page_by_page() {
    let crm = with_token("sandbox-access-token");
    for index in 0..5 {
        crm.leads().create(&lead(&format!("Page {index}"))).await.unwrap();
    }
    let query = ListQuery { limit: Some(2), ..ListQuery::default() };
    let mut pages = crm.leads().pages(&query);
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        ids.extend(page.data.into_iter().filter_map(|lead| lead.id));
    }
    assert!(ids.len() >= 5);
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "each once");
}

#[wasm_bindgen_test]
async fn issues_and_errors_are_reported() {
    let error = with_key().leads().create(&Lead::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Validation);
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["leadInformation.firstName", "leadInformation.phone"]);
    let error = with_token("wrong").leads().create(&lead("Unknown")).await.unwrap_err();
    assert_eq!((error.code, error.status), ("authentication", Some(401)));
    assert!(!format!("{error:?}").contains("wrong"), "no secret in an error");
    let nowhere = FetchTransport::new("http://127.0.0.1:9", Credential::AccessToken("t".into()));
    let settings = Settings { max_retries: 0, ..Settings::default() };
    let error = Client::new(nowhere, settings, None).leads().retrieve("x").await.unwrap_err();
    assert_eq!((error.kind, error.ambiguous), (ErrorKind::Connection, false));
}

#[wasm_bindgen_test]
fn javascript_values_are_read_as_json() {
    let value = js_sys::JSON::parse(r#"{"a":[1,{"b":null}],"n":9007199254740993}"#).unwrap();
    assert_eq!(value.member("a").unwrap().items().unwrap().len(), 2);
    assert_eq!(value.values().len(), 2);
    assert!(value.member("toString").is_none(), "inherited members do not count");
    assert!(value.member("a").unwrap().member("length").is_none(), "an array is not an object");
    assert!(JsValue::NULL.member("a").is_none());
    let decoded: serde_json::Value = value.decode().unwrap();
    assert_eq!(decoded["a"][1]["b"], serde_json::Value::Null);
}
