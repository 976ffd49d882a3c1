//! The settings of one call.

use crate::request::submission::SubmissionField;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// The settings of a call. Times are in milliseconds; 0 disables a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct CallSettings {
    /// The timeout of one attempt: requesting the token, sending, reading to the last byte. Default:
    /// 30,000.
    pub timeout: f64,
    /// The timeout of the whole call, from the start of the first attempt (after the limiter): attempts,
    /// back-off and lookups. Default: 120,000.
    pub total_timeout: f64,
    /// The longest wait in the limiter's queue. Default: 0.
    pub max_queue_wait: f64,
    /// How often a request is retried at most. Default: 2.
    pub max_retries: u32,
    /// Whether a warning about the input fails the call like an error. Default: false.
    pub strict: bool,
    /// Whether the credential is an integration token (`x-api-key`). Then `leadType` is sent as
    /// `leadtype`, as the vendor's lead-generation guide spells it. Default: false.
    pub integration_token: bool,
    /// Whether the credential is a function, which is called again after a 401. Default: false.
    pub token_function: bool,
    /// The submission id of a created lead, which makes the create idempotent. Default: none.
    pub submission_id: Option<String>,
    /// Whether the lead is also looked up before the first attempt. Default: false.
    pub check_existing: bool,
    /// The field that contains the submission id.
    pub submission_field: SubmissionField,
    /// How a lead is looked up.
    pub reconcile: Reconcile,
    /// The waits before the lookups after an ambiguous outcome. Default: 1,000 and 4,000.
    pub reconcile_delays: Vec<f64>,
    /// The path of the records in a list's envelope (names joined by dots). Default: common names are
    /// tried.
    pub items_key: Option<String>,
    /// The number of a list's first page, 0 or 1. Default: it is found out.
    pub first_page: Option<u32>,
}

impl Default for CallSettings {
    fn default() -> Self {
        Self {
            timeout: 30_000.0,
            total_timeout: 120_000.0,
            max_queue_wait: 0.0,
            max_retries: 2,
            strict: false,
            integration_token: false,
            token_function: false,
            submission_id: None,
            check_existing: false,
            submission_field: SubmissionField::default(),
            reconcile: Reconcile::default(),
            reconcile_delays: vec![1_000.0, 4_000.0],
            items_key: None,
            first_page: None,
        }
    }
}

/// How a lead is looked up in the CRM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reconcile {
    /// By submission id, by telephone number, and in the list of the most recent leads.
    #[default]
    Full,
    /// Only by submission id, so that no other person's record is read: for web pages.
    Id,
    #[cfg(feature = "forwarder")]
    /// By submission id, by telephone number, and on the first page of the most recent leads: for the
    /// outbox, which reads further pages for all its leads at once.
    FirstPage,
}

/// A limit in milliseconds, of which 0 means unlimited.
pub(crate) fn unlimited_if_zero(milliseconds: f64) -> f64 {
    if milliseconds > 0.0 { milliseconds } else { f64::INFINITY }
}
