//! The ids of form posts, and the digests that detect repeated bodies. Both are HMACs with the outbox's
//! secret, so that they do not reveal their input.

use crate::outbox::Outbox;
use crate::outbox::clock::Reading;
use crate::outbox::contract::SignedPage;
use crate::outbox::settings::DAY;
use crate::outbox::store::{Store, StoreUnavailable, params};
use crate::text::decimal;
use alloc::string::String;
use core::fmt::Write as _;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How long an identical form post from the same origin has the same id.
const FORM_ID_WINDOW: f64 = 600_000.0;

impl<S: Store> Outbox<S> {
    /// The digest of a body, which outlives it.
    pub(super) fn digest(&self, canonical: &str) -> String {
        mac_hex(&self.key, &["body", canonical])
    }

    /// Signs the origin of the visitor's page for the forwarder's own page, whose origin does not
    /// identify the site.
    pub fn sign_origin(&self, origin: &str, reading: impl Into<Reading>) -> String {
        self.signature(origin, self.signing_day(reading))
    }

    /// Whether this outbox signed an origin today or yesterday.
    pub fn verify_origin(&self, page: &SignedPage, reading: impl Into<Reading>) -> bool {
        let day = self.signing_day(reading);
        let is_signed_on = |day| self.signature(&page.origin, day) == page.signature;
        is_signed_on(day) || is_signed_on(day.wrapping_sub(1))
    }

    fn signing_day(&self, reading: impl Into<Reading>) -> u32 {
        (self.read_only_time(reading) / DAY) as u32
    }

    fn signature(&self, origin: &str, day: u32) -> String {
        mac_hex(&self.key, &["page", &decimal(day), origin])
    }

    /// The id of a form post, after a prefix. An identical post from the same origin has the same id for ten minutes.
    pub(super) fn form_id(
        &self,
        prefix: &str,
        origin: &str,
        canonical: &str,
        now: f64,
    ) -> Result<String, StoreUnavailable> {
        // Ids depend on a window of ten minutes, so that nothing needs to be stored for them. A post of the
        // previous window may still be the same.
        let window = (now / FORM_ID_WINDOW) as u32;
        let mac = |window| mac_hex(&self.key, &["form", &decimal(window), origin, canonical]);
        let id = |window| [prefix, &mac(window)].concat();
        let before = id(window.wrapping_sub(1));
        let known = self.query_row(
            "SELECT 1 FROM leads WHERE id = ? AND created_at > ?",
            params![before.as_str(), self.proven(now) - FORM_ID_WINDOW],
        )?;
        Ok(if known.is_some() { before } else { id(window) })
    }
}

/// The HMAC with a secret as its key.
pub(super) fn mac_key(secret: &str) -> Option<Hmac<Sha256>> {
    // A key of any length is valid.
    Hmac::new_from_slice(secret.as_bytes()).ok()
}

/// The HMAC of the parts as 32 hexadecimal digits.
pub(super) fn mac_hex(key: &Hmac<Sha256>, parts: &[&str]) -> String {
    let mut mac = key.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part.as_bytes());
    }
    let mut text = String::new();
    for byte in mac.finalize().into_bytes().iter().take(16) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
