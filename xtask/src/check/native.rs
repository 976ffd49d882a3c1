//! The native tests.

use crate::process::{cargo, run};
use crate::workspace::Workspace;
use anyhow::Result;
use std::process::Stdio;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let cargo_here = || {
        let mut command = cargo();
        command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
        command
    };
    let mut probe = cargo();
    probe.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if probe.status()?.success() {
        run(cargo_here().args([
            "nextest",
            "run",
            "--workspace",
            "--no-tests=pass",
            "--no-fail-fast",
        ]))?;
    } else {
        run(cargo_here().args(["test", "--workspace", "--lib", "--bins", "--tests"]))?;
    }
    run(cargo_here().args(["test", "--workspace", "--doc"]))
}
