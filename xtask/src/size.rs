//! What a page downloads, against the budget.

use crate::build;
use crate::process::{capture, node};
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use serde_json::{Map, Value};

/// Bytes of brotli that the whole browser entry may have, the wasm included.
const BUDGET: u64 = 30_500;

/// Bytes of brotli that the wasm of `icloud-ready/validation` may have: what a form loads on the
/// first touch.
const VALIDATION_BUDGET: u64 = 14_500;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Build the client's wasm with names, and list what each function and each facade module weighs
    #[arg(long)]
    detail: bool,
}

/// `cargo xtask size`: measures `pkg/` as it was last built.
pub(crate) fn command(Arguments { detail }: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    if detail {
        let wasm = build::with_names(&workspace)?;
        let script = workspace.root.join("xtask/size/detail.mjs");
        print!("{}", capture(node().arg(script).arg(workspace.package()).arg(wasm))?);
        return Ok(());
    }
    let mut command = node();
    command.arg(workspace.root.join("xtask/size/measure.mjs")).arg(workspace.package());
    let sizes: Map<String, Value> = serde_json::from_str(&capture(&mut command)?)?;

    println!("{:<16} {:>9} {:>9}", "", "bytes", "brotli");
    let (mut total, mut validation) = ([0, 0], 0);
    for (name, size) in &sizes {
        let size = [0, 1].map(|index| size[index].as_u64().unwrap_or_default());
        println!("{name:<16} {:>9} {:>9}", size[0], size[1]);
        // The glue and the facade are what the entry is made of.
        if matches!(name.as_str(), "wasm" | "browser entry") {
            total = [total[0] + size[0], total[1] + size[1]];
        }
        if name == "validation" {
            validation = size[1];
        }
    }
    println!("{:<16} {:>9} {:>9}", "wasm + entry", total[0], total[1]);
    println!("{:<16} {:>9} {:>9}", "budget", "", BUDGET);
    println!("{:<16} {:>9} {:>9}", "of validation", "", VALIDATION_BUDGET);
    for (what, size, budget) in
        [("wasm + entry", total[1], BUDGET), ("validation", validation, VALIDATION_BUDGET)]
    {
        if size > budget {
            bail!("{what}: {} bytes over budget", size - budget);
        }
    }
    Ok(())
}
