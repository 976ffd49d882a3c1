//! Compares the size of a page's downloads with the budget.

use crate::build;
use crate::process::{capture, node};
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use serde_json::{Map, Value};

/// The maximum size of the whole browser entry in bytes (brotli), including the wasm.
const BUDGET: u64 = 30_200;

/// The maximum size of the wasm of `icloud-ready/validation` in bytes (brotli): a form loads it on
/// the first interaction.
const VALIDATION_BUDGET: u64 = 14_300;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Build the client's wasm with names, and list the size of each function and each facade
    /// module
    #[arg(long)]
    detail: bool,
}

/// `cargo xtask size`: measures the last build of `pkg/`.
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

    println!("{:<24} {:>9} {:>9}", "", "bytes", "brotli");
    let (mut total, mut validation) = ([0, 0], 0);
    for (name, size) in &sizes {
        let size = [0, 1].map(|index| size[index].as_u64().unwrap_or_default());
        println!("{name:<24} {:>9} {:>9}", size[0], size[1]);
        // The entry consists of the glue and the facade.
        if matches!(name.as_str(), "wasm" | "browser entry") {
            total = [total[0] + size[0], total[1] + size[1]];
        }
        if name == "validation" {
            validation = size[1];
        }
    }
    println!("{:<24} {:>9} {:>9}", "wasm + entry", total[0], total[1]);
    println!("{:<24} {:>9} {:>9}", "budget", "", BUDGET);
    println!("{:<24} {:>9} {:>9}", "of validation", "", VALIDATION_BUDGET);
    for (what, size, budget) in
        [("wasm + entry", total[1], BUDGET), ("validation", validation, VALIDATION_BUDGET)]
    {
        if size > budget {
            bail!("{what}: {} bytes over budget", size - budget);
        }
    }
    Ok(())
}
