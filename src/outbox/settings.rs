//! How the outbox behaves.

use alloc::vec;
use alloc::vec::Vec;
use serde::Deserialize;

/// A day in milliseconds.
pub(super) const DAY: f64 = 86_400_000.0;

/// The outbox's settings. Times are in milliseconds, but for those of [`Retention`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// How long what is kept.
    pub retention: Retention,
    /// What is done about a lead that the CRM may have or not.
    pub ambiguous: Ambiguous,
    /// The waits before each look for such a lead. Once as many looks have not found it, it is
    /// sent again.
    pub settle: Vec<f64>,
    /// The CRM's limits.
    pub limits: Limits,
    /// How long one exchange may take.
    pub timeout: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            ambiguous: Ambiguous::default(),
            settle: vec![15_000.0, 30_000.0],
            limits: Limits::default(),
            timeout: 30_000.0,
        }
    }
}

/// How long what is kept, in days.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// What a lead says, after the CRM has it.
    pub done: f64,
    /// What a dead or held lead says.
    pub dead: f64,
    /// Ids, after a lead's end.
    pub ids: f64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { done: 7.0, dead: 90.0, ids: 90.0 }
    }
}

/// What is done about a lead that the CRM may have or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ambiguous {
    /// The CRM is asked.
    #[default]
    Reconcile,
    /// It is sent again: it may be doubled.
    Resend,
    /// Somebody decides.
    Hold,
}

/// The CRM's limits, and how much of them the outbox uses: other users of the key count too.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Limits {
    /// Calls the CRM takes in a minute.
    pub per_minute: f64,
    /// Calls the CRM takes in an hour.
    pub per_hour: f64,
    /// How long a minute is.
    pub minute: f64,
    /// How long an hour is.
    pub hour: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_minute: 480.0, per_hour: 4_800.0, minute: 60_000.0, hour: 3_600_000.0 }
    }
}

impl Limits {
    /// The calls the outbox allows itself in a minute and in an hour, each with its length.
    pub(super) fn budget(self) -> [(f64, f64); 2] {
        let part = |limit: f64, share: f64| ((limit * share) as u32).max(1).into();
        [(part(self.per_minute, 0.9), self.minute), (part(self.per_hour, 0.95), self.hour)]
    }
}
