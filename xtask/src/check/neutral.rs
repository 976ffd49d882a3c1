//! Checks that the core does not use JavaScript: only `src/wasm/` may.

use crate::process::{capture, cargo};
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

const CRATES: [&str; 4] = ["wasm-bindgen", "web-sys", "js-sys", "gloo-net"];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let source = workspace.root.join("src");
    for file in files(&source)? {
        if file.starts_with(source.join("wasm")) {
            continue;
        }
        let text = fs::read_to_string(&file)?;
        if let Some(name) = CRATES.iter().find(|name| text.contains(&name.replace('-', "_"))) {
            bail!("{} names {name}", file.display());
        }
    }
    let mut command = cargo();
    command.args(["tree", "--package=icloud-ready", "--edges=normal", "--prefix=none"]);
    let tree = capture(command.current_dir(&workspace.root))?;
    for package in tree.lines().filter_map(|line| line.split(' ').next()) {
        if CRATES.contains(&package) {
            bail!("a native build depends on {package}");
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
