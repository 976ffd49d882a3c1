//! The ids of form posts, and the digests that a repeat is compared by: both keyed with the
//! outbox's secret, so that neither tells what it was made of.

use super::Outbox;
use super::store::{Store, Unavailable, params};
use alloc::string::String;
use core::fmt::Write as _;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How long the same form post from the same origin is the same lead.
const SAME_FOR: f64 = 600_000.0;

impl<S: Store> Outbox<S> {
    /// What a body is compared by, long after it is gone.
    pub(super) fn digest(&self, canonical: &str) -> String {
        keyed(&self.key, &["body", canonical])
    }

    /// The id of a form post: for ten minutes the same body from the same origin has the same.
    pub(super) fn form_id(
        &self,
        origin: &str,
        canonical: &str,
        now: f64,
    ) -> Result<String, Unavailable> {
        // Ids are made for spells of ten minutes, so that nothing need be stored for them; what
        // came in the spell before may still be the same.
        let spell = (now / SAME_FOR) as u32;
        let id = |spell: u32| {
            let mut number = String::new();
            let _ = write!(number, "{spell}");
            keyed(&self.key, &["form", &number, origin, canonical])
        };
        let before = id(spell.wrapping_sub(1));
        let known = self.row(
            "SELECT 1 FROM leads WHERE id = ? AND created_at > ?",
            params![before.as_str(), now - SAME_FOR],
        )?;
        Ok(if known.is_some() { before } else { id(spell) })
    }
}

/// What makes digests under a secret.
pub(super) fn keyed_with(secret: &str) -> Option<Hmac<Sha256>> {
    // A key may have any length, so there always is one.
    Hmac::new_from_slice(secret.as_bytes()).ok()
}

/// 32 hexadecimal digits that follow from the parts and the secret.
pub(super) fn keyed(key: &Hmac<Sha256>, parts: &[&str]) -> String {
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
