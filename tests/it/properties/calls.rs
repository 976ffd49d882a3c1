//! Paths and queries: no input changes their shape.

use crate::support::fake::{Fake, Reply, Sent};
use crate::support::property::property;
use crate::support::records::object;
use crate::support::rig::{faked, simulated};
use icloud_ready::error::ErrorKind;
use icloud_ready::{Client, Error, Settings};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Ids, most of them hostile.
pub(crate) fn id() -> impl Strategy<Value = String> {
    let pieces = [
        ".",
        "..",
        "/",
        "\\",
        "%2e",
        "%2E",
        "%2f",
        "%",
        "?",
        "#",
        "a",
        "\u{0}",
        "\n",
        " ",
        "{",
        "}",
        "{id}",
        ":",
        "@",
        "//",
        "\u{1f600}",
        ";",
        "&",
        "=",
        "+",
        "e",
        "2",
    ];
    prop_oneof![
        3 => vec(select(pieces.to_vec()), 0..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

/// The decoded text; `None` if it contains a character that must be encoded.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            b'-' | b'.' | b'_' | b'~' => bytes.push(byte),
            _ if byte.is_ascii_alphanumeric() => bytes.push(byte),
            _ => return None,
        }
    }
    String::from_utf8(bytes).ok()
}

/// The only request of a call, if it was not rejected.
pub(crate) fn sent(
    settings: &Settings,
    call: impl AsyncFnOnce(Client<Fake>) -> Result<(), Error>,
) -> Option<Sent> {
    simulated(async {
        let fake = Fake::new(|_| Reply::json(200, r#"{"_id":"1"}"#));
        let result = call(faked(&fake, settings.clone())).await;
        assert_eq!(fake.count(), usize::from(result.is_ok()));
        if let Err(error) = result {
            assert!(error.kind == ErrorKind::Validation && !error.issues.is_empty());
        }
        fake.sent().pop()
    })
}

async fn get(
    client: &Client<Fake>,
    path: &str,
    params: Option<Value>,
    query: Option<Value>,
) -> Result<(), Error> {
    let (params, query) = (params.map(object), query.map(object));
    client.request("GET", path, params.as_ref(), query.as_ref(), None).await.map(drop)
}

#[test]
fn an_id_is_encoded_as_one_segment_or_rejected() {
    property((id(), id()), |(first, second)| {
        let call = sent(&Settings::default(), async |client| {
            client.lead_notes().delete(&first, &second).await.map(drop)
        });
        let is_empty = |id: &&String| id.trim().is_empty() || [".", ".."].contains(&id.as_str());
        let has_letters = |id: &&String| {
            ![".", ".."].contains(&id.as_str()) && id.bytes().any(|byte| byte.is_ascii_graphic())
        };
        let ids = [&first, &second];
        let Some(call) = call else {
            return assert!(!ids.iter().all(has_letters), "{ids:?}");
        };
        assert!(!ids.iter().any(is_empty), "{ids:?}");
        let segments: Vec<_> = call.target.split('/').collect();
        let ["", "leads", lead_id, "notes", note_id] = segments[..] else {
            panic!("{}", call.target)
        };
        assert_eq!((decoded(lead_id), decoded(note_id)), (Some(first), Some(second)));
        assert_eq!(call.route, "/leads/{leadId}/notes/{noteId}");
    });
}

#[test]
fn a_path_keeps_its_shape_or_is_rejected() {
    let path = prop_oneof![
        3 => vec(prop_oneof![id(), Just("{a}".to_owned()), Just("/".to_owned())], 0..6)
            .prop_map(|parts| ["/", &parts.concat()].concat()),
        1 => id(),
    ];
    property((path, id(), any::<Option<u8>>()), |(path, id, other)| {
        let params = match other {
            Some(other) => json!({ "a": id, "other": other }),
            None => json!({ "a": id }),
        };
        let call = sent(&Settings::default(), async |client| {
            get(&client, &path, Some(params), None).await
        });
        let Some(call) = call else { return };
        // As the URL standard parses it: the same segments, none of which is a dot segment.
        assert!(
            call.target.starts_with('/') && !call.target.contains(['?', '#', '\\']),
            "{}",
            call.target
        );
        assert!(!call.target.chars().any(|character| character <= ' ' || character == '\u{7f}'));
        assert_eq!(call.target.matches('/').count(), path.matches('/').count());
        let segments: Vec<_> = call.target.split('/').skip(1).collect();
        for (index, segment) in segments.iter().enumerate() {
            let dots = segment.to_ascii_lowercase().replace("%2e", ".");
            assert!(!matches!(dots.as_str(), "." | ".."), "{}", call.target);
            assert!(
                !segment.is_empty() || index > 0 && index + 1 == segments.len(),
                "{}",
                call.target
            );
        }
    });
}

#[test]
fn a_query_decodes_to_its_input() {
    let member = (
        any::<String>(),
        prop_oneof![
            any::<String>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
        ],
    );
    property(vec(member, 0..4), |members| {
        let members: Map<String, Value> = members.into_iter().collect();
        let query = Value::Object(members.clone());
        let call =
            sent(&Settings::default(), async |client| get(&client, "/x", None, Some(query)).await);
        let call = call.unwrap();
        let pairs = call.target.strip_prefix("/x").unwrap().trim_start_matches('?');
        let found: Vec<_> = pairs
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decoded(name).unwrap(), decoded(value).unwrap()))
            .collect();
        let text = |value: Value| value.as_str().map_or(value.to_string(), str::to_owned);
        let input: Vec<_> = members.into_iter().map(|(name, value)| (name, text(value))).collect();
        assert_eq!(found, input);
    });
}
