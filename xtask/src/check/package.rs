//! The package as users get it: packed, installed elsewhere, and used there.

use crate::process::{capture, node, npm, run};
use crate::workspace::Workspace;
use crate::{build, sandbox};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Its behavior, against the sandbox.
pub(crate) fn behavior(workspace: &Workspace) -> Result<()> {
    let panicking = build::build(workspace, Some("panic-test"))?;
    sandbox::build(workspace)?;
    test(
        workspace,
        "tests/package",
        &[("PANIC_PACKAGE", panicking), ("SANDBOX", workspace.sandbox())],
    )
}

/// Its types.
pub(crate) fn types(workspace: &Workspace) -> Result<()> {
    build::tools::node_modules(&workspace.root.join("tests/types"))?;
    test(workspace, "tests/types", &[])
}

/// Its OpenAPI document, and a generated client.
pub(crate) fn openapi(workspace: &Workspace) -> Result<()> {
    build::tools::node_modules(&workspace.root.join("tests/openapi"))?;
    sandbox::build(workspace)?;
    test(workspace, "tests/openapi", &[("SANDBOX", workspace.sandbox())])
}

fn test(workspace: &Workspace, folder: &str, environment: &[(&str, PathBuf)]) -> Result<()> {
    let project = Project::install(workspace)?;
    run(project
        .command()
        .args(["--test", "--test-timeout=300000"])
        .args(tests(workspace, folder)?)
        .envs(environment.iter().map(|(name, path)| (name, path))))
}

/// A project with the packed package installed; removed when this is dropped.
pub(super) struct Project(PathBuf);

impl Project {
    /// Builds the package, packs and installs it.
    pub(super) fn install(workspace: &Workspace) -> Result<Self> {
        let package = build::build(workspace, None)?;
        // Outside the workspace, so that its modules are not resolved by accident.
        let project =
            Self(std::env::temp_dir().join(format!("icloud-ready-{}", std::process::id())));
        fs::create_dir_all(&project.0)?;
        fs::write(project.0.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
        let pack = ["pack", "--silent", "--pack-destination"];
        let tarball = capture(npm().args(pack).arg(&project.0).current_dir(&package))?;
        let install = ["install", "--silent", "--offline", "--no-audit", "--no-fund"];
        run(npm().args(install).arg(format!("./{}", tarball.trim())).current_dir(&project.0))?;
        Ok(project)
    }

    /// Node.js, with the project's folder in its environment.
    pub(super) fn command(&self) -> Command {
        let mut command = node();
        command.env("ICLOUD_READY_TARBALL_DIR", &self.0);
        command
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // Files that a test left behind must not hide its result.
        _ = fs::remove_dir_all(&self.0);
    }
}

/// The test files of a folder: Node.js 20 does not support patterns.
pub(super) fn tests(workspace: &Workspace, folder: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(workspace.root.join(folder)).with_context(|| folder.to_owned())? {
        let path = entry?.path();
        if path.to_str().is_some_and(|path| path.ends_with(".test.mjs")) {
            found.push(path);
        }
    }
    if found.is_empty() {
        bail!("{folder} has no tests");
    }
    found.sort();
    Ok(found)
}
