//! One scenario on the packed package in every runtime: see `tests/runtimes/scenario.mjs`.

use super::package::Project;
use crate::process::{Unavailable, run};
use crate::workspace::Workspace;
use crate::{build, programs, sandbox};
use anyhow::Result;
use std::path::PathBuf;

/// Programs that npm has only for some platforms: their path, and the error if they are missing.
const PROGRAMS: &[(&str, Unavailable)] = &[
    ("node-20/bin/node", Unavailable("Node.js 20 comes from npm for Linux on x64 alone")),
    ("node-24/bin/node", Unavailable("Node.js 24 comes from npm for Linux on x64 alone")),
    ("@deno/linux-x64-glibc/deno", Unavailable("Deno is taken from npm for Linux on x64 alone")),
    ("@oven/bun-linux-x64/bin/bun", Unavailable("Bun is taken from npm for Linux on x64 alone")),
    (
        "@cloudflare/workerd-linux-64/bin/workerd",
        Unavailable("workerd is taken from npm for Linux on x64 alone"),
    ),
];

/// Node.js, Deno, Bun and workerd.
pub(crate) fn servers(workspace: &Workspace) -> Result<()> {
    let modules = tools(workspace)?.join("node_modules");
    if let Some((_, unavailable)) = PROGRAMS.iter().find(|(file, _)| !modules.join(file).is_file())
    {
        return Err((*unavailable).into());
    }
    test(workspace, &["servers", "forwarder", "workerd", "workerd-global", "examples"])
}

pub(crate) fn chromium(workspace: &Workspace) -> Result<()> {
    programs::driver()?;
    test(workspace, &["chromium"])
}

pub(crate) fn firefox(workspace: &Workspace) -> Result<()> {
    programs::firefox()?;
    test(workspace, &["firefox"])
}

pub(crate) fn webkit(workspace: &Workspace) -> Result<()> {
    programs::webkit()?;
    test(workspace, &["webkit"])
}

/// The folder of the tests, with the tools that its lock file pins.
fn tools(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.root.join("tests/runtimes");
    build::tools::node_modules(&folder)?;
    Ok(folder)
}

fn test(workspace: &Workspace, names: &[&str]) -> Result<()> {
    let folder = tools(workspace)?;
    sandbox::build(workspace)?;
    let project = Project::install(workspace)?;
    run(project
        .command()
        // Each file waits for its own programs.
        .args(["--test", "--test-concurrency=2", "--test-timeout=300000"])
        .args(names.iter().map(|name| folder.join(format!("{name}.test.mjs"))))
        .env("SANDBOX", workspace.sandbox()))
}
