//! The accepted tokens, their roles, and the two ways of sending them.

use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde::{Deserialize, Serialize};

use super::operations::Operation;
use super::request_log::AuthenticationMode;
use super::response::ApiError;
use crate::data::resource::Resource;

/// The access token of a fresh sandbox (`Authorization: Bearer`).
pub const ACCESS_TOKEN: &str = "sandbox-access-token";
/// The integration token of a fresh sandbox (`x-api-key`) with all permissions.
pub const API_KEY: &str = "sandbox-api-key";
/// The integration token of a fresh sandbox that may only create leads.
pub const CREATE_ONLY_API_KEY: &str = "sandbox-create-only-key";
/// The organization of both integration tokens.
pub const ORGANIZATION_ID: &str = "686f894eaf67193dd6e124ce";
/// The only user who can sign in.
pub const EMAIL: &str = "agent@example.com";
/// That user's password.
pub const PASSWORD: &str = "sandbox-password";

const API_KEY_HEADER: &str = "x-api-key";
const ORGANIZATION_HEADER: &str = "organizationid";

/// How a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenKind {
    /// `Authorization: Bearer`
    Bearer,
    /// `x-api-key`, with `organizationId`
    ApiKey,
}

/// The permissions of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    #[default]
    Full,
    /// Lead → Create, the only permission that the guide requires.
    CreateOnly,
}

/// A credential that the sandbox accepts.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Token {
    pub kind: TokenKind,
    pub token: String,
    #[serde(default)]
    pub role: Role,
    /// The only organization for which an API key is valid; `None`: any.
    #[serde(default)]
    pub organization_id: Option<String>,
}

impl Token {
    /// An access token with all permissions.
    pub fn bearer(token: impl Into<String>) -> Self {
        let token = token.into();
        Self { kind: TokenKind::Bearer, token, role: Role::Full, organization_id: None }
    }

    /// An integration token of the sandbox's organization.
    pub fn api_key(token: impl Into<String>, role: Role) -> Self {
        let organization_id = Some(ORGANIZATION_ID.to_owned());
        Self { kind: TokenKind::ApiKey, token: token.into(), role, organization_id }
    }

    /// The tokens of a fresh sandbox.
    pub fn defaults() -> Vec<Self> {
        vec![
            Self::bearer(ACCESS_TOKEN),
            Self::api_key(API_KEY, Role::Full),
            Self::api_key(CREATE_ONLY_API_KEY, Role::CreateOnly),
        ]
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("kind", &self.kind)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A request whose credential was accepted.
pub(crate) struct Caller {
    pub(crate) token: String,
    pub(crate) organization: String,
    role: Role,
}

impl Caller {
    pub(crate) fn may(&self, operation: Operation) -> bool {
        self.role == Role::Full || operation == Operation::Create(Resource::Leads)
    }
}

/// The kind of credentials of a request, valid or not.
pub(crate) fn mode(headers: &HeaderMap) -> AuthenticationMode {
    match (headers.contains_key(AUTHORIZATION), headers.contains_key(API_KEY_HEADER)) {
        (false, false) => AuthenticationMode::None,
        (true, false) => AuthenticationMode::Bearer,
        (false, true) => AuthenticationMode::ApiKey,
        (true, true) => AuthenticationMode::Both,
    }
}

pub(crate) fn authenticate(tokens: &[Token], headers: &HeaderMap) -> Result<Caller, ApiError> {
    match mode(headers) {
        AuthenticationMode::None => Err(ApiError::new(401, "No credential was sent")),
        // No real client sends both: one of them has leaked into the other's request.
        AuthenticationMode::Both => Err(ApiError::new(400, "Two kinds of credential were sent")),
        AuthenticationMode::Bearer => {
            let token = text(headers, AUTHORIZATION.as_str())
                .split_once(' ')
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map_or("", |(_, token)| token.trim());
            caller(tokens, TokenKind::Bearer, token, ORGANIZATION_ID)
        }
        AuthenticationMode::ApiKey => {
            let organization = text(headers, ORGANIZATION_HEADER);
            if !is_object_id(organization) {
                return Err(ApiError::new(401, "organizationId is missing or malformed"));
            }
            caller(tokens, TokenKind::ApiKey, text(headers, API_KEY_HEADER), organization)
        }
    }
}

fn caller(
    tokens: &[Token],
    kind: TokenKind,
    sent: &str,
    organization: &str,
) -> Result<Caller, ApiError> {
    tokens
        .iter()
        .filter(|token| token.kind == kind && token.token == sent)
        .find(|token| token.organization_id.as_deref().is_none_or(|id| id == organization))
        .map(|token| Caller {
            token: token.token.clone(),
            organization: organization.to_owned(),
            role: token.role,
        })
        .ok_or_else(|| ApiError::new(401, "Invalid or expired token"))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
