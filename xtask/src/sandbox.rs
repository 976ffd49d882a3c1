//! The CRM's emulator, as a process of its own.

use crate::process::{cargo, run};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What the sandbox takes for the guide's integration token and organization.
pub(crate) const API_KEY: &str = "sandbox-api-key";
pub(crate) const ORGANIZATION: &str = "686f894eaf67193dd6e124ce";

/// `cargo xtask sandbox …`: the arguments are the sandbox's own.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<()> {
    let workspace = Workspace::find()?;
    build(&workspace)?;
    let mut command = Command::new(workspace.sandbox());
    let status = command.args(arguments.raw_args()?).status();
    status.context("cannot run the sandbox").map(drop)
}

/// Builds the sandbox's program.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let mut command = cargo();
    command
        .args([
            "build",
            "--package",
            "icloud-ready-sandbox",
            "--bin",
            "sandbox",
        ])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target);
    run(&mut command)
}

/// A sandbox that runs until this is dropped.
pub(crate) struct Sandbox {
    process: Child,
    pub(crate) addresses: Addresses,
}

/// Where it listens.
#[derive(Deserialize)]
pub(crate) struct Addresses {
    /// The API's base URL.
    pub(crate) url: String,
    /// A page that shows the leads as they arrive.
    pub(crate) inbox: String,
}

impl Sandbox {
    /// Starts the program that [`build`] left; port 0 is any that is free.
    pub(crate) fn start(workspace: &Workspace, port: u16, file: &Path) -> Result<Self> {
        let mut process = Command::new(workspace.sandbox())
            // However this process goes, its pipe closes and the sandbox with it.
            .args(["--exit-with-stdin", "--port", &port.to_string(), "--file"])
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the sandbox")?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let addresses = serde_json::from_str(&line).context("the sandbox did not start")?;
        Ok(Self { process, addresses })
    }

    /// Waits until it ends by itself, at Ctrl-C for one.
    pub(crate) fn wait(mut self) -> Result<()> {
        // Waiting closes a pipe that is still ours, which would end it.
        let stdin = self.process.stdin.take();
        self.process.wait()?;
        drop(stdin);
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // Gone already, perhaps; nothing could be done about another error.
        _ = self.process.wait();
    }
}
