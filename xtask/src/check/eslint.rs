//! ESLint, with the types of the facade and the form.

use crate::build;
use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::Result;

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    // The form's sources import the package's declarations.
    build::build(workspace, None)?;
    run(node()
        .arg(workspace.node_module("eslint/bin/eslint.js"))
        .args(["--max-warnings=0", "."])
        .current_dir(&workspace.root))
}
