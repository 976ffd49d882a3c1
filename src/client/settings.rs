//! The settings of a client, with durations in place of the core's milliseconds.

use crate::call::auth::CredentialKind;
use crate::request::settings::{CallSettings, Reconcile};
use crate::request::submission::SubmissionField;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

/// The settings of a [`Client`](crate::Client). A duration of zero disables a timeout.
///
/// What depends on the credential is no setting: the transport decides it, so that a derived client cannot lose it.
///
/// ```
/// use icloud_ready::Settings;
/// use std::time::Duration;
///
/// let settings = Settings { timeout: Duration::from_secs(10), ..Settings::default() };
/// assert_eq!((settings.max_retries, settings.total_timeout), (2, Duration::from_secs(120)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The timeout of one attempt: requesting the token, sending, reading to the last byte. Default: 30 seconds.
    pub timeout: Duration,
    /// The timeout of the whole call, from the start of the first attempt (after the limiter): attempts,
    /// back-off and lookups. Default: 2 minutes.
    pub total_timeout: Duration,
    /// The longest wait in the limiter's queue. Default: zero, which is unlimited.
    pub max_queue_wait: Duration,
    /// How often a request is retried at most. Default: 2.
    pub max_retries: u32,
    /// Whether a warning about the input fails the call like an error. Default: false.
    pub strict: bool,
    /// The submission id of a created lead: 8 to 64 of `A-Z`, `a-z`, `0-9`, `-` and `_`. With one a lead is created
    /// once, even if a response is lost. Default: none.
    pub submission_id: Option<String>,
    /// Whether the lead is also looked up before the first attempt, because an earlier run of the program may have
    /// created it. Default: false.
    pub check_existing: bool,
    /// The field that contains the submission id. Default: `customField`.
    pub submission_field: SubmissionField,
    /// How a lead is looked up. Default: [`Reconcile::Full`].
    pub reconcile: Reconcile,
    /// The waits before the lookups after an ambiguous outcome. Default: 1 second and 4 seconds.
    pub reconcile_delays: Vec<Duration>,
    /// The path of the records in a list's envelope (names joined by dots). Default: common names are tried.
    pub items_key: Option<String>,
    /// The number of a list's first page, 0 or 1. Default: the client finds out.
    pub first_page: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(120),
            max_queue_wait: Duration::ZERO,
            max_retries: 2,
            strict: false,
            submission_id: None,
            check_existing: false,
            submission_field: SubmissionField::default(),
            reconcile: Reconcile::default(),
            reconcile_delays: vec![Duration::from_secs(1), Duration::from_secs(4)],
            items_key: None,
            first_page: None,
        }
    }
}

impl Settings {
    /// The settings of the core for a call with this kind of credential.
    pub(crate) fn for_call(self, credential: CredentialKind) -> CallSettings {
        CallSettings {
            timeout: milliseconds(self.timeout),
            total_timeout: milliseconds(self.total_timeout),
            max_queue_wait: milliseconds(self.max_queue_wait),
            max_retries: self.max_retries,
            strict: self.strict,
            integration_token: credential == CredentialKind::IntegrationToken,
            token_function: credential == CredentialKind::TokenFunction,
            submission_id: self.submission_id,
            check_existing: self.check_existing,
            submission_field: self.submission_field,
            reconcile: self.reconcile,
            reconcile_delays: self.reconcile_delays.into_iter().map(milliseconds).collect(),
            items_key: self.items_key,
            first_page: self.first_page,
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_core() {
        let settings = Settings::default().for_call(CredentialKind::AccessToken);
        assert_eq!(settings, CallSettings::default());
    }

    #[test]
    fn the_credential_decides_what_depends_on_it() {
        let settings = |kind| {
            let settings = Settings::default().for_call(kind);
            (settings.integration_token, settings.token_function)
        };
        assert_eq!(settings(CredentialKind::IntegrationToken), (true, false));
        assert_eq!(settings(CredentialKind::TokenFunction), (false, true));
    }
}
