//! How the outbox behaves.

use alloc::vec;
use alloc::vec::Vec;
use serde::Deserialize;

/// A day in milliseconds.
pub(super) const DAY: f64 = 86_400_000.0;

/// The outbox's settings. Times are in milliseconds, but for those of [`Retention`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OutboxSettings {
    /// How long what is kept.
    pub retention: Retention,
    /// What is done about a lead that the CRM may have or not.
    pub ambiguous: AmbiguousPolicy,
    /// The waits before each lookup for such a lead. Once as many lookups have not found it, it is
    /// sent again.
    pub reconcile_delays: Vec<f64>,
    /// The CRM's limits.
    pub limits: CrmLimits,
    /// How long one request may take.
    pub timeout: f64,
    /// Whether the host's monotonic clock is the machine's date, as in workerd: it may be set ahead.
    pub one_clock: bool,
}

impl Default for OutboxSettings {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            ambiguous: AmbiguousPolicy::default(),
            reconcile_delays: vec![15_000.0, 30_000.0],
            limits: CrmLimits::default(),
            timeout: 30_000.0,
            one_clock: false,
        }
    }
}

/// How long what is kept, in days.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// The text of a lead, after the CRM has it.
    pub delivered: f64,
    /// The text of a dead or held lead.
    pub dead: f64,
    /// Ids, after a lead's end.
    pub ids: f64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { delivered: 7.0, dead: 90.0, ids: 90.0 }
    }
}

/// What is done about a lead that the CRM may have or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AmbiguousPolicy {
    /// It is looked up.
    #[default]
    Reconcile,
    /// It is sent again and may be duplicated.
    Resend,
    /// An operator decides.
    Hold,
}

/// The CRM's limits, and how much of them the outbox uses: other users of the key count too.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrmLimits {
    /// Calls the CRM takes in a minute.
    pub per_minute: f64,
    /// Calls the CRM takes in an hour.
    pub per_hour: f64,
    /// How long a minute is.
    pub minute: f64,
    /// How long an hour is.
    pub hour: f64,
}

impl Default for CrmLimits {
    fn default() -> Self {
        Self { per_minute: 480.0, per_hour: 4_800.0, minute: 60_000.0, hour: 3_600_000.0 }
    }
}

impl CrmLimits {
    /// The calls the outbox allows itself in a minute and in an hour, each with its length.
    pub(super) fn budget(self) -> [(f64, f64); 2] {
        let part = |limit: f64, share: f64| ((limit * share) as u32).max(1).into();
        [(part(self.per_minute, 0.9), self.minute), (part(self.per_hour, 0.95), self.hour)]
    }
}
