//! The package and the lead form in Chromium, and the lead form in other browsers.

use super::package;
use crate::process::{node, run};
use crate::workspace::Workspace;
use crate::{build, programs, sandbox};
use anyhow::Result;

/// The tests find the installed Chromium and its driver themselves.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    programs::driver()?;
    let panicking = build::build(workspace, Some("panic-test"))?;
    let package = build::build(workspace, None)?;
    sandbox::build(workspace)?;
    // Miniflare, and the frameworks of the pages with the form.
    build::tools::node_modules(&workspace.root.join("tools"))?;
    build::tools::node_modules(&workspace.root.join("tests/browser"))?;
    run(node()
        // The tests mostly wait, each file for its own browser.
        .args(["--test", "--test-concurrency=2", "--test-timeout=900000"])
        .args(package::tests(workspace, "tests/browser")?)
        .env("PACKAGE", package)
        .env("PANIC_PACKAGE", panicking)
        .env("SANDBOX", workspace.sandbox()))
}

/// The WordPress plugin in a real WordPress, which apt downloads.
pub(crate) fn wordpress(workspace: &Workspace) -> Result<()> {
    programs::driver()?;
    programs::wordpress()?;
    let package = build::build(workspace, None)?;
    run(node()
        .args(["--test", "--test-timeout=900000"])
        .args(package::tests(workspace, "tests/wordpress")?)
        .env("PACKAGE", package))
}

/// The lead form in Firefox ESR.
pub(crate) fn firefox(workspace: &Workspace) -> Result<()> {
    programs::firefox()?;
    form(workspace, "form-firefox")
}

/// The lead form in WebKitGTK.
pub(crate) fn webkit(workspace: &Workspace) -> Result<()> {
    programs::webkit()?;
    form(workspace, "form-webkit")
}

fn form(workspace: &Workspace, name: &str) -> Result<()> {
    let package = build::build(workspace, None)?;
    // The browsers' drivers.
    let folder = workspace.root.join("tests/runtimes");
    build::tools::node_modules(&folder)?;
    run(node()
        .args(["--test", "--test-timeout=900000"])
        .arg(folder.join(format!("{name}.test.mjs")))
        .env("PACKAGE", package))
}
