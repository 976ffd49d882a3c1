//! Builds the npm package.

mod admin_page;
mod bindings;
mod bundle;
mod commonjs;
mod declarations;
mod lead_form;
mod modules;
mod package;
mod shrink;
mod strip_glue;
pub(crate) mod tools;
mod wasm;

use self::modules::{CLIENT, Module};
use crate::fingerprint::Inputs;
use crate::generate;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs::{self, File};
use std::path::PathBuf;

pub(crate) use modules::MODULES;
pub(crate) use package::copy;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A cargo feature for tests; the package is then built into the target directory
    #[arg(long)]
    feature: Option<String>,
}

pub(crate) fn command(Arguments { feature }: Arguments) -> Result<()> {
    let package = build(&Workspace::find()?, feature.as_deref())?;
    println!("{}", package.display());
    Ok(())
}

/// Builds the package into `pkg/`, or, with a cargo feature for tests, into the target directory.
/// Steps whose inputs have not changed are skipped.
pub(crate) fn build(workspace: &Workspace, feature: Option<&str>) -> Result<PathBuf> {
    if feature.is_some() {
        // The facade is checked against the glue that ships, and is the same in both.
        build(workspace, None)?;
    }
    // Two builds at the same time would write the same files.
    fs::create_dir_all(workspace.scratch())?;
    let lock = File::create(workspace.scratch().join("build.lock"))?;
    lock.lock()?;

    tools::wasm_target()?;
    tools::javascript()?;
    tools::node_modules(&workspace.root)?;
    generate::write(&workspace.root)?;
    generate::phone::update(workspace)?;
    admin_page::write(workspace)?;

    let package = match feature {
        Some(feature) => workspace.target.join(format!("pkg-{feature}")),
        None => workspace.package(),
    };
    let mut bound = Vec::new();
    for module in MODULES {
        let feature = feature.filter(|_| module.name == CLIENT.name);
        let folder = bind(workspace, module, feature)?;
        if feature.is_none() {
            let shipped = workspace.template().join("wasm").join(module.name);
            copy(&folder.join(shrink::SCRIPT), &shipped.with_extension("js"))?;
            copy(&folder.join(shrink::TYPES), &shipped.with_extension("d.ts"))?;
        }
        bound.push((module, folder));
    }
    let dist = package::compile_facade(workspace)?;
    package::assemble(workspace, &dist, &bound, &package)?;
    lead_form::add(workspace, &dist, &package)?;
    commonjs::add(workspace, &package)?;
    bundle::bundle(workspace, &package)?;
    declarations::prune(&package)?;
    Ok(package)
}

/// Compiles a module and binds it to JavaScript; returns the folder of the result.
fn bind(workspace: &Workspace, module: &Module, feature: Option<&str>) -> Result<PathBuf> {
    let variant = feature.map_or_else(String::new, |feature| format!("-{feature}"));
    let folder = workspace.scratch().join(format!("wasm-{}{variant}", module.name));
    let features: Vec<&str> = [module.name].into_iter().chain(feature).collect();
    let wasm = wasm::compile(workspace, module.profile(), &features)?;
    let mut inputs = Inputs::default().bytes(&wasm);
    for step in ["bindings.rs", "shrink.rs", "strip_glue.rs"] {
        inputs = inputs.path(&workspace.root.join("xtask/src/build").join(step))?;
    }
    let inputs = inputs
        .path(&workspace.root.join("Cargo.lock"))?
        .path(&workspace.root.join("package-lock.json"))?;
    inputs.unless_done(&folder.join("fingerprint"), &folder.join(shrink::SCRIPT), || {
        eprintln!("xtask: wasm-bindgen, wasm-opt: {}", module.name);
        let data = bindings::bind(wasm, &folder, false)?;
        strip_glue::strip(&folder, &data)?;
        shrink::shrink(workspace, module, &folder, false)
    })?;
    Ok(folder)
}

/// The shipped client module with function names, for `cargo xtask size --detail`.
pub(crate) fn with_names(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.scratch().join("wasm-client-names");
    let wasm = wasm::compile(workspace, CLIENT.profile(), &[CLIENT.name])?;
    let data = bindings::bind(wasm, &folder, true)?;
    strip_glue::strip(&folder, &data)?;
    shrink::shrink(workspace, &CLIENT, &folder, true)?;
    Ok(folder.join(shrink::WASM))
}
