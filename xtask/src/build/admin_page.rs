//! The forwarder's admin page, bundled into a module of the facade.

use crate::fingerprint::Inputs;
use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;

/// Writes the module, which the forwarder imports if the option `adminPage` is set.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let sources = workspace.root.join("www/admin");
    let folder = workspace.template().join("src/forwarder/generated");
    let output = folder.join("admin-page.ts");
    let inputs =
        Inputs::default().path(&sources)?.path(&workspace.root.join("package-lock.json"))?;
    inputs.unless_done(&workspace.scratch().join("admin-page.fingerprint"), &output, || {
        eprintln!("xtask: esbuild: admin page");
        fs::create_dir_all(&folder)?;
        run(node().arg(sources.join("build.mjs")).arg(&output))
    })
}
