//! `cargo xtask bench`: measurements against a baseline, kept in benches/RESULTS.md.

use crate::check::edge;
use crate::process::{node, run};
use crate::workspace::Workspace;
use crate::{build, programs};
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::process::Stdio;

/// A bench: the folder in benches/ with this name has a `run.mjs` that prints its section.
struct Bench {
    name: &'static str,
    /// Builds what the bench needs.
    ready: fn(&Workspace) -> Result<()>,
}

const BENCHES: &[Bench] = &[
    Bench { name: "sdk", ready: peers },
    Bench { name: "forwarder", ready: edge::ready },
    Bench { name: "capacity", ready: edge::ready },
    Bench { name: "lead-form", ready: page },
];

/// The package, and the clients that it is compared with.
fn peers(workspace: &Workspace) -> Result<()> {
    build::build(workspace, None)?;
    build::tools::node_modules(&workspace.root.join("benches/sdk"))
}

/// The package, and a browser.
fn page(workspace: &Workspace) -> Result<()> {
    programs::driver()?;
    build::build(workspace, None).map(drop)
}

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The name of one benchmark; by default all run
    #[arg(long)]
    only: Option<String>,
    /// Parts of `sdk`, as in `create,lists`; their results are printed and not recorded
    #[arg(long, requires = "only")]
    parts: Option<String>,
}

pub(crate) fn command(Arguments { only, parts }: Arguments) -> Result<()> {
    let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
    if let Some(name) = only.as_deref().filter(|name| !names.contains(name)) {
        bail!("unknown benchmark {name}; the benchmarks are {}", names.join(", "));
    }
    let workspace = Workspace::find()?;
    let chosen = |bench: &&Bench| only.as_deref().is_none_or(|only| only == bench.name);
    for Bench { name, ready } in BENCHES.iter().filter(chosen) {
        ready(&workspace)?;
        let mut command = node();
        command
            .arg(workspace.root.join("benches").join(name).join("run.mjs"))
            .env("PACKAGE", workspace.package())
            .env("SANDBOX", workspace.sandbox());
        if let Some(parts) = &parts {
            command.env("PARTS", parts);
        }
        let output = command.stderr(Stdio::inherit()).output().context("cannot run node")?;
        let text = String::from_utf8(output.stdout)?;
        print!("{text}");
        // Results that exceed their bound are recorded too.
        if parts.is_none() {
            record(&workspace, name, text.trim())?;
        }
        ensure!(output.status.success(), "{name} is beyond its bound");
    }
    Ok(())
}

/// Writes a bench's text between its markers.
fn record(workspace: &Workspace, name: &str, text: &str) -> Result<()> {
    let file = workspace.root.join("benches/RESULTS.md");
    let old = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
    let (head, rest) = old.split_once(&begin).with_context(|| format!("{begin} is missing"))?;
    let (_, tail) = rest.split_once(&end).with_context(|| format!("{end} is missing"))?;
    fs::write(&file, format!("{head}{begin}\n{text}\n{end}{tail}"))?;
    run(node()
        .arg(workspace.node_module("prettier/bin/prettier.cjs"))
        .args(["--write", "--log-level=warn"])
        .arg(&file))
}
