//! Credentials, and the token in the response to a sign-in.

use crate::json::envelope::find;
use crate::json::value::Json;
use crate::text::is_blank;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// The credential of a client for Rust callers.
#[derive(Clone)]
#[non_exhaustive]
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

/// The kind of a credential, on which it depends how records are sent and what follows a 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialKind {
    /// An access token.
    AccessToken,
    /// An integration token. A lead's `leadType` is sent as `leadtype`, as the vendor's lead-generation guide
    /// spells it.
    IntegrationToken,
    /// A function of the transport that returns access tokens. It is called again after a 401, once per request.
    TokenFunction,
}

impl Credential {
    /// The kind of the credential.
    #[must_use]
    pub const fn kind(&self) -> CredentialKind {
        match self {
            Self::AccessToken(_) => CredentialKind::AccessToken,
            Self::IntegrationToken { .. } => CredentialKind::IntegrationToken,
        }
    }

    /// The headers that contain it.
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
    /// Omits the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AccessToken(_) => "AccessToken",
            Self::IntegrationToken { .. } => "IntegrationToken",
        })
    }
}

/// The token in the response to a sign-in, whose shape is not documented: under a common name at the
/// top level, or one level below.
pub fn token_in<V: Json>(body: &V) -> Option<String> {
    let names = ["accessToken", "access_token", "token", "jwt"];
    let is_token = |value: &V| value.string().is_some_and(|token| !is_blank(&token));
    find(body, &names, &["data", "result", "user"], is_token)?.string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_token_is_found_under_common_names() {
        for body in [
            json!({ "accessToken": "t" }),
            json!({ "data": { "token": "u" }, "jwt": "t" }),
            json!({ "token": " ", "result": { "access_token": "t" } }),
            json!({ "token": { "x": 1 }, "user": { "jwt": "t" } }),
        ] {
            assert_eq!(token_in(&body).as_deref(), Some("t"), "{body}");
        }
        for body in
            [json!(null), json!([]), json!("t"), json!({ "data": "t" }), json!({ "other": "t" })]
        {
            assert_eq!(token_in(&body), None, "{body}");
        }
    }
}
