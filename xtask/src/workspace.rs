//! Where things are.

use crate::process::{capture, cargo};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::path::PathBuf;

/// The workspace that `cargo xtask` was run in.
pub(crate) struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where cargo builds, which respects `CARGO_TARGET_DIR`.
    pub(crate) target: PathBuf,
    /// The version of the crate, which is the package's too.
    pub(crate) version: String,
}

impl Workspace {
    /// Asks cargo.
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

    /// What is ours below the target directory: stamps, logs, half-built things.
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

    /// The sandbox's program, as `cargo build` leaves it.
    pub(crate) fn sandbox(&self) -> PathBuf {
        self.program("sandbox")
    }

    /// This program. Not the running file's path: a build of the whole workspace replaces it.
    pub(crate) fn xtask(&self) -> PathBuf {
        self.program("xtask")
    }

    fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}
