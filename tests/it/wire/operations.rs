//! Each of the 33 operations, typed, against the sandbox.

use crate::support::records::object;
use crate::support::rig::{bearer, client, integration_token, on_sockets};
use crate::transport::Socket;
use crate::wire::leads::leads;
use icloud_ready::endpoint::OPERATIONS;
use icloud_ready::model::{
    Activity, Batch, Customer, ListQuery, ObjectOrArray, Opportunity, StringOrNumber,
};
use icloud_ready::{Client, Error};
use icloud_ready_sandbox::{EmptyResponses, Options, Resource, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) fn activity(name: &str) -> Activity {
    Activity {
        activity: Some(name.into()),
        activity_number: Some(StringOrNumber::String("A-1".into())),
        activity_date: Some("2026-11-22".into()),
        ..Activity::default()
    }
}

async fn opportunities(client: &Client<Socket>, sandbox: &Sandbox) -> Result<(), Error> {
    let opportunities = client.opportunities();
    let body = Opportunity {
        probability: Some(0.75),
        activity_log: Some(vec![activity("Call")]),
        ..Opportunity::default()
    };
    let created = opportunities.create(&body).await?;
    let id = created.id.clone().unwrap();
    assert_eq!(opportunities.retrieve(&id).await?.probability, Some(0.75));
    assert_eq!(opportunities.list(&ListQuery::default()).await?.data, [created]);
    opportunities.update(&id, &Opportunity { discount: Some(10.0), ..body }).await?;
    let stage = Opportunity { stage: Some("stage1".into()), ..Opportunity::default() };
    opportunities.patch(&id, &stage).await?;
    opportunities.create_no_activity(&object(json!({ "revenue": 5 }))).await?;
    let one = object(json!({ "_id": id, "status": "active" }));
    opportunities.update_multiple(&ObjectOrArray::Object(one.clone())).await?;
    let array = vec![Value::Object(one), json!({ "_id": id, "forecastCategory": "category1" })];
    opportunities.update_multiple(&ObjectOrArray::Array(array)).await?;
    let stored = opportunities.retrieve(&id).await?;
    let found = (stored.discount, stored.stage, stored.status, stored.forecast_category);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(found, (Some(10.0), text("stage1"), text("active"), text("category1")));
    opportunities.delete(&id).await?;
    assert_eq!(sandbox.control().count(Resource::Opportunities).unwrap(), (1, 1));
    Ok(())
}

async fn batches(client: &Client<Socket>, sandbox: &Sandbox) -> Result<(), Error> {
    let body = Batch {
        batch_code: Some("B-1".into()),
        lead_ids: Some(vec![json!("686f894eaf67193dd6e124ce"), json!({ "_id": "x" })]),
        ..Batch::default()
    };
    let created = client.batches().create(&body).await?;
    assert_eq!(created.lead_ids, body.lead_ids);
    let id = created.id.clone().unwrap();
    assert_eq!(client.batches().list(&ListQuery::default()).await?.data, [created]);
    client.batches().update(&id, &Batch { rating: Some(3), ..body }).await?;
    let notes = Batch { notes: Some("one string".into()), ..Batch::default() };
    client.batches().patch(&id, &notes).await?;
    let stored = client.batches().retrieve(&id).await?;
    assert_eq!((stored.rating, stored.notes), (Some(3), notes.notes));
    client.batches().delete(&id).await?;
    assert_eq!(sandbox.control().count(Resource::Batches).unwrap(), (0, 1));
    Ok(())
}

async fn customers(client: &Client<Socket>, sandbox: &Sandbox) -> Result<(), Error> {
    let body = Customer {
        name: Some("Acme".into()),
        name_ar: Some("\u{623}\u{643}\u{645}\u{64a}".into()),
        is_company: Some(true),
        ..Customer::default()
    };
    let created = client.customers().create(&body).await?;
    let id = created.id.clone().unwrap();
    assert_eq!(client.customers().list(&ListQuery::default()).await?.data, [created]);
    client.customers().update(&id, &Customer { capital: Some(100), ..body.clone() }).await?;
    let city = Customer { city: Some("Cairo".into()), ..Customer::default() };
    client.customers().patch(&id, &city).await?;
    let stored = client.customers().retrieve(&id).await?;
    assert_eq!((stored.capital, stored.city, stored.name_ar), (Some(100), city.city, body.name_ar));
    client.customers().delete(&id).await?;
    assert_eq!(sandbox.control().count(Resource::Customers).unwrap(), (0, 1));
    Ok(())
}

#[test]
fn each_operation_works_with_every_response_to_writes() {
    for (credential, responses) in [
        (bearer(), EmptyResponses::No),
        (integration_token(), EmptyResponses::Ok),
        (bearer(), EmptyResponses::NoContent),
    ] {
        let sandbox = Sandbox::start(Options::default());
        sandbox.control().change_switches(|switches| switches.empty_responses = responses);
        let client = client(&sandbox.url(), credential);
        on_sockets(async {
            leads(&client, &sandbox).await.unwrap();
            opportunities(&client, &sandbox).await.unwrap();
            batches(&client, &sandbox).await.unwrap();
            customers(&client, &sandbox).await.unwrap();
        });
        let requests = sandbox.control().requests();
        let routes: BTreeSet<_> = requests
            .iter()
            .map(|request| (request.method.clone(), request.route.unwrap()))
            .collect();
        assert_eq!(routes.len(), 33);
        assert_eq!(OPERATIONS.len(), 33);
    }
}
