//! Undocumented behavior: one switch each.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shapes::{
    Cors, EmptyResponses, Envelope, ErrorShape, Limits, RequestIdHeader, RetryAfter, SigninShape,
};
use crate::error::Error;

/// The API's behavior where it is undocumented. As JSON in camelCase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switches {
    /// The envelope of a list's records.
    pub envelope: Envelope,
    /// The number of the first page: 0 or 1.
    pub first_page: u8,
    /// The maximum page size, which caps `limit`.
    pub limit_cap: Option<u64>,
    /// Every page has `default_limit` records, regardless of `limit`.
    pub ignore_limit: bool,
    /// Every page is the first, regardless of `page`.
    pub ignore_page: bool,
    /// The page size without `limit`.
    pub default_limit: u64,
    /// The only fields in lists, in addition to `_id`; `None`: all.
    pub projection: Option<Vec<String>>,
    pub error_shape: ErrorShape,
    /// Whether responses to writes that need not return a record are empty.
    pub empty_responses: EmptyResponses,
    /// The fields that `q` searches; `_all`: every one; none: `q` finds nothing; `None`: `q` is
    /// ignored.
    pub search_fields: Option<Vec<String>>,
    /// The time until a visible record is found by `q`.
    pub search_lag_ms: u64,
    /// The time from the creation of a record until it is in lists. Reading it by id works at once.
    pub commit_lag_ms: u64,
    /// The status of a successful create, 200 to 299.
    pub created_status: u16,
    pub limits: Option<Limits>,
    /// The format of `Retry-After` on a 429.
    pub retry_after: Option<RetryAfter>,
    pub cors: Option<Cors>,
    /// The header with the id of each request.
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
            empty_responses: EmptyResponses::No,
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
    /// These switches, with the members of a JSON object replaced.
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
