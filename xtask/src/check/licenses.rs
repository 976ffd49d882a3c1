//! Checks the licenses of all dependencies against deny.toml.
//!
//! cargo-deny reads the same file, but compiling it takes longer than the rest of the suite.

use crate::process::{capture, cargo};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};
use std::fs;
use std::path::Path;

/// The npm dependencies of tests, benchmarks and tools. The package itself has none.
const TOOLS: &[&str] = &[
    "benches/sdk",
    "tests/browser",
    "tests/consumers",
    "tests/consumers/templates/next",
    "tests/runtimes",
    "tests/self-hosted",
    "tests/openapi",
    "tests/types",
    "tools",
    "tools/spelling",
];

/// Additional licenses permitted there: these packages run in tests and are not part of anything
/// that ships.
const IN_TOOLS: &[&str] = &[
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "LGPL-3.0-or-later",
    "MIT-0",
    "OFL-1.1",
    "Python-2.0",
    "WTFPL",
];

/// Node.js 20 is under MIT; its npm package has no `license` field.
const WITHOUT_LICENSE_FIELD: &str = "node_modules/node-20";

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let policy: Policy = toml::from_str(&fs::read_to_string(workspace.root.join("deny.toml"))?)?;
    let allowed: Vec<&str> = policy.licenses.allow.iter().map(String::as_str).collect();

    let mut problems = Vec::new();
    let mut count = 0;
    let mut check_all = |packages: Vec<Package>, allowed: &[&str]| {
        for (package, license) in packages {
            count += 1;
            let license =
                license.or_else(|| (package == WITHOUT_LICENSE_FIELD).then(|| "MIT".to_owned()));
            if !license.as_deref().is_some_and(|license| permits(license, allowed)) {
                problems.push(format!("{package}: {}", license.as_deref().unwrap_or("no license")));
            }
        }
    };
    check_all(crates(workspace)?, &allowed);
    check_all(npm_packages(&workspace.root)?, &allowed);
    let in_tools: Vec<_> = allowed.iter().chain(IN_TOOLS).copied().collect();
    for folder in TOOLS {
        check_all(npm_packages(&workspace.root.join(folder))?, &in_tools);
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
    Ok(packages.iter().map(|package| (text(&package["name"]), license(package))).collect())
}

fn npm_packages(folder: &Path) -> Result<Vec<Package>> {
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    let packages = lock["packages"].as_object().context("package-lock.json")?;
    Ok(packages.iter().map(|(name, package)| (name.clone(), license(package))).collect())
}

fn license(package: &Value) -> Option<String> {
    package["license"].as_str().map(str::to_owned)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn permits(license: &str, allowed: &[&str]) -> bool {
    // A dictionary of cspell writes it without hyphens; older crates write `MIT/Apache-2.0`.
    let license = license.replace("CC BY-SA 4.0", "CC-BY-SA-4.0");
    let Ok(expression) = Expression::parse_mode(&license, ParseMode::LAX) else {
        return false;
    };
    expression
        .evaluate(|requirement: &LicenseReq| allowed.contains(&requirement.to_string().as_str()))
}

/// The used part of deny.toml.
#[derive(Deserialize)]
struct Policy {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}
