//! The formatting of TypeScript, JavaScript, CSS, JSON and Markdown.

use crate::build::tools;
use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    tools::javascript()?;
    tools::node_modules(&workspace.root)?;
    run(node()
        .arg(workspace.node_module("prettier/bin/prettier.cjs"))
        .args(["--log-level=warn", "--check", "."])
        .current_dir(&workspace.root))
    .context("run: npx prettier --write .")
}
