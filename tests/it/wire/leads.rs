//! Each operation of leads, their notes and activities, typed.

use crate::support::records::{lead, object};
use crate::transport::Socket;
use crate::wire::operations::activity;
use icloud_ready::model::{Lead, ListQuery, Note};
use icloud_ready::{Client, Error};
use icloud_ready_sandbox::{Resource, Sandbox};
use serde_json::json;

fn note(text: &str) -> Note {
    Note { extra: object(json!({ "text": text })) }
}

pub(crate) async fn leads(client: &Client<Socket>, sandbox: &Sandbox) -> Result<(), Error> {
    let created = client.leads().create(&lead("Mona", "+201001234567")).await?;
    let id = created.id.clone().unwrap();
    assert_eq!(client.leads().retrieve(&id).await?, created);
    let query = ListQuery { q: Some("Mona".into()), limit: Some(1), ..ListQuery::default() };
    let listed = client.leads().list(&query).await?.data;
    assert_eq!(listed, std::slice::from_ref(&created));

    let update = Lead { region: Some("Cairo".into()), ..lead("Nour", "+201001234568") };
    client.leads().update(&id, &update).await?;
    let fields = Lead { status: Some("active".into()), ..Lead::default() };
    client.leads().patch(&id, &fields).await?;
    client.leads().convert(&id, &None).await?;
    client.leads().convert(&id, &Some(object(json!({ "stage": "won" })))).await?;

    client.lead_notes().create(&id, &note("first")).await?;
    client.lead_activities().create(&id, &activity("Call")).await?;
    let part = |field: &str| {
        let lead = &sandbox.control().leads().unwrap()[0];
        lead[field][0]["_id"].as_str().unwrap().to_owned()
    };
    let (note_id, activity_id) = (part("notes"), part("activityLog"));
    client.lead_notes().update(&id, &note_id, &note("second")).await?;
    client.lead_activities().update(&id, &activity_id, &activity("Visit")).await?;

    let stored = client.leads().retrieve(&id).await?;
    let person = stored.lead_information.as_ref().unwrap();
    assert_eq!(person.first_name.as_deref(), Some("Nour"));
    assert_eq!(
        (stored.region.as_deref(), stored.status.as_deref()),
        (Some("Cairo"), Some("active"))
    );
    assert_eq!(stored.converted, Some(true));
    assert_eq!(serde_json::to_value(&stored.notes).unwrap()[0]["text"], "second");
    assert_eq!(stored.activity_log.as_ref().unwrap()[0].activity.as_deref(), Some("Visit"));

    client.lead_notes().delete(&id, &note_id).await?;
    client.lead_activities().delete(&id, &activity_id).await?;
    let stored = client.leads().retrieve(&id).await?;
    assert_eq!((stored.notes, stored.activity_log), (Some(vec![]), Some(vec![])));
    client.leads().delete(&id).await?;
    assert_eq!(sandbox.control().count(Resource::Leads).unwrap(), (0, 1));
    Ok(())
}
