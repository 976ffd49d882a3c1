//! The package and the lead form in Chromium, and the lead form in other browsers.

use super::package;
use crate::process::{node, run};
use crate::workspace::Workspace;
use crate::{browser, build, sandbox};
use anyhow::Result;

/// The tests find Chromium, which is installed with its driver, by themselves.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    browser::driver()?;
    let panicking = build::build(workspace, Some("panic-test"))?;
    let package = build::build(workspace, None)?;
    sandbox::build(workspace)?;
    // Miniflare, and the frameworks whose pages have the form.
    build::tools::node_modules(&workspace.root.join("tools"))?;
    build::tools::node_modules(&workspace.root.join("tests/browser"))?;
    run(node()
        .args(["--test", "--test-timeout=900000"])
        .args(package::tests(workspace, "tests/browser")?)
        .env("PACKAGE", package)
        .env("PANIC_PACKAGE", panicking)
        .env("SANDBOX", workspace.sandbox()))
}

/// The lead form in Firefox ESR.
pub(crate) fn firefox(workspace: &Workspace) -> Result<()> {
    browser::firefox()?;
    form(workspace, "form-firefox")
}

/// The lead form in WebKitGTK.
pub(crate) fn webkit(workspace: &Workspace) -> Result<()> {
    browser::webkit()?;
    form(workspace, "form-webkit")
}

fn form(workspace: &Workspace, name: &str) -> Result<()> {
    let package = build::build(workspace, None)?;
    // What drives the browsers.
    let folder = workspace.root.join("tests/runtimes");
    build::tools::node_modules(&folder)?;
    run(node()
        .args(["--test", "--test-timeout=900000"])
        .arg(folder.join(format!("{name}.test.mjs")))
        .env("PACKAGE", package))
}
