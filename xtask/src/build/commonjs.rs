//! The package's CommonJS build: each file that an entry needs, once more as `.cjs`, and its
//! declarations as `.d.cts`, beside the ES module. For Jest, and for TypeScript with `module: commonjs`.

use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The entries that can be required, without their extension; the manifest names them too.
const SCRIPTS: &[&str] = &[
    "dist/slim",
    "dist/testing/index",
    "runtime/node",
    "runtime/default",
    "runtime/validation-node",
    "runtime/validation-default",
    "runtime/forwarder-node",
    "runtime/forwarder-default",
    "runtime/forwarder/node",
];
const DECLARATIONS: &[&str] = &[
    "dist/index",
    "dist/slim",
    "dist/validation",
    "dist/testing/index",
    "dist/forwarder/index",
    "dist/forwarder/node",
    "runtime/wasm",
];

/// Stands for `import.meta.url`. Only the loaders for Node.js can have it: the others take the copy of the wasm that is
/// a script.
const URL: &str = "moduleUrl";
const URL_IN_NODE: &str = "const moduleUrl = require(\"node:url\").pathToFileURL(__filename);\n";
const URL_ELSEWHERE: &str = "const moduleUrl = undefined;\n";

/// Adds the CommonJS build to the package in `package`.
pub(super) fn add(workspace: &Workspace, package: &Path) -> Result<()> {
    let scripts = reachable(package, SCRIPTS, "js")?;
    run(node()
        .arg(workspace.node_module("esbuild/bin/esbuild"))
        .args(&scripts)
        .args([
            "--outdir=.",
            "--outbase=.",
            "--out-extension:.js=.cjs",
            "--format=cjs",
            "--target=node20",
        ])
        // `import()` needs a flag in Jest; `require` does not.
        .args(["--supported:dynamic-import=false", "--log-level=warning"])
        .arg(format!("--define:import.meta.url={URL}"))
        .current_dir(package))?;
    for script in scripts {
        let file = package.join(script).with_extension("cjs");
        let text = rename(&fs::read_to_string(&file)?, ".cjs");
        let is_node =
            file.file_stem().is_some_and(|stem| stem.as_encoded_bytes().ends_with(b"node"));
        let url = match text.contains(URL) {
            true if is_node => URL_IN_NODE,
            true => URL_ELSEWHERE,
            false => "",
        };
        // As modules are, and scripts are not by themselves.
        let text = format!("\"use strict\";\n{url}{text}");
        fs::write(file, text)?;
    }
    for declaration in reachable(package, DECLARATIONS, "d.ts")? {
        let file = package.join(&declaration);
        let text = rename(&fs::read_to_string(&file)?, ".cjs");
        fs::write(with_extension(&file, "d.ts", "d.cts")?, text)?;
    }
    Ok(())
}

/// The entries' files, and all that they import.
fn reachable(package: &Path, entries: &[&str], extension: &str) -> Result<BTreeSet<PathBuf>> {
    let mut open: Vec<_> =
        entries.iter().map(|entry| PathBuf::from(format!("{entry}.{extension}"))).collect();
    let mut found = BTreeSet::new();
    while let Some(file) = open.pop() {
        let text = fs::read_to_string(package.join(&file))
            .with_context(|| format!("the CommonJS build needs {}", file.display()))?;
        let folder = file.parent().context("a file in a folder")?;
        for specifier in specifiers(&text) {
            open.push(normalize(&folder.join(format!("{specifier}.{extension}"))));
        }
        found.insert(file);
        open.retain(|file| !found.contains(file));
    }
    Ok(found)
}

/// The modules of the package that a file imports, without `.js`.
fn specifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split('"')
        .filter(|part| part.starts_with("./") || part.starts_with("../"))
        .filter_map(|part| part.strip_suffix(".js"))
}

/// The text with another extension in what it imports.
fn rename(text: &str, extension: &str) -> String {
    let parts = text.split('"').map(|part| {
        let is_specifier = part.starts_with("./") || part.starts_with("../");
        match part.strip_suffix(".js").filter(|_| is_specifier) {
            Some(specifier) => format!("{specifier}{extension}"),
            None => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("\"")
}

fn with_extension(file: &Path, old: &str, new: &str) -> Result<PathBuf> {
    let name = file.to_str().and_then(|name| name.strip_suffix(old));
    Ok(PathBuf::from(name.with_context(|| file.display().to_string())?.to_owned() + new))
}

/// The path without `.` and `..`.
fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => _ = normal.pop(),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}
