//! The types of switches with structured values.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `"array"`, or `{ "path", "total"?, "extra"? }`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Envelope {
    #[default]
    #[serde(with = "array")]
    Array,
    Object {
        /// The path of the records, `data` or `data.docs`; `{resource}` is the resource's name.
        path: String,
        /// The path of the total, `total` or `pagination.total`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<String>,
        /// Further members of the object.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        extra: Map<String, Value>,
    },
}

impl Envelope {
    /// The records at this path, and nothing else.
    pub fn at(path: impl Into<String>) -> Self {
        Self::Object { path: path.into(), total: None, extra: Map::new() }
    }
}

/// Serializes the missing envelope as `"array"`.
mod array {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("array")
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "array" => Ok(()),
            _ => Err(D::Error::custom("an envelope is \"array\" or has a path")),
        }
    }
}

/// The body of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorShape {
    /// `{"message": …}`
    Message,
    /// `{"error": "…"}`
    Error,
    /// `{"error": {"message": …}}`
    Nested,
    /// `{"errors": [{"message": …}]}`
    Errors,
    Text,
    Html,
    Empty,
}

/// `false`, `"200"` or `"204"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum EmptyResponses {
    No,
    Ok,
    NoContent,
}

impl TryFrom<Value> for EmptyResponses {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::Bool(false) => Ok(Self::No),
            Value::String(text) if text == "200" => Ok(Self::Ok),
            Value::String(text) if text == "204" => Ok(Self::NoContent),
            _ => Err("emptyResponses is false, \"200\" or \"204\""),
        }
    }
}

impl From<EmptyResponses> for Value {
    fn from(responses: EmptyResponses) -> Self {
        match responses {
            EmptyResponses::No => Self::Bool(false),
            EmptyResponses::Ok => "200".into(),
            EmptyResponses::NoContent => "204".into(),
        }
    }
}

/// Sliding windows for each credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    pub per_minute: Option<u32>,
    pub per_hour: Option<u32>,
    /// The length of a minute.
    pub minute_ms: u64,
    /// The length of an hour.
    pub hour_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_minute: None, per_hour: None, minute_ms: 60_000, hour_ms: 3_600_000 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    Seconds,
    Date,
}

/// The origins whose pages may read the responses: `"*"` or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cors {
    /// The origins themselves.
    Origins(Vec<String>),
    /// `*` for any; another text is the only origin.
    Origin(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestIdHeader {
    XRequestId,
    CfRay,
}

impl RequestIdHeader {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::XRequestId => "x-request-id",
            Self::CfRay => "cf-ray",
        }
    }
}

/// The location of the token in the sign-in response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SigninShape {
    /// `accessToken`, `access_token`, `token`, `jwt`.
    pub key: String,
    /// `data`, `result`, `user`; `None`: at the top level.
    #[serde(rename = "in", default)]
    pub parent: Option<String>,
}

impl Default for SigninShape {
    fn default() -> Self {
        Self { key: "accessToken".to_owned(), parent: None }
    }
}
