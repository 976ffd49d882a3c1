//! The crate on wasm32: its lints, and the typed client in Node.js and in Chromium.

use crate::build::{MODULES, tools};
use crate::process::{cargo, run};
use crate::sandbox::{self, OPEN};
use crate::workspace::Workspace;
use anyhow::Result;
use std::ffi::OsString;

/// The lints for wasm32: for Rust callers, and for each module as it is built.
pub(crate) fn clippy(workspace: &Workspace) -> Result<()> {
    tools::wasm_target()?;
    let modules =
        MODULES.iter().map(|module| vec!["--no-default-features", "--features", module.name]);
    for features in [Vec::new(), vec!["--no-default-features"]].into_iter().chain(modules) {
        let mut command = cargo();
        command
            .args(["clippy", "--package=icloud-ready", "--lib", "--target=wasm32-unknown-unknown"])
            .args(features)
            .args(["--", "--deny=warnings"])
            .current_dir(&workspace.root);
        run(&mut command)?;
    }
    Ok(())
}

pub(crate) fn node(workspace: &Workspace) -> Result<()> {
    test(workspace, &[])
}

pub(crate) fn chromium(workspace: &Workspace) -> Result<()> {
    let driver = crate::programs::driver()?;
    test(workspace, &[("WASM_BINDGEN_USE_BROWSER", "1".into()), ("CHROMEDRIVER", driver.into())])
}

fn test(workspace: &Workspace, environment: &[(&str, OsString)]) -> Result<()> {
    tools::wasm_target()?;
    sandbox::build(workspace)?;
    let file = workspace.scratch().join("wasm-test.sqlite");
    // The page with the tests has another origin.
    let (_sandbox, addresses) = sandbox::start(workspace, &file, &OPEN)?;
    let mut command = cargo();
    command
        .args(["test", "--package=icloud-ready", "--target=wasm32-unknown-unknown", "--test=wasm"])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target)
        // Compiled in: wasm has no environment variables.
        .env("ICLOUD_READY_SANDBOX", &addresses.url)
        .envs(environment.iter().cloned());
    run(&mut command)
}
