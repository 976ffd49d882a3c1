//! Leads: what they carry, and what is found wrong with them.

use crate::support::arbitrary;
use crate::support::property::property;
use icloud_ready::json::Node;
use icloud_ready::model::{
    Activity, Batch, Customer, Field, Kind, Lead, ListQuery, Model, Opportunity, Presence,
};
use icloud_ready::submission::SubmissionField;
use icloud_ready::validate::{IssueCode, check};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const ID: &str = "submission-1";

/// Asserts that a lead with this `customField` carries the id and loses nothing.
fn carries(text: &str) {
    let lead = json!({ "a": 1, "customField": text }).to_string();
    let field = SubmissionField::CustomField;
    let carried = field.insert_id(Node::parse(&lead).unwrap(), ID).unwrap();
    let record: Value = serde_json::from_str(&carried).unwrap();
    assert_eq!(record["a"], 1);
    assert_eq!(field.has_id(&record, ID), Some(true));
    assert_eq!(field.has_id(&record, "submission-2"), Some(false));
    if Node::parse(text).is_some() && serde_json::from_str::<Value>(text).is_err() {
        // JSON with a lone surrogate, say, which serde cannot hold.
        return;
    }
    let held: Map<String, Value> =
        serde_json::from_str(record["customField"].as_str().unwrap()).unwrap();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut given)) => {
            given.shift_remove("submissionId");
            given.insert("submissionId".into(), ID.into());
            let (held, given) = (Value::Object(held.clone()), Value::Object(given));
            assert_eq!(held.to_string(), given.to_string());
        }
        _ if text.is_empty() => assert_eq!(held.len(), 1),
        _ => assert_eq!((held["text"].as_str(), held.len()), (Some(text), 2)),
    }
    // A second time changes nothing.
    let again = field.insert_id(Node::parse(&carried).unwrap(), ID).unwrap();
    let again: Value = serde_json::from_str(&again).unwrap();
    let again: Value = serde_json::from_str(again["customField"].as_str().unwrap()).unwrap();
    assert_eq!(again.as_object(), Some(&held));
}

#[test]
fn any_custom_field_carries_the_id_and_keeps_what_it_held() {
    let texts = prop_oneof![
        arbitrary::text(),
        arbitrary::object().prop_map(|object| Value::Object(object).to_string()),
    ];
    property(texts, |text| carries(&text));
}

#[test]
fn a_lone_surrogate_is_kept_as_it_was_written() {
    let lead = r#"{"customField":"\ud800 \"x\""}"#;
    let carried = SubmissionField::CustomField.insert_id(Node::parse(lead).unwrap(), ID).unwrap();
    let text = Node::parse(&carried).unwrap().member("customField").unwrap().string().unwrap();
    let kept = Node::parse(&text).unwrap().member("text").unwrap();
    assert_eq!(kept.text(), r#""\ud800 \"x\"""#);
}

#[test]
fn an_id_is_carried_past_a_field_that_stands_there_twice() {
    // A field and the same name in `extra`, as a careless caller may write it.
    let lead = r#"{"customField":"x","a":1,"customField":"y"}"#;
    let carried = SubmissionField::CustomField.insert_id(Node::parse(lead).unwrap(), ID).unwrap();
    let record: Value = serde_json::from_str(&carried).unwrap();
    assert_eq!(SubmissionField::CustomField.has_id(&record, ID), Some(true));
}

fn models() -> [&'static Model; 6] {
    [
        &const { Lead::MODEL },
        &const { Opportunity::MODEL },
        &const { Batch::MODEL },
        &const { Customer::MODEL },
        &const { Activity::MODEL },
        &const { ListQuery::MODEL },
    ]
}

#[test]
fn checking_never_panics_and_never_minds_null() {
    property((0..6_usize, arbitrary::value(), any::<bool>()), |(model, value, required)| {
        let text = value.to_string();
        let issues = check(Kind::Model(models()[model]), Node::parse(&text).unwrap(), required);
        let issues: Vec<_> =
            issues.into_iter().filter(|issue| issue.code != IssueCode::Spelling).collect();
        if let Value::Object(members) = &value {
            for (name, _) in members.iter().filter(|(_, value)| value.is_null()) {
                let required = |path: &str| path.starts_with(&format!("{name}."));
                assert!(issues.iter().all(|issue| &issue.path != name || required(&issue.path)));
            }
        } else {
            assert_eq!((issues.len(), issues[0].path.as_str()), (1, ""));
        }
    });
}

/// A value as the model documents it.
fn documented(kind: Kind) -> BoxedStrategy<Value> {
    let text = |texts: &[&'static str]| select(texts.to_vec()).prop_map(Value::from).boxed();
    match kind {
        Kind::Text => prop_oneof![
            6 => text(&["", " ", "promo123", "\u{1f600}\n\u{0}\""]),
            1 => any::<String>().prop_map(Value::from)
        ]
        .boxed(),
        Kind::Phone => "\\+[1-9][0-9]{6,14}".prop_map(Value::from).boxed(),
        Kind::Email => {
            text(&["ahmed.soliman@example.com", "a+b@c.de", "\u{e9}@ex\u{e4}mple.co.uk"])
        }
        Kind::Date => {
            text(&["2023-04-19", "2025-08-17T17:13:14+03:00", "2025-08-17T14:13:14.963Z"])
        }
        Kind::Integer => any::<i64>().prop_map(Value::from).boxed(),
        Kind::Limit | Kind::Page => (1..=i64::MAX).prop_map(Value::from).boxed(),
        Kind::Number => {
            prop_oneof![any::<i32>().prop_map(Value::from), (-9e9..9e9).prop_map(Value::from)]
                .boxed()
        }
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::TextOrNumber => {
            prop_oneof![any::<String>().prop_map(Value::from), any::<i32>().prop_map(Value::from)]
                .boxed()
        }
        Kind::Object => arbitrary::object().prop_map(Value::from).boxed(),
        Kind::ObjectOrArray => prop_oneof![
            arbitrary::object().prop_map(Value::from),
            vec(arbitrary::value(), 0..3).prop_map(Value::from),
        ]
        .boxed(),
        Kind::Any | Kind::Note => {
            select(vec![json!(null), json!("a note"), json!({ "_id": "x", "deep": [1.5, {}] })])
                .boxed()
        }
        Kind::Model(model) => record(model),
    }
}

/// A record as the model documents it: what is required, some of the rest, nulls, and more.
fn record(model: &'static Model) -> BoxedStrategy<Value> {
    let member = |field: &'static Field| {
        let one = documented(field.kind);
        let value = if field.list { vec(one, 0..3).prop_map(Value::from).boxed() } else { one };
        let required = field.presence == Presence::Required;
        let value = match (required, field.kind) {
            (true, Kind::Text) => "[a-z]{1,9}".prop_map(Value::from).boxed(),
            (true, _) => value,
            _ => prop_oneof![1 => value, 2 => Just(Value::Null)].boxed(),
        };
        let named = value.prop_map(|value| Some((field.name.to_owned(), value)));
        if required { named.boxed() } else { prop_oneof![1 => named, 4 => Just(None)].boxed() }
    };
    let members: Vec<_> = model.fields.iter().map(member).collect();
    (members, vec(("x[a-z]{3}", arbitrary::value()), 0..2))
        .prop_map(|(members, others)| {
            members.into_iter().flatten().chain(others).collect::<Map<_, _>>().into()
        })
        .boxed()
}

#[test]
fn nothing_is_wrong_with_what_the_model_documents() {
    let records = (0..6_usize).prop_flat_map(|model| (Just(model), record(models()[model])));
    property(records, |(model, record)| {
        let text = record.to_string();
        let issues = check(Kind::Model(models()[model]), Node::parse(&text).unwrap(), true);
        assert_eq!(issues, []);
    });
}

#[test]
fn a_lead_read_and_written_is_the_same_lead() {
    property(record(models()[0]), |record| {
        let lead: Lead = serde_json::from_value(record.clone()).unwrap();
        let again: Lead = serde_json::from_value(serde_json::to_value(&lead).unwrap()).unwrap();
        assert_eq!(again, lead);
        let text = serde_json::to_value(&lead).unwrap();
        assert_eq!(text.as_object().unwrap().len(), record.as_object().unwrap().len());
    });
}
