//! The crate, compiled to WebAssembly.

use crate::process::{capture, cargo, run};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the crate in this profile with these features and returns the module's bytes.
pub(crate) fn compile(workspace: &Workspace, profile: &str, features: &[&str]) -> Result<Vec<u8>> {
    let machine = Machine::find(workspace)?;
    let mut command = cargo();
    command
        .args(["rustc", "--profile", profile, "--target", TARGET, "--package", "icloud-ready"])
        // The transport for Rust callers is not part of the package.
        .args(["--lib", "--crate-type", "cdylib", "--no-default-features"])
        .args(["--features", &features.join(",")])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .env("CARGO_ENCODED_RUSTFLAGS", machine.flags());
    run(&mut command)?;
    let file = workspace.target.join(TARGET).join(profile).join("icloud_ready.wasm");
    let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    machine.check(&bytes)?;
    Ok(bytes)
}

/// The paths of this machine, which must not ship: panic messages contain source paths.
struct Machine {
    /// From general to specific: of several that match, rustc takes the last.
    paths: Vec<(PathBuf, &'static str)>,
}

impl Machine {
    fn find(workspace: &Workspace) -> Result<Self> {
        let home = std::env::home_dir().context("no home directory")?;
        let variable = |name| std::env::var_os(name).map(PathBuf::from);
        let cargo_home = variable("CARGO_HOME").unwrap_or_else(|| home.join(".cargo"));
        let sysroot = capture(Command::new("rustc").arg("--print=sysroot"))?;
        let mut paths = vec![
            (home, "home"),
            (cargo_home.clone(), "cargo"),
            (PathBuf::from(sysroot.trim()), "rust"),
            (workspace.root.clone(), "icloud-ready"),
            (workspace.target.clone(), "target"),
        ];
        // One folder per registry, named after its host.
        if let Ok(registries) = fs::read_dir(cargo_home.join("registry/src")) {
            for registry in registries {
                paths.push((registry?.path(), "crates"));
            }
        }
        // A home of `/` is part of every path.
        paths.retain(|(path, _)| path.components().count() > 1);
        Ok(Self { paths })
    }

    fn flags(&self) -> OsString {
        let mut flags = OsString::new();
        for (path, name) in &self.paths {
            if !flags.is_empty() {
                flags.push("\x1f");
            }
            flags.push("--remap-path-prefix=");
            flags.push(path);
            flags.push(format!("={name}"));
        }
        flags
    }

    fn check(&self, wasm: &[u8]) -> Result<()> {
        for (path, _) in &self.paths {
            if contains(wasm, path) {
                bail!("the wasm names {}, a path of this machine", path.display());
            }
        }
        Ok(())
    }
}

fn contains(bytes: &[u8], path: &Path) -> bool {
    let needle = path.as_os_str().as_encoded_bytes();
    bytes.windows(needle.len()).any(|window| window == needle)
}
