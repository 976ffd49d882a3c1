//! The emulated CRM.

use crate::process::{Rest, cargo, run};
use crate::server::Server;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::path::Path;
use std::process::Command;

/// The sandbox's values for the guide's integration token and organization.
pub(crate) const API_KEY: &str = "sandbox-api-key";
pub(crate) const ORGANIZATION: &str = "686f894eaf67193dd6e124ce";

/// Allows pages of any origin.
pub(crate) const OPEN: [&str; 2] = ["--switches", r#"{"cors":"*"}"#];

pub(crate) fn command(Rest { arguments }: Rest) -> Result<()> {
    let workspace = Workspace::find()?;
    build(&workspace)?;
    let mut command = Command::new(workspace.sandbox());
    let status = command.args(arguments).status().context("cannot run the sandbox")?;
    anyhow::ensure!(status.success(), "the sandbox ended with {status}");
    Ok(())
}

/// Builds the sandbox's program.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let mut command = cargo();
    command
        .args(["build", "--package=icloud-ready-sandbox", "--bin=sandbox"])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target);
    run(&mut command)
}

/// Its URLs.
#[derive(Deserialize)]
pub(crate) struct Addresses {
    /// The API's base URL.
    pub(crate) url: String,
    /// The URL below which it is controlled.
    pub(crate) control: String,
}

/// Starts the program built by [`build`], on a free port unless the options set one.
pub(crate) fn start(
    workspace: &Workspace,
    file: &Path,
    options: &[&str],
) -> Result<(Server, Addresses)> {
    Server::start(Command::new(workspace.sandbox()).arg("--file").arg(file).args(options))
}
