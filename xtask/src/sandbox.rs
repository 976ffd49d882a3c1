//! The CRM's emulator.

use crate::process::{Rest, cargo, run};
use crate::server::Server;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::path::Path;
use std::process::Command;

/// What the sandbox takes for the guide's integration token and organization.
pub(crate) const API_KEY: &str = "sandbox-api-key";
pub(crate) const ORGANIZATION: &str = "686f894eaf67193dd6e124ce";

/// Pages of any origin may ask it.
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

/// Where it listens.
#[derive(Deserialize)]
pub(crate) struct Addresses {
    /// The API's base URL.
    pub(crate) url: String,
    /// A page that shows the leads as they arrive.
    pub(crate) inbox: String,
}

/// Starts the program that [`build`] left, on a port that is free unless the options name one.
pub(crate) fn start(
    workspace: &Workspace,
    file: &Path,
    options: &[&str],
) -> Result<(Server, Addresses)> {
    Server::start(Command::new(workspace.sandbox()).arg("--file").arg(file).args(options))
}
