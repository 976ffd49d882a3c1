//! The settings of the outbox.

use crate::outbox::sources::SourceSettings;
use alloc::vec;
use alloc::vec::Vec;
use serde::Deserialize;

/// A day in milliseconds.
pub(super) const DAY: f64 = 86_400_000.0;

/// The settings of an outbox. Times are in milliseconds, except those of [`Retention`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OutboxSettings {
    /// How long leads are kept.
    pub retention: Retention,
    /// How a lead that the CRM may have is handled. Default: it is looked up.
    pub ambiguous: AmbiguousPolicy,
    /// The waits before the lookups of such a lead. Default: 15,000 and 30,000.
    pub reconcile_delays: Vec<f64>,
    /// The CRM's rate limits.
    pub limits: CrmLimits,
    /// The timeout of one request. Default: 30,000.
    pub timeout: f64,
    /// Whether the host's monotonic clock is its wall clock, as in workerd, which may be set forward.
    /// Default: false.
    pub one_clock: bool,
    /// The limits for undelivered leads. Default: none.
    pub capacity: Capacity,
    /// Whether the host logs attempts. Default: false.
    pub logs_attempts: bool,
    /// Whether the store is a restored backup, whose unsent leads the CRM may have. Default: false.
    pub restored: bool,
    /// The lead sources.
    pub sources: Vec<SourceSettings>,
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
            capacity: Capacity::default(),
            logs_attempts: false,
            restored: false,
            sources: Vec::new(),
        }
    }
}

/// The maximum number of undelivered leads and of bytes of their text, in total and of one client.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Capacity {
    /// Leads.
    pub leads: f64,
    /// Their bytes.
    pub bytes: f64,
    /// Leads of one client.
    pub leads_per_address: f64,
    /// Their bytes.
    pub bytes_per_address: f64,
}

impl Default for Capacity {
    fn default() -> Self {
        Self {
            leads: f64::INFINITY,
            bytes: f64::INFINITY,
            leads_per_address: f64::INFINITY,
            bytes_per_address: f64::INFINITY,
        }
    }
}

/// How long leads are kept, in days.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// The body of a lead after its delivery. Default: 7.
    pub delivered: f64,
    /// The body of a dead or held lead. Default: 90.
    pub dead: f64,
    /// The id of a lead after that. Default: 90.
    pub ids: f64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { delivered: 7.0, dead: 90.0, ids: 90.0 }
    }
}

/// How a lead that the CRM may have is handled.
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

/// The CRM's rate limits. The outbox uses slightly less, because other users of the credential
/// count too.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrmLimits {
    /// Requests per minute. Default: 480.
    pub per_minute: f64,
    /// Requests per hour. Default: 4,800.
    pub per_hour: f64,
    /// The length of a minute; tests shorten it.
    pub minute: f64,
    /// The length of an hour; tests shorten it.
    pub hour: f64,
}

impl Default for CrmLimits {
    fn default() -> Self {
        Self { per_minute: 480.0, per_hour: 4_800.0, minute: 60_000.0, hour: 3_600_000.0 }
    }
}

impl CrmLimits {
    /// The maximum number of requests per minute and per hour, each with the window's length.
    pub(super) fn budget(self) -> [(f64, f64); 2] {
        let part = |limit: f64, share: f64| ((limit * share) as u32).max(1).into();
        [(part(self.per_minute, 0.9), self.minute), (part(self.per_hour, 0.95), self.hour)]
    }
}
