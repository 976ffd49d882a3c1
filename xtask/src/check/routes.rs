//! Compares the vendor's documented routes, typed by hand, with `src/api.rs`.

use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use icloud_ready::endpoint::{OPERATIONS, Operation};
use std::fs;

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let file = workspace.root.join("tests/golden/routes.txt");
    let documented = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let documented: Vec<_> = documented.lines().map(same_case).collect();
    let ours: Vec<_> = OPERATIONS.iter().map(|operation| same_case(&line(operation))).collect();
    let unknown = ours.iter().filter(|route| !documented.contains(route));
    let missing = documented.iter().filter(|route| !ours.contains(route));
    let differences: Vec<_> = unknown
        .map(|route| format!("not in tests/golden/routes.txt: {route}"))
        .chain(missing.map(|route| format!("not in src/api.rs: {route}")))
        .collect();
    if !differences.is_empty() || ours.len() != documented.len() {
        bail!("the routes differ\n{}", differences.join("\n"));
    }
    println!("{} routes", ours.len());
    Ok(())
}

fn line(operation: &Operation) -> String {
    let path = operation.path.replace('{', ":").replace('}', "");
    format!("{}.{} {} {path}", operation.group, operation.name, operation.method.name())
}

/// The vendor writes `:leadid`, `:noteid` and `:activityId`: only placeholders may differ in case.
fn same_case(line: &str) -> String {
    let segments = line.split('/').map(|segment| {
        if segment.starts_with(':') { segment.to_lowercase() } else { segment.to_owned() }
    });
    segments.collect::<Vec<_>>().join("/")
}
