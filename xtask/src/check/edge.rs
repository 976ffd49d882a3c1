//! The forwarder in workerd and in Node.js, against the sandbox.

use super::package;
use crate::fingerprint::Inputs;
use crate::process::{capture, node, npm, run};
use crate::workspace::Workspace;
use crate::{build, sandbox};
use anyhow::Result;

/// The contract, the crash tests, and a page without scripts in Chromium.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    crate::programs::driver()?;
    ready(workspace)?;
    run(node()
        // A generous guard against hanging, not a measurement.
        .args(["--test", "--test-concurrency=2", "--test-timeout=600000"])
        .args(package::tests(workspace, "tests/edge")?)
        .env("PACKAGE", workspace.package())
        .env("SANDBOX", workspace.sandbox()))
}

/// The recipes for self-hosting the forwarder, with the real programs.
pub(crate) fn self_hosted(workspace: &Workspace) -> Result<()> {
    crate::programs::servers()?;
    ready(workspace)?;
    build::tools::node_modules(&workspace.root.join("tests/self-hosted"))?;
    run(node()
        .args(["--test", "--test-timeout=600000"])
        .args(package::tests(workspace, "tests/self-hosted")?)
        .env("PACKAGE", workspace.package())
        .env("SANDBOX", workspace.sandbox()))
}

#[derive(clap::Args)]
pub(crate) struct CrashArguments {
    /// How many runs per platform
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// The first run's seed
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

pub(crate) fn crash(CrashArguments { runs, seed }: CrashArguments) -> Result<()> {
    let arguments = [format!("--runs={runs}"), format!("--seed={seed}")];
    run_script(&Workspace::find()?, "tests/edge/crash.mjs", &arguments)
}

#[derive(clap::Args)]
pub(crate) struct ChaosArguments {
    /// How long each scenario lasts, without the time until all leads are delivered
    #[arg(long, default_value_t = 600)]
    seconds: u32,
    /// The scenarios to run, separated by commas; by default all
    #[arg(long, value_name = "SCENARIOS")]
    only: Option<String>,
    /// The seed of the pages
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

pub(crate) fn chaos(ChaosArguments { seconds, only, seed }: ChaosArguments) -> Result<()> {
    crate::programs::servers()?;
    let mut arguments = vec![format!("--seconds={seconds}"), format!("--seed={seed}")];
    arguments.extend(only.map(|only| format!("--only={only}")));
    run_script(&Workspace::find()?, "tests/self-hosted/chaos.mjs", &arguments)
}

fn run_script(workspace: &Workspace, script: &str, arguments: &[String]) -> Result<()> {
    ready(workspace)?;
    run(node()
        .arg(workspace.root.join(script))
        .args(arguments)
        .env("PACKAGE", workspace.package())
        .env("SANDBOX", workspace.sandbox()))
}

pub(crate) fn ready(workspace: &Workspace) -> Result<()> {
    build::build(workspace, None)?;
    build::tools::node_modules(&workspace.root.join("tools"))?;
    sandbox::build(workspace)?;
    sqlite(workspace)
}

/// Compiles the SQLite driver for a Node.js without a built-in one, and keeps it: `npm ci` removes
/// it, and it takes minutes. Only its install script runs; the tools' others do not.
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
