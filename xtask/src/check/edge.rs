//! The forwarder in workerd and in Node.js, against the sandbox.

use super::package;
use crate::fingerprint::Inputs;
use crate::process::{capture, node, npm, run};
use crate::workspace::Workspace;
use crate::{build, sandbox};
use anyhow::Result;

/// The contract, the crash tests, and a page without scripts in Chromium.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    crate::browser::driver()?;
    ready(workspace)?;
    run(node()
        // Generous: a guard against hanging, never a measurement.
        .args(["--test", "--test-concurrency=2", "--test-timeout=600000"])
        .args(package::tests(workspace, "tests/edge")?)
        .env("PACKAGE", workspace.package())
        .env("SANDBOX", workspace.sandbox()))
}

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many runs per platform
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// The first run's seed
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

pub(crate) fn crash(Arguments { runs, seed }: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    ready(&workspace)?;
    run(node()
        .arg(workspace.root.join("tests/edge/crash.mjs"))
        .args([format!("--runs={runs}"), format!("--seed={seed}")])
        .env("PACKAGE", workspace.package())
        .env("SANDBOX", workspace.sandbox()))
}

pub(crate) fn ready(workspace: &Workspace) -> Result<()> {
    build::build(workspace, None)?;
    build::tools::node_modules(&workspace.root.join("tools"))?;
    sandbox::build(workspace)?;
    sqlite(workspace)
}

/// Compiles the SQLite driver for a Node.js that has none of its own, and keeps it: `npm ci` removes
/// it, and it takes minutes. Its script alone is run; the tools' others are not.
fn sqlite(workspace: &Workspace) -> Result<()> {
    let kept = workspace.scratch().join("better_sqlite3.node");
    let inputs = Inputs::default()
        .path(&workspace.node_module("better-sqlite3/package.json"))?
        .bytes(capture(node().arg("--version"))?.as_bytes());
    let driver = workspace.node_module("better-sqlite3/build/Release/better_sqlite3.node");
    inputs.unless_done(&workspace.scratch().join("better-sqlite3.fingerprint"), &kept, || {
        eprintln!("xtask: npm rebuild better-sqlite3");
        let options = ["rebuild", "better-sqlite3", "--loglevel=error"];
        run(npm().args(options).current_dir(&workspace.root))?;
        build::copy(&driver, &kept)
    })?;
    if driver.exists() { Ok(()) } else { build::copy(&kept, &driver) }
}
