//! libphonenumber's metadata, from the pinned npm package.

use crate::process::{capture, node};
use anyhow::Result;
use serde::Deserialize;
use std::path::Path;

/// A region's rules. Regions are in the library's order, a calling code's main one first.
#[derive(Deserialize)]
pub(super) struct Region {
    /// Two letters, or [`WORLD`].
    pub(super) region: String,
    pub(super) code: String,
    /// The form of any national number of the region.
    pub(super) general: Numbers,
    /// The forms of the kinds: a valid number is of one.
    pub(super) types: Vec<Numbers>,
    /// The leading digits of the region's numbers, where these alone distinguish them from another
    /// region's.
    pub(super) leading: String,
    /// The prefix that may be dialed before a national number, and how it is transformed.
    pub(super) national: String,
    pub(super) transform: String,
    /// The prefix that is dialed before a calling code.
    pub(super) international: String,
}

/// Numbers of one kind; without lengths any length is valid.
#[derive(Deserialize)]
pub(super) struct Numbers {
    pub(super) pattern: String,
    pub(super) lengths: Vec<usize>,
}

/// The region of numbers that belong to no country.
pub(super) const WORLD: &str = "001";

pub(super) fn read(root: &Path) -> Result<Vec<Region>> {
    let script = root.join("xtask/phone/metadata.mjs");
    Ok(serde_json::from_str(&capture(node().arg(script))?)?)
}
