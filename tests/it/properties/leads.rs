//! Leads: their submission ids, and their issues.

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

/// Asserts that a lead with this `customField` gets the id and loses nothing.
fn carries(text: &str) {
    let lead = json!({ "a": 1, "customField": text }).to_string();
    let field = SubmissionField::CustomField;
    let inserted = field.insert_id(Node::parse(&lead).unwrap(), ID).unwrap();
    let record: Value = serde_json::from_str(&inserted).unwrap();
    assert_eq!(record["a"], 1);
    assert_eq!(field.has_id(&record, ID), Some(true));
    assert_eq!(field.has_id(&record, "submission-2"), Some(false));
    if Node::parse(text).is_some() && serde_json::from_str::<Value>(text).is_err() {
        // For example JSON with a lone surrogate, which serde cannot represent.
        return;
    }
    let held: Map<String, Value> =
        serde_json::from_str(record["customField"].as_str().unwrap()).unwrap();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut input)) => {
            input.shift_remove("submissionId");
            input.insert("submissionId".into(), ID.into());
            let (held, input) = (Value::Object(held.clone()), Value::Object(input));
            assert_eq!(held.to_string(), input.to_string());
        }
        _ if text.is_empty() => assert_eq!(held.len(), 1),
        _ => assert_eq!((held["text"].as_str(), held.len()), (Some(text), 2)),
    }
    // A second insertion changes nothing.
    let again = field.insert_id(Node::parse(&inserted).unwrap(), ID).unwrap();
    let again: Value = serde_json::from_str(&again).unwrap();
    let again: Value = serde_json::from_str(again["customField"].as_str().unwrap()).unwrap();
    assert_eq!(again.as_object(), Some(&held));
}

#[test]
fn any_custom_field_gets_the_id_and_keeps_its_content() {
    let texts = prop_oneof![
        arbitrary::text(),
        arbitrary::object().prop_map(|object| Value::Object(object).to_string()),
    ];
    property(texts, |text| carries(&text));
}

#[test]
fn a_lone_surrogate_is_kept_unchanged() {
    let lead = r#"{"customField":"\ud800 \"x\""}"#;
    let inserted = SubmissionField::CustomField.insert_id(Node::parse(lead).unwrap(), ID).unwrap();
    let text = Node::parse(&inserted).unwrap().member("customField").unwrap().string().unwrap();
    let stored = Node::parse(&text).unwrap().member("text").unwrap();
    assert_eq!(stored.text(), r#""\ud800 \"x\"""#);
}

#[test]
fn an_id_is_inserted_although_the_field_is_duplicated() {
    // A field and the same name in `extra`, as a careless caller may write it.
    let lead = r#"{"customField":"x","a":1,"customField":"y"}"#;
    let inserted = SubmissionField::CustomField.insert_id(Node::parse(lead).unwrap(), ID).unwrap();
    let record: Value = serde_json::from_str(&inserted).unwrap();
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
fn validation_never_panics_and_accepts_null() {
    property((0..6_usize, arbitrary::value(), any::<bool>()), |(model, value, required)| {
        let text = value.to_string();
        let issues = check(Kind::Model(models()[model]), &text, required).unwrap();
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

/// A value that conforms to the model.
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

/// A record that conforms to the model: required fields, some optional ones, nulls, and extra ones.
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
fn documented_records_have_no_issues() {
    let records = (0..6_usize).prop_flat_map(|model| (Just(model), record(models()[model])));
    property(records, |(model, record)| {
        let text = record.to_string();
        let issues = check(Kind::Model(models()[model]), &text, true).unwrap();
        assert_eq!(issues, []);
    });
}

#[test]
fn a_lead_round_trips() {
    property(record(models()[0]), |record| {
        let lead: Lead = serde_json::from_value(record.clone()).unwrap();
        let again: Lead = serde_json::from_value(serde_json::to_value(&lead).unwrap()).unwrap();
        assert_eq!(again, lead);
        let text = serde_json::to_value(&lead).unwrap();
        assert_eq!(text.as_object().unwrap().len(), record.as_object().unwrap().len());
    });
}
