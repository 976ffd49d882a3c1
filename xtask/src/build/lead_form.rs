//! The lead form, built from its TypeScript into the package.

use super::copy;
use crate::fingerprint::Inputs;
use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;
use std::path::Path;

/// Adds the form to the package. It is checked against the types of the facade in `dist`.
pub(crate) fn add(workspace: &Workspace, dist: &Path, package: &Path) -> Result<()> {
    let sources = workspace.root.join("www/lead-form");
    let output = workspace.scratch().join("lead-form");
    let inputs = Inputs::default()
        .path(&sources)?
        .path(dist)?
        .path(&workspace.package().join("runtime"))?
        .path(&workspace.package().join("validation.wasm"))?
        .path(&workspace.package().join("package.json"))?
        .path(&workspace.root.join("package-lock.json"))?;
    inputs.unless_done(&workspace.scratch().join("lead-form.fingerprint"), &output, || {
        eprintln!("xtask: esbuild, tsc: lead-form");
        if output.exists() {
            fs::remove_dir_all(&output)?;
        }
        run(node().arg(sources.join("build.mjs")).arg(&output))
    })?;
    copy(&output, package)
}
