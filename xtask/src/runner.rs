//! `cargo xtask wasm-test-runner`: the crate `runner`, compiled when it is first needed.

use crate::process::{Rest, cargo};
use anyhow::{Context as _, Result};

pub(crate) fn command(Rest { arguments }: Rest) -> Result<()> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--package=xtask-runner", "--"]).args(arguments);
    let status = command.status().context("cannot run the wasm test runner")?;
    anyhow::ensure!(status.success(), "the wasm tests failed");
    Ok(())
}
