//! Projects that install the packed package and build and run with only their own template: see
//! `tests/consumers/`.

use super::package::Project;
use crate::fingerprint::Inputs;
use crate::process::run;
use crate::workspace::Workspace;
use crate::{build, programs, sandbox};
use anyhow::Result;

/// Bundlers, test runners, CommonJS, and the examples.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    test(workspace, "consumers")?;
    test(workspace, "examples")
}

/// A Next.js app, whose installation and build take longer than those of all others.
pub(crate) fn next(workspace: &Workspace) -> Result<()> {
    test(workspace, "next")
}

/// Runs a test file, unless it passed with this package.
fn test(workspace: &Workspace, name: &str) -> Result<()> {
    programs::driver()?;
    let package = build::build(workspace, None)?;
    let tests = workspace.root.join("tests");
    let file = tests.join(format!("consumers/{name}.test.mjs"));
    let mut inputs =
        Inputs::default().path(&package)?.path(&file)?.path(&workspace.root.join("examples"))?;
    for path in ["package-lock.json", "support", "templates"] {
        inputs = inputs.path(&tests.join("consumers").join(path))?;
    }
    for path in ["runtimes/scenario.mjs", "runtimes/support", "browser/support", "support"] {
        inputs = inputs.path(&tests.join(path))?;
    }
    for file in ["paths.mjs", "sandbox.mjs", "wait.mjs"] {
        inputs = inputs.path(&workspace.root.join("tools").join(file))?;
    }
    let fingerprint = workspace.scratch().join(format!("{name}.fingerprint"));
    inputs.unless_done(&fingerprint, &package, || {
        build::tools::node_modules(&tests.join("consumers"))?;
        sandbox::build(workspace)?;
        let project = Project::install(workspace)?;
        run(project
            .command()
            .args(["--test", "--test-timeout=300000"])
            .arg(file)
            .env("SANDBOX", workspace.sandbox()))
    })
}
