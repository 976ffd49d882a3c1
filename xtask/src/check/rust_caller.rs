//! A program of another workspace uses the SDK: with its own allocator, the oldest wasm-bindgen
//! that the SDK accepts, and only its own JavaScript exports.

use crate::build::tools;
use crate::process::{capture, cargo, node, run};
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// Prints the exports of a module, without those that wasm-bindgen itself reads.
const EXPORTS: &str = r#"
    const bytes = require("node:fs").readFileSync(process.argv[1]);
    const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
    console.log(names.filter((name) => !name.startsWith("__")).sort().join("\n"));
"#;

/// The expected exports: its memory and its function.
const EXPECTED: [&str; 2] = ["createLead", "memory"];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    tools::wasm_target()?;
    run(build(workspace).args(["--target", TARGET]))?;
    run(&mut build(workspace))?;

    let module = workspace.target.join(TARGET).join("debug/rust_caller.wasm");
    let exports = capture(node().args(["--eval", EXPORTS]).arg(module))?;
    if !exports.lines().eq(EXPECTED) {
        bail!("tests/rust-caller exports\n{exports}but it must export {}", EXPECTED.join(", "));
    }
    Ok(())
}

/// If the SDK's dependencies changed, `cargo update --workspace` in the folder updates the lock file.
fn build(workspace: &Workspace) -> Command {
    let mut command = cargo();
    command
        .args(["build", "--locked"])
        .current_dir(workspace.root.join("tests/rust-caller"))
        .env("CARGO_TARGET_DIR", &workspace.target);
    command
}
