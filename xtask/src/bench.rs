//! `cargo xtask bench`: measurements against a bare floor, kept in benches/RESULTS.md.

use crate::check::edge;
use crate::process::node;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail, ensure};
use lexopt::ValueExt as _;
use std::fs;
use std::process::Stdio;

/// The benches: each has a folder in benches/ with a `run.mjs` that prints its section.
const BENCHES: &[&str] = &["forwarder"];

/// `cargo xtask bench [--only NAME]`
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<()> {
    let mut only = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("only") => only = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(name) = only.as_deref().filter(|name| !BENCHES.contains(name)) {
        bail!("there is no bench {name}; there are {}", BENCHES.join(", "));
    }
    let workspace = Workspace::find()?;
    edge::ready(&workspace)?;
    for name in BENCHES.iter().filter(|name| only.as_deref().is_none_or(|only| only == **name)) {
        let mut command = node();
        command
            .arg(workspace.root.join("benches").join(name).join("run.mjs"))
            .env("PACKAGE", workspace.package())
            .env("SANDBOX", workspace.sandbox());
        let output = command.stderr(Stdio::inherit()).output().context("cannot run node")?;
        let text = String::from_utf8(output.stdout)?;
        print!("{text}");
        // What is beyond its bound is kept too.
        record(&workspace, name, text.trim())?;
        ensure!(output.status.success(), "{name} is beyond its bound");
    }
    Ok(())
}

/// Puts a bench's text between its marks.
fn record(workspace: &Workspace, name: &str, text: &str) -> Result<()> {
    let file = workspace.root.join("benches/RESULTS.md");
    let old = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
    let (head, rest) = old.split_once(&begin).with_context(|| format!("{begin} is missing"))?;
    let (_, tail) = rest.split_once(&end).with_context(|| format!("{end} is missing"))?;
    Ok(fs::write(&file, format!("{head}{begin}\n{text}\n{end}{tail}"))?)
}
