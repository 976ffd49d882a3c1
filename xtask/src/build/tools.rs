//! The prerequisites of a build in addition to cargo. An error names the missing one and the
//! command to run.

use crate::fingerprint::Inputs;
use crate::process::{capture, node, npm, run};
use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::process::Command;

/// The oldest Node.js that the package runs on.
const NODE: [u32; 2] = [20, 19];

/// The wasm target; installs it if possible.
pub(crate) fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let libraries =
        capture(Command::new("rustc").args(["--print=target-libdir", "--target", TARGET]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", TARGET]))
        .with_context(|| format!("the wasm target is missing; run: rustup target add {TARGET}"))
}

/// Checks for npm and a recent enough Node.js.
pub(crate) fn javascript() -> Result<()> {
    let missing = "Node.js with npm is missing; install Node.js 20.19 or later";
    let version = capture(node().arg("--version")).context(missing)?;
    let numbers = version.trim().trim_start_matches('v').split('.');
    let numbers: Vec<u32> = numbers.take(2).filter_map(|number| number.parse().ok()).collect();
    if numbers.as_slice() < NODE.as_slice() {
        bail!("Node.js {} is too old; install Node.js 20.19 or later", version.trim());
    }
    capture(npm().arg("--version")).context(missing).map(drop)
}

/// Installs the packages that the package-lock.json of a folder pins.
pub(crate) fn node_modules(folder: &Path) -> Result<()> {
    let modules = folder.join("node_modules");
    let inputs = Inputs::default().path(&folder.join("package-lock.json"))?;
    inputs.unless_done(&modules.join(".xtask-fingerprint"), &modules, || {
        eprintln!("xtask: npm ci in {}", folder.display());
        // No install scripts: none of the tools needs one, and none should run unreviewed.
        let options = ["ci", "--ignore-scripts", "--loglevel=error"];
        run(npm().args(options).current_dir(folder))
    })
}
