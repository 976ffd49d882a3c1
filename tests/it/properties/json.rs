//! [`Node`] against `serde_json`.

use crate::support::arbitrary;
use crate::support::property::property;
use icloud_ready::json::{Node, Type, quote};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::IgnoredAny;
use serde_json::Value;

/// Asserts that both parse the same.
fn agree(node: Node<'_>, value: &Value) {
    let kind = match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::String,
        Value::Array(_) => Type::Array,
        Value::Object(_) => Type::Object,
    };
    assert_eq!(node.kind(), kind);
    assert_eq!(node.string().as_deref(), value.as_str());
    if kind == Type::Boolean || kind == Type::Null {
        assert_eq!(node.text(), value.to_string());
    }
    if kind == Type::Number {
        let (ours, theirs) = (node.text().parse::<f64>().unwrap(), value.as_f64().unwrap());
        // serde_json may parse a double with a rounding error.
        assert!((ours - theirs).abs() <= ours.abs() * 1e-12, "{ours} {theirs}");
    }
    let items: Vec<_> = node.items().into_iter().collect();
    assert_eq!(items.len(), value.as_array().map_or(0, Vec::len));
    for (item, value) in items.into_iter().zip(value.as_array().into_iter().flatten()) {
        agree(item, value);
    }
    let empty = serde_json::Map::new();
    let object = value.as_object().unwrap_or(&empty);
    for member in node.members() {
        assert!(object.contains_key(&*member.name.string().unwrap()));
    }
    // Of duplicate members the last one is used by both.
    for (name, value) in object {
        agree(node.member(name).unwrap(), value);
    }
}

fn reads_as_serde_json(text: &str) {
    let node = Node::parse(text);
    assert_eq!(node.is_some(), serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text:?}");
    // Lone surrogates, numbers beyond a double and deep nesting are JSON, but not for serde.
    if let (Some(node), Ok(value)) = (node, serde_json::from_str::<Value>(text)) {
        assert_eq!(node.text(), text.trim_matches([' ', '\t', '\n', '\r']));
        agree(node, &value);
    }
}

#[test]
fn any_text_is_parsed_as_serde_json_parses_it() {
    property(arbitrary::text(), |text| reads_as_serde_json(&text));
}

/// Every text of at most this many pieces, between two others.
fn every(pieces: &[&str], most: usize, before: &str, after: &str) {
    let mut texts = vec![String::new()];
    for _ in 0..=most {
        for text in &texts {
            reads_as_serde_json(&[before, text, after].concat());
        }
        texts = texts
            .iter()
            .flat_map(|text| pieces.iter().map(move |piece| [text, *piece].concat()))
            .collect();
    }
}

#[test]
fn every_short_text_is_parsed_as_serde_json_parses_it() {
    every(&["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\":", "1"], 5, "", "");
    every(&["-", "0", "1", ".", "e", "E", "+"], 5, "", "");
    every(
        &["\\", "u", "d83d", "de00", "\\ude00", "00e", "9", "n", "\"", "\u{1f}", "/"],
        4,
        "\"",
        "\"",
    );
    every(
        &["true", "false", "null", "nul", "l", " ", "\t", "\r", "\n", "\u{b}", "\u{a0}"],
        3,
        "",
        "",
    );
}

#[test]
fn every_character_is_quoted() {
    for character in '\u{0}'..='\u{3000}' {
        let quoted = quote(&format!("<{character}>"));
        let read: String = serde_json::from_str(&quoted).unwrap();
        assert_eq!(read, format!("<{character}>"));
    }
}

/// A number's text, and whether it is an integer, computed by moving its decimal point.
fn number() -> impl Strategy<Value = (String, bool)> {
    let digits =
        |least| vec(prop_oneof![2 => Just('0'), 1 => select(vec!['1', '5', '9'])], least..5);
    let exponent =
        prop::option::of((prop_oneof![Just(""), Just("+"), Just("-")], 0..12_usize, 0..2_usize));
    (any::<bool>(), digits(1), prop::option::of(digits(1)), exponent).prop_map(
        |(negative, whole, fraction, exponent)| {
            let whole: String = whole.into_iter().collect();
            let whole = match whole.trim_start_matches('0') {
                "" => "0".to_owned(),
                rest => rest.to_owned(),
            };
            let fraction: Option<String> = fraction.map(|digits| digits.into_iter().collect());
            let mut text = format!("{}{whole}", if negative { "-" } else { "" });
            if let Some(fraction) = &fraction {
                text += &format!(".{fraction}");
            }
            let mut shift = 0_isize;
            if let Some((sign, count, zeros)) = exponent {
                text += &format!("e{sign}{}{count}", "0".repeat(zeros));
                shift = count as isize * if sign == "-" { -1 } else { 1 };
            }
            let room = "0".repeat(20);
            let fraction = fraction.unwrap_or_default();
            let point = (room.len() + whole.len()) as isize + shift;
            let digits = [&room, &whole, &fraction, &room].map(String::as_str).concat();
            (text, digits[point as usize..].bytes().all(|digit| digit == b'0'))
        },
    )
}

#[test]
fn a_number_is_an_integer_if_no_digits_follow_its_shifted_decimal_point() {
    property(number(), |(text, whole)| {
        assert_eq!(Node::parse(&text).unwrap().is_integer(), whole, "{text}");
    });
}

#[test]
fn an_integer_can_have_a_fraction_and_an_exponent_of_any_size() {
    for whole in
        ["100.0e-2", "1.50e1", "1.5e99999999999999999999", "0.0e-5", "0e-99999999999999999999"]
    {
        assert!(Node::parse(whole).unwrap().is_integer(), "{whole}");
    }
    for fraction in ["100.1e-2", "1.0e-1", "1e-99999999999999999999", "10.0e-2"] {
        assert!(!Node::parse(fraction).unwrap().is_integer(), "{fraction}");
    }
}

#[test]
fn quoting_round_trips() {
    property(any::<String>(), |text| {
        let quoted = quote(&text);
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        assert_eq!(Node::parse(&quoted).unwrap().string().unwrap(), text);
    });
}

#[test]
fn setting_a_member_leaves_the_others_unchanged() {
    let parts = (arbitrary::object(), arbitrary::name(), arbitrary::value());
    property(parts, |(object, name, value)| {
        let text = serde_json::to_string_pretty(&object).unwrap();
        let with = Node::parse(&text).unwrap().with_member(&name, &value.to_string());
        let mut expected = object;
        expected.insert(name, value);
        let found: serde_json::Map<String, Value> = serde_json::from_str(&with).unwrap();
        // Numbers with their original text, and members in order.
        let (found, expected) =
            (Value::Object(found).to_string(), Value::Object(expected).to_string());
        assert_eq!(found, expected);
    });
}

#[test]
fn setting_a_duplicate_member_sets_it_for_every_parser() {
    // Some parsers use the first of two, some the last.
    let with = Node::parse(r#"{"a":1,"b":2,"a":3}"#).unwrap().with_member("a", "4");
    assert_eq!(with, r#"{"a":4,"b":2,"a":4}"#);
}
