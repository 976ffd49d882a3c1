//! Paths of the workspace.

use crate::process::{capture, cargo};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::path::{Component, Path, PathBuf};

/// The workspace in which `cargo xtask` was run.
pub(crate) struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target directory, which respects `CARGO_TARGET_DIR`.
    pub(crate) target: PathBuf,
    /// The version of the crate, and of the package.
    pub(crate) version: String,
}

impl Workspace {
    /// Finds the workspace with cargo.
    pub(crate) fn find() -> Result<Self> {
        let text =
            capture(cargo().args(["metadata", "--format-version=1", "--no-deps", "--offline"]))?;
        let metadata: Value = serde_json::from_str(&text)?;
        let path =
            |name: &str| metadata[name].as_str().map(PathBuf::from).context("cargo metadata");
        let packages = metadata["packages"].as_array().context("cargo metadata")?;
        let package = packages.iter().find(|package| package["name"] == "icloud-ready");
        let version = package.and_then(|package| package["version"].as_str());
        Ok(Self {
            root: path("workspace_root")?,
            target: path("target_directory")?,
            version: version.context("the workspace has no crate icloud-ready")?.to_owned(),
        })
    }

    /// xtask's files below the target directory: fingerprints, logs, intermediate results.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// The built package.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join("pkg")
    }

    /// The package's sources.
    pub(crate) fn template(&self) -> PathBuf {
        self.root.join("pkg-template")
    }

    /// A file of a development tool that npm installed.
    pub(crate) fn node_module(&self, path: &str) -> PathBuf {
        self.root.join("node_modules").join(path)
    }

    /// The sandbox's program built by `cargo build`.
    pub(crate) fn sandbox(&self) -> PathBuf {
        self.program("sandbox")
    }

    /// The path of this program. Not that of the running file, which a build of the whole workspace
    /// replaces.
    pub(crate) fn xtask(&self) -> PathBuf {
        self.program("xtask")
    }

    fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// A path without `.` and `..`; `None` if it leaves the tree.
pub(crate) fn normalize(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !normal.pop() {
                    return None;
                }
            }
            other => normal.push(other),
        }
    }
    Some(normal)
}
