//! The package and the lead form in Chromium.

use super::package;
use crate::process::{node, run};
use crate::workspace::Workspace;
use crate::{build, sandbox};
use anyhow::Result;

/// The tests find Chromium, which is installed with its driver, by themselves.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    test(workspace, "tests/browser")
}

/// 200 leads from the form through every fault, in real time: many minutes. `COUNT` and `SEED` are
/// the tests'.
pub(crate) fn delivery(workspace: &Workspace) -> Result<()> {
    test(workspace, "tests/browser/delivery")
}

fn test(workspace: &Workspace, folder: &str) -> Result<()> {
    crate::browser::driver()?;
    let panicking = build::build(workspace, Some("panic-test"))?;
    let package = build::build(workspace, None)?;
    sandbox::build(workspace)?;
    // The demonstration's forwarder.
    build::tools::node_modules(&workspace.root.join("tests/edge"))?;
    run(node()
        .args(["--test", "--test-timeout=900000"])
        .args(package::tests(workspace, folder)?)
        .env("PACKAGE", package)
        .env("PANIC_PACKAGE", panicking)
        .env("SANDBOX", workspace.sandbox()))
}
