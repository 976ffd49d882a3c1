//! The spelling of code and prose, by cspell. `tools/spelling/` contains its settings and the
//! project's words.

use crate::build::tools;
use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("tools/spelling");
    tools::javascript()?;
    tools::node_modules(&folder)?;
    run(node()
        .arg(folder.join("node_modules/cspell/bin.mjs"))
        .args(["--no-progress", "--no-summary", "--gitignore", "--dot", "--config"])
        .arg(folder.join("cspell.json"))
        .arg(".")
        .current_dir(&workspace.root))
    .context("correct the words, or add them to tools/spelling/words.txt")
}
