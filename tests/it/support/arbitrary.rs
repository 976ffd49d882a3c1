//! Values for properties.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

/// Pieces of JSON text, and others.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\"a\"",
    "\"b\":",
    "\\u",
    "\\ud83d",
    "\\ude00",
    "\\n",
    "\\x",
    "00e9",
    "true",
    "false",
    "null",
    "nul",
    "0",
    "1",
    "-",
    ".",
    "e",
    "E",
    "+",
    "1.5",
    "-0",
    "10e2",
    " ",
    "\n",
    "\t",
    "\r",
    "\u{1}",
    "\u{e9}",
    "\u{1f600}",
    "\u{feff}",
    "\u{7f}",
    "'",
];

/// Any text, most of it nearly JSON.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(select(PIECES.to_vec()), 0..12).prop_map(|pieces| pieces.concat()),
        3 => (value(), any::<prop::sample::Index>(), select(PIECES.to_vec()), any::<bool>())
            .prop_map(|(value, at, piece, insert)| corrupted(&value.to_string(), at, piece, insert)),
        3 => value().prop_map(|value| serde_json::to_string_pretty(&value).unwrap_or_default()),
        1 => any::<String>(),
    ]
}

/// JSON text with a piece inserted, or a character removed.
fn corrupted(text: &str, at: prop::sample::Index, piece: &str, insert: bool) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = at.index(characters.len().max(1));
    if insert {
        characters.splice(at..at, piece.chars());
    } else if at < characters.len() {
        characters.remove(at);
    }
    characters.into_iter().collect()
}

/// A member's name: often a documented one.
pub(crate) fn name() -> impl Strategy<Value = String> {
    let documented = [
        "leadInformation",
        "phone",
        "firstName",
        "email",
        "customField",
        "leadType",
        "leadtype",
        "activityLog",
        "activityDate",
        "leadRating",
        "tags",
        "data",
        "docs",
        "total",
        "_id",
        "a",
        "submissionId",
        "text",
        "limit",
        "page",
        "__proto__",
    ];
    prop_oneof![4 => select(documented.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Any JSON value of some depth.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-100_i32..100).prop_map(|number| Value::from(f64::from(number) / 4.0)),
        // Not every double: serde_json may parse one back with a rounding error.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        any::<String>().prop_map(Value::from),
        select(vec!["+201001234567", "2026-11-22", "a@b.cd", "{\"a\":1}", "{}", " "])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name(), inner), 0..6)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// Any JSON object.
pub(crate) fn object() -> impl Strategy<Value = Map<String, Value>> {
    vec((name(), value()), 0..6).prop_map(|members| members.into_iter().collect())
}

/// Bytes that a server may return.
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => text().prop_map(String::into_bytes),
        4 => value().prop_map(|value| value.to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..40),
        1 => Just(Vec::new()),
    ]
}
