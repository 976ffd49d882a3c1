//! Credentials, and the token in the answer to a sign-in.

use crate::json::envelope::find;
use crate::json::value::Json;
use crate::text::is_blank;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// What a Rust caller's requests are authorized with.
#[derive(Clone)]
pub enum Credential {
    /// The API reference's key or a user's token, sent as `Bearer`.
    AccessToken(String),
    /// The lead-generation guide's integration token, sent as `x-api-key`.
    IntegrationToken {
        /// The token.
        key: String,
        /// The organization's id, 24 hexadecimal digits.
        organization_id: String,
    },
}

impl Credential {
    /// The headers that carry it.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::AccessToken(token) => vec![("authorization", ["Bearer ", token].concat())],
            Self::IntegrationToken { key, organization_id } => {
                vec![("x-api-key", key.clone()), ("organizationId", organization_id.clone())]
            }
        }
    }
}

impl fmt::Debug for Credential {
    /// Without the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AccessToken(_) => "AccessToken",
            Self::IntegrationToken { .. } => "IntegrationToken",
        })
    }
}

/// The token in the answer to a sign-in, whose shape is not documented: under a usual name at the top, then one level down.
pub fn token_in<V: Json>(answer: &V) -> Option<String> {
    let names = ["accessToken", "access_token", "token", "jwt"];
    let is_token = |value: &V| value.string().is_some_and(|token| !is_blank(&token));
    find(answer, &names, &["data", "result", "user"], is_token)?.string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_token_is_found_in_its_usual_places() {
        for answer in [
            json!({ "accessToken": "t" }),
            json!({ "data": { "token": "u" }, "jwt": "t" }),
            json!({ "token": " ", "result": { "access_token": "t" } }),
            json!({ "token": { "x": 1 }, "user": { "jwt": "t" } }),
        ] {
            assert_eq!(token_in(&answer).as_deref(), Some("t"), "{answer}");
        }
        for answer in
            [json!(null), json!([]), json!("t"), json!({ "data": "t" }), json!({ "other": "t" })]
        {
            assert_eq!(token_in(&answer), None, "{answer}");
        }
    }
}
