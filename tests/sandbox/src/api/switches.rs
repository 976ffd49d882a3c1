//! What the vendor does not document: one switch each.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shapes::{
    Cors, EmptyAnswers, Envelope, ErrorShape, Limits, RequestIdHeader, RetryAfter, SigninShape,
};
use crate::error::Error;

/// How the API behaves where its documentation is silent. As JSON in camelCase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switches {
    /// What a list's records stand in.
    pub envelope: Envelope,
    /// The number of the first page: 0 or 1.
    pub first_page: u8,
    /// The most records a page holds, whatever `limit` asks for.
    pub limit_cap: Option<u64>,
    /// Every page holds `default_limit` records, whatever `limit` asks for.
    pub ignore_limit: bool,
    /// Every page is the first, whatever `page` asks for.
    pub ignore_page: bool,
    /// How many records a page holds if `limit` does not say.
    pub default_limit: u64,
    /// The only fields lists show, in addition to `_id`; `None`: all.
    pub projection: Option<Vec<String>>,
    pub error_shape: ErrorShape,
    /// Answers to writes that need not say anything are empty.
    pub empty_answers: EmptyAnswers,
    /// The fields `q` searches; `_all`: every one; none: `q` finds nothing; `None`: `q` is ignored.
    pub search_fields: Option<Vec<String>>,
    /// For how long after it became visible a record is not found by `q`.
    pub search_lag_ms: u64,
    /// For how long after its creation a record is not in lists. Reading it by id works at once.
    pub commit_lag_ms: u64,
    /// The status of a successful create, 200 to 299.
    pub created_status: u16,
    pub limits: Option<Limits>,
    /// The form of `Retry-After` on a 429.
    pub retry_after: Option<RetryAfter>,
    pub cors: Option<Cors>,
    /// The header that names each answer.
    pub request_id: Option<RequestIdHeader>,
    pub signin_shape: SigninShape,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            envelope: Envelope::default(),
            first_page: 1,
            limit_cap: None,
            ignore_limit: false,
            ignore_page: false,
            default_limit: 20,
            projection: None,
            error_shape: ErrorShape::Message,
            empty_answers: EmptyAnswers::No,
            search_fields: Some(vec!["_all".to_owned()]),
            search_lag_ms: 0,
            commit_lag_ms: 0,
            created_status: 200,
            limits: None,
            retry_after: None,
            cors: None,
            request_id: None,
            signin_shape: SigninShape::default(),
        }
    }
}

impl Switches {
    /// These switches with the members of a JSON object in their stead.
    pub fn merged(&self, changes: Value) -> Result<Self, Error> {
        let Value::Object(changes) = changes else {
            return Err(Error::Invalid("switches are a JSON object".to_owned()));
        };
        let Value::Object(mut members) = serde_json::to_value(self)? else {
            return Err(Error::Invalid("switches are a JSON object".to_owned()));
        };
        members.extend(changes);
        let merged: Self = serde_json::from_value(Value::Object(members))?;
        merged.check()?;
        Ok(merged)
    }

    fn check(&self) -> Result<(), Error> {
        if self.first_page > 1 {
            return Err(Error::Invalid("firstPage is 0 or 1".to_owned()));
        }
        if !(200..300).contains(&self.created_status) {
            return Err(Error::Invalid("createdStatus is 200 to 299".to_owned()));
        }
        Ok(())
    }
}
