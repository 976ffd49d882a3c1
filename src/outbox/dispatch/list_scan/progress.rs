//! The progress of a scan, which is stored between its pages.

use crate::outbox::store::SqlValue;
use crate::request::absence::AbsenceProof;
use crate::text::decimal;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A scan in progress. Its serialized form is stored, so the names of its fields must not change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::outbox) struct ListScan {
    pub(super) number: f64,
    /// Whether it is the second pass.
    #[serde(rename = "is_second")]
    pub(super) is_second_pass: bool,
    pub(super) failures: u32,
    /// The two lowest numbers of the confirmations on the pages of this pass, lowest first.
    pub(super) confirmations: Vec<f64>,
    #[serde(rename = "walk")]
    pub(super) proof: AbsenceProof,
}

impl ListScan {
    /// The query of the next page.
    pub(in crate::outbox) fn query(&self, counts_from_one: bool) -> String {
        match self.proof.next_page(counts_from_one) {
            None => r#"{"limit":50}"#.into(),
            Some(page) => [r#"{"limit":50,"page":"#, &decimal(page), "}"].concat(),
        }
    }

    pub(super) fn to_json(&self) -> SqlValue {
        serde_json::to_string(self).unwrap_or_default().into()
    }
}
