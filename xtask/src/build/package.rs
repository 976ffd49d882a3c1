//! Assembles the npm package as `npm publish` would upload it.

use super::modules::{CLIENT, Module};
use super::shrink::{SCRIPT, TYPES, WASM};
use crate::fingerprint::Inputs;
use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Compiles the facade and returns the folder of the result.
pub(crate) fn compile_facade(workspace: &Workspace) -> Result<PathBuf> {
    let template = workspace.template();
    let output = workspace.scratch().join("dist");
    let inputs = Inputs::default()
        .path(&template.join("src"))?
        .path(&template.join("tsconfig.json"))?
        .path(&template.join("wasm"))?
        .path(&workspace.root.join("package-lock.json"))?;
    inputs.unless_done(&workspace.scratch().join("dist.fingerprint"), &output, || {
        eprintln!("xtask: tsc");
        if output.exists() {
            fs::remove_dir_all(&output)?;
        }
        let mut command = node();
        command
            .arg(workspace.node_module("typescript/bin/tsc"))
            .args(["--noEmit", "false", "--project"])
            .arg(template.join("tsconfig.json"))
            .arg("--outDir")
            .arg(&output);
        run(&mut command)
    })?;
    Ok(output)
}

/// Assembles the package in `package`: the facade from `dist`, the wasm and its glue from the
/// folders of `bound`, and the hand-written files.
pub(crate) fn assemble(
    workspace: &Workspace,
    dist: &Path,
    bound: &[(&Module, PathBuf)],
    package: &Path,
) -> Result<()> {
    let template = workspace.template();
    if package.exists() {
        fs::remove_dir_all(package)?;
    }
    copy(dist, &package.join("dist"))?;
    fs::create_dir_all(package.join("runtime"))?;
    for (module, folder) in bound {
        let glue = package.join("wasm").join(module.name);
        copy(&folder.join(SCRIPT), &glue.with_extension("js"))?;
        copy(&folder.join(TYPES), &glue.with_extension("d.ts"))?;
        copy(&folder.join(WASM), &package.join(module.file))?;
        loaders(&template.join("runtime"), module, &fs::read(folder.join(WASM))?, package)?;
    }
    copy(&template.join("runtime/forwarder"), &package.join("runtime/forwarder"))?;
    for path in [
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "docs/misconfiguration.md",
        "docs/sources.md",
        "docs/testing.md",
        "examples/edge-worker",
        "examples/node-forwarder",
    ] {
        copy(&workspace.root.join(path), &package.join(path))?;
    }
    let guide = "docs/forwarder.md";
    let text = fs::read_to_string(workspace.root.join(guide))?;
    fs::write(package.join(guide), text.replace("../pkg-template/README.md", "../README.md"))?;
    copy(&template.join("README.md"), &package.join("README.md"))?;
    let openapi = "openapi.json";
    copy(&template.join("src/base/generated").join(openapi), &package.join(openapi))?;
    fs::write(package.join("package.json"), manifest(workspace)?)?;
    Ok(())
}

/// The loaders of a module: the client's, with names replaced.
fn loaders(template: &Path, module: &Module, wasm: &[u8], package: &Path) -> Result<()> {
    let runtime = package.join("runtime");
    let names = [
        (format!("../{}", CLIENT.file), format!("../{}", module.file)),
        (format!("/modules/{}.js", CLIENT.name), format!("/modules/{}.js", module.name)),
        (format!("/dist/{}.js", CLIENT.entry), format!("/dist/{}.js", module.entry)),
        ("\"./".to_owned(), format!("\"./{}", module.prefix)),
    ];
    for entry in fs::read_dir(template)? {
        let entry = entry?;
        if entry.path().is_dir()
            || !module.prefix.is_empty() && entry.path().extension().is_some_and(|end| end == "ts")
        {
            continue;
        }
        let mut text = fs::read_to_string(entry.path())?;
        for (client, own) in &names {
            text = text.replace(client, own);
        }
        let name = entry.file_name().into_string().ok().context("a loader's name")?;
        fs::write(runtime.join(format!("{}{name}", module.prefix)), text)?;
    }
    Ok(fs::write(runtime.join(format!("{}inline.js", module.prefix)), inline(wasm))?)
}

/// The module as a script, for bundles that do not include the file itself.
fn inline(wasm: &[u8]) -> String {
    format!(
        "const text =\n  \"{}\";\nexport default Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));\n",
        STANDARD.encode(wasm),
    )
}

/// The package's manifest, with the crate's version.
fn manifest(workspace: &Workspace) -> Result<String> {
    let file = workspace.template().join("package.json");
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(&file)?)
        .with_context(|| file.display().to_string())?;
    manifest["version"] = Value::from(workspace.version.as_str());
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

/// Copies a file, or a folder with its content.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let what = || format!("cannot copy {}", from.display());
    if from.is_dir() {
        fs::create_dir_all(to).with_context(what)?;
        for entry in fs::read_dir(from).with_context(what)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).with_context(what)?;
        }
        fs::copy(from, to).with_context(what)?;
    }
    Ok(())
}
