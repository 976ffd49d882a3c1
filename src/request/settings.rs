//! How a call behaves: the settings of a client and of one call of it.

use crate::request::submission::SubmissionField;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// The settings of a call. Times are in milliseconds; 0 is no bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The time of one attempt: asking for the token, sending, reading to the last byte.
    pub timeout: f64,
    /// The time of the whole call from the first attempt's start, after the limiter: attempts,
    /// back-off, look-ups.
    pub total_timeout: f64,
    /// The time in the limiter's queue.
    pub max_queue_wait: f64,
    /// How often a request may be sent again.
    pub max_retries: u32,
    /// Whether a warning about what is sent stops the call as an error does.
    pub strict: bool,
    /// Whether the credential is an integration token (`x-api-key`): the guide that documents it
    /// spells `leadType` as `leadtype`.
    pub integration_token: bool,
    /// Whether the credential is a function, which can be asked anew after a 401.
    pub token_function: bool,
    /// The id under which a created lead is to exist once.
    pub submission_id: Option<String>,
    /// Whether to look for the submission id before the first send too.
    pub check_existing: bool,
    /// The field that carries the submission id.
    pub submission_field: SubmissionField,
    /// How widely to look for a submission id.
    pub reconcile: Reconcile,
    /// The waits before each look after an ambiguous answer.
    pub reconcile_delays: Vec<f64>,
    /// Where a list's envelope holds its records (names joined by dots), if not in a usual place.
    pub items_key: Option<String>,
    /// The number of a list's first page, if known.
    pub first_page: Option<u32>,
}

impl Default for Settings {
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

/// How widely the CRM is asked for a submission id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reconcile {
    /// By id, by phone, and by a walk through the most recent leads.
    #[default]
    Full,
    /// By id alone, so that no stranger's record is read: for web pages.
    Id,
    #[cfg(feature = "forwarder")]
    /// By id, by phone, and on the first page of the most recent leads: for the outbox, which walks
    /// further for all its leads at once.
    FirstPage,
}

/// A bound in milliseconds, of which 0 means none.
pub(crate) fn bound(milliseconds: f64) -> f64 {
    if milliseconds > 0.0 { milliseconds } else { f64::INFINITY }
}
