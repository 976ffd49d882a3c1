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

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let policy = fs::read_to_string(workspace.root.join("deny.toml"))?;
    let allowed = allowed(&policy)?;

    let mut problems = Vec::new();
    let mut count = 0;
    for (package, licence) in crates(workspace)?.into_iter().chain(npm_packages(workspace)?) {
        count += 1;
        if !licence.as_deref().is_some_and(|licence| permits(licence, &allowed)) {
            problems.push(format!("{package}: {}", licence.as_deref().unwrap_or("no licence")));
        }
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

fn npm_packages(workspace: &Workspace) -> Result<Vec<Package>> {
    let lock = fs::read_to_string(workspace.root.join("package-lock.json"))?;
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
