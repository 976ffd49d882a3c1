//! A lead goes over a socket into a CRM and back.

use crate::support::records::{lead, object};
use crate::support::rig::{bearer, client, integration_token, on_sockets};
use icloud_ready::auth::Credential;
use icloud_ready::model::{Lead, ListQuery, NoteEntry, StringOrNumber};
use icloud_ready_sandbox::{AuthenticationMode, Options, Sandbox};
use serde_json::{Value, json};

const GUIDE_LEAD: &str = include_str!("../../fixtures/guide-lead.json");

fn both_modes() -> [(Credential, AuthenticationMode); 2] {
    [(bearer(), AuthenticationMode::Bearer), (integration_token(), AuthenticationMode::ApiKey)]
}

#[test]
fn a_lead_is_created_listed_and_retrieved_in_both_modes() {
    for (credential, mode) in both_modes() {
        let sandbox = Sandbox::start(Options::default());
        let client = client(&sandbox.url(), credential);
        let guide: Lead = serde_json::from_str(GUIDE_LEAD).unwrap();
        let (created, page, retrieved) = on_sockets(async {
            let created = client.leads().create(&guide).await.unwrap();
            let page = client.leads().list(&ListQuery::default()).await.unwrap();
            let id = created.id.clone().unwrap();
            (created, page, client.leads().retrieve(&id).await.unwrap())
        });
        assert_eq!(created, retrieved);
        assert_eq!(page.data, std::slice::from_ref(&created));
        assert_eq!(page.body.as_array().map(Vec::len), Some(1));

        let person = created.lead_information.as_ref().unwrap();
        assert_eq!(person.first_name.as_deref(), Some("Ahmed"));
        assert_eq!(person.address.as_ref().unwrap().country.as_deref(), Some("EG"));
        assert_eq!(created.lead_type.as_deref(), Some("buying"));
        assert_eq!(created.deal_size, Some(2_500_000.0));
        assert_eq!(created.lead_rating, Some(4));
        assert_eq!(created.tags.as_ref().unwrap().len(), 3);
        assert!(created.id.as_ref().is_some_and(|id| id.len() == 24));
        assert_eq!(created.is_favorite, Some(false));
        // `null` at first: neither lost nor invented.
        assert_eq!(
            (created.deleted_at.clone(), created.extra.get("deletedAt")),
            (None, Some(&Value::Null))
        );

        let in_the_crm = sandbox.control().leads().unwrap().remove(0);
        let shown = serde_json::to_value(&created).unwrap();
        assert_eq!(in_the_crm.as_object().unwrap().len(), shown.as_object().unwrap().len());
        assert_eq!(serde_json::from_value::<Lead>(in_the_crm).unwrap(), created);
        let requests = sandbox.control().requests();
        assert_eq!(requests.len(), 3);
        assert!(requests.iter().all(|request| request.auth == mode), "{requests:?}");
    }
}

#[test]
fn undocumented_fields_are_kept_in_both_directions() {
    let sandbox = Sandbox::start(Options::default());
    let client = client(&sandbox.url(), bearer());
    let extra = object(json!({
        "projectCode": "P-7", "nested": { "deep": [1, null, { "x": "\u{1f600}" }] },
        "campaignName": null, "__proto__": { "polluted": true },
        "wide": 9_007_199_254_740_993_i64,
    }));
    let mut sent = Lead { extra, ..lead("Mona", "+201001234567") };
    sent.lead_information.as_mut().unwrap().extra = object(json!({ "nickname": "M" }));
    sent.notes = Some(vec![
        NoteEntry::Text("a note".into()),
        serde_json::from_value(json!({ "_id": "n1", "text": "another" })).unwrap(),
    ]);
    let created = on_sockets(client.leads().create(&sent)).unwrap();
    for (name, value) in &sent.extra {
        assert_eq!(created.extra.get(name), Some(value), "{name}");
    }
    assert_eq!(created.lead_information, sent.lead_information);
    assert_eq!(created.notes, sent.notes);
}

#[test]
fn a_field_of_an_undocumented_type_does_not_fail_the_record() {
    let odd = json!({
        "_id": 7, "leadRating": "hot", "tags": "one", "leadInformation": { "phone": 20 },
        "activityLog": [{ "activityNumber": 5, "activity": "Call" }], "deleted": null,
        "dealSize": 1.5, "leadtype": "buying",
    });
    let lead: Lead = serde_json::from_value(odd.clone()).unwrap();
    assert_eq!((lead.lead_rating, lead.id.as_deref()), (None, None));
    assert_eq!(lead.lead_type.as_deref(), Some("buying"));
    let activity = &lead.activity_log.as_ref().unwrap()[0];
    assert_eq!(activity.activity_number, Some(StringOrNumber::Number(5.0)));
    let mut again = serde_json::to_value(&lead).unwrap();
    // A number is written as a number: 5 and 5.0 are the same in JSON.
    again["activityLog"][0]["activityNumber"] = json!(5);
    // Spelled as in the reference; with the integration token, as in the guide.
    let spelled = again.as_object_mut().unwrap().remove("leadType").unwrap();
    again["leadtype"] = spelled;
    assert_eq!(again, odd);
}

#[test]
fn a_typed_field_wins_over_the_same_name_in_extra() {
    // A value of an unexpected type is in `extra`; a field that the caller then sets wins.
    let mut lead: Lead = serde_json::from_value(json!({ "leadRating": "hot", "x": 1 })).unwrap();
    lead.lead_rating = Some(5);
    assert_eq!(serde_json::to_string(&lead).unwrap(), r#"{"leadRating":5,"x":1}"#);
}
