//! The crate's documentation, as docs.rs builds it.

use crate::build::tools;
use crate::process::{cargo, run};
use crate::workspace::Workspace;
use anyhow::Result;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    tools::wasm_target()?;
    for arguments in [&["--features=reqwest"][..], &["--target=wasm32-unknown-unknown"]] {
        let mut command = cargo();
        command
            .args(["doc", "--package=icloud-ready", "--no-deps"])
            .args(arguments)
            .current_dir(&workspace.root)
            .env("CARGO_TARGET_DIR", &workspace.target)
            .env("RUSTDOCFLAGS", "--deny=warnings");
        run(&mut command)?;
    }
    Ok(())
}
