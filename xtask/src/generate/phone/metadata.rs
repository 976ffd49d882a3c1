//! libphonenumber's metadata, as the pinned npm package carries it.

use crate::process::{capture, node};
use anyhow::Result;
use serde::Deserialize;
use std::path::Path;

/// A region's rules. Regions stand in the library's order, a calling code's main one first.
#[derive(Deserialize)]
pub(super) struct Region {
    /// Two letters, or [`WORLD`].
    pub(super) region: String,
    pub(super) code: String,
    /// What any national number of the region looks like.
    pub(super) general: Numbers,
    /// What those of a kind look like: a valid number is of one.
    pub(super) types: Vec<Numbers>,
    /// What the region's numbers begin with, where that alone tells them from another region's.
    pub(super) leading: String,
    /// What may be dialed before a national number, and what to make of it.
    pub(super) national: String,
    pub(super) transform: String,
    /// What is dialed before a calling code.
    pub(super) international: String,
}

/// Numbers of one kind; no lengths are all lengths.
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
