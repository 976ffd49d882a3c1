//! Builds the npm package.

mod bindings;
mod package;
mod shrink;
mod tools;
mod trim;
mod wasm;

use crate::generate;
use crate::stamp::Inputs;
use crate::workspace::Workspace;
use anyhow::Result;
use lexopt::ValueExt as _;
use std::fs::{self, File};
use std::path::PathBuf;

pub(crate) use package::copy;

/// `cargo xtask build [--feature NAME]`
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<()> {
    let mut feature = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("feature") => feature = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let package = build(&Workspace::find()?, feature.as_deref())?;
    println!("{}", package.display());
    Ok(())
}

/// Builds the package into `pkg/`, or, with a cargo feature that is there for tests, into the
/// target directory. Steps whose inputs have not changed are not done again.
pub(crate) fn build(workspace: &Workspace, feature: Option<&str>) -> Result<PathBuf> {
    if feature.is_some() {
        // The facade is checked against the glue that ships, and is the same in both.
        build(workspace, None)?;
    }
    // Two builds at once would write the same files.
    fs::create_dir_all(workspace.scratch())?;
    let lock = File::create(workspace.scratch().join("build.lock"))?;
    lock.lock()?;

    tools::wasm_target()?;
    tools::javascript()?;
    tools::node_modules(workspace)?;
    generate::write(&workspace.root)?;

    let bound = workspace.scratch().join(format!("wasm-{}", feature.unwrap_or("shipped")));
    let wasm = wasm::compile(workspace, feature)?;
    let inputs = Inputs::default()
        .bytes(&wasm)
        .path(&workspace.root.join("xtask/src/build"))?
        .path(&workspace.root.join("Cargo.lock"))?
        .path(&workspace.root.join("package-lock.json"))?;
    inputs.unless_done(&bound.join("stamp"), &bound.join("glue.js"), || {
        eprintln!("xtask: wasm-bindgen, wasm-opt");
        bindings::bind(wasm, &bound)?;
        trim::trim(&bound)?;
        shrink::shrink(workspace, &bound)
    })?;

    let package = match feature {
        Some(feature) => workspace.target.join(format!("pkg-{feature}")),
        None => workspace.package(),
    };
    if feature.is_none() {
        for name in shrink::FILES {
            copy(&bound.join(name), &workspace.template().join("wasm").join(name))?;
        }
    }
    let dist = package::compile_facade(workspace)?;
    package::assemble(workspace, &dist, &bound, &package)?;
    Ok(package)
}
