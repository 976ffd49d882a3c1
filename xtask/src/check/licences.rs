//! What the workspace depends on, against deny.toml.
//!
//! Not cargo-deny: compiling that takes longer than all else here together. It reads the same
//! file, for whoever has it.

use crate::process::{capture, cargo};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};
use std::fs;
use std::path::Path;

/// Where the tests have tools of their own from npm: the package itself depends on nothing.
const TOOLS: &[&str] = &[
    "tests/consumers",
    "tests/consumers/templates/next",
    "tests/edge",
    "tests/runtimes",
    "tests/types",
];

/// What these may have besides, for they are run here and are in nothing that is built.
const IN_TOOLS: &[&str] = &["BlueOak-1.0.0", "CC-BY-4.0", "CC0-1.0", "LGPL-3.0-or-later", "MIT-0"];

/// Node.js 20, under MIT as all of them; its package does not say so.
const SILENT: &str = "node_modules/node-20";

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let policy = fs::read_to_string(workspace.root.join("deny.toml"))?;
    let allowed = allowed(&policy)?;

    let mut problems = Vec::new();
    let mut count = 0;
    let mut judge = |packages: Vec<Package>, allowed: &[&str]| {
        for (package, licence) in packages {
            count += 1;
            let licence = licence.or_else(|| (package == SILENT).then(|| "MIT".to_owned()));
            if !licence.as_deref().is_some_and(|licence| permits(licence, allowed)) {
                problems.push(format!("{package}: {}", licence.as_deref().unwrap_or("no licence")));
            }
        }
    };
    judge(crates(workspace)?, &allowed);
    judge(npm_packages(&workspace.root)?, &allowed);
    let in_tools: Vec<_> = allowed.iter().chain(IN_TOOLS).copied().collect();
    for folder in TOOLS {
        judge(npm_packages(&workspace.root.join(folder))?, &in_tools);
    }
    if !problems.is_empty() {
        bail!("deny.toml does not allow\n{}", problems.join("\n"));
    }
    println!("{count} packages");
    Ok(())
}

type Package = (String, Option<String>);

fn crates(workspace: &Workspace) -> Result<Vec<Package>> {
    let mut command = cargo();
    command.args(["metadata", "--format-version=1", "--locked"]).current_dir(&workspace.root);
    let metadata: Value = serde_json::from_str(&capture(&mut command)?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata")?;
    Ok(packages.iter().map(|package| (text(&package["name"]), licence(package))).collect())
}

fn npm_packages(folder: &Path) -> Result<Vec<Package>> {
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    let packages = lock["packages"].as_object().context("package-lock.json")?;
    Ok(packages.iter().map(|(name, package)| (name.clone(), licence(package))).collect())
}

fn licence(package: &Value) -> Option<String> {
    package["license"].as_str().map(str::to_owned)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn permits(licence: &str, allowed: &[&str]) -> bool {
    // Older crates write `MIT/Apache-2.0`.
    let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
        return false;
    };
    expression
        .evaluate(|requirement: &LicenseReq| allowed.contains(&requirement.to_string().as_str()))
}

/// The licences that deny.toml allows.
fn allowed(policy: &str) -> Result<Vec<&str>> {
    let (_, list) = policy.split_once("\nallow = [").context("deny.toml allows nothing")?;
    let (list, _) = list.split_once(']').context("deny.toml allows nothing")?;
    Ok(list.split('"').skip(1).step_by(2).collect())
}
