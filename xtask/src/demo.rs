//! The demonstration: a lead goes from JavaScript through the wasm into the sandbox.

use crate::build;
use crate::process::{capture, node};
use crate::sandbox::{self, API_KEY, ORGANIZATION, Sandbox};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use lexopt::ValueExt as _;
use std::fs;

/// `cargo xtask demo [--once] [--port N]`
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<()> {
    let (mut once, mut port) = (false, 0);
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("once") => once = true,
            lexopt::Arg::Long("port") => port = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::find()?;
    build::build(&workspace, None)?;
    sandbox::build(&workspace)?;

    let file = workspace.scratch().join("demo.sqlite");
    if once {
        // A run by itself shows its own lead alone.
        for suffix in ["", "-shm", "-wal"] {
            _ = fs::remove_file(file.with_extension(format!("sqlite{suffix}")));
        }
    }
    let sandbox = Sandbox::start(&workspace, port, &file)?;
    let id = create_lead(&workspace, &sandbox)?;
    if once {
        println!("{}", read_back(&sandbox, &id)?);
        return Ok(());
    }
    println!("inbox  {}", sandbox.addresses.inbox);
    println!("API    {}", sandbox.addresses.url);
    println!("       x-api-key: {API_KEY}, organizationId: {ORGANIZATION}");
    println!("The guide's lead is there, as {id}. Ctrl-C ends.");
    sandbox.wait()
}

/// Creates the guide's lead in Node.js through the package, and gives its id.
fn create_lead(workspace: &Workspace, sandbox: &Sandbox) -> Result<String> {
    let mut command = node();
    command
        .arg(workspace.root.join("examples/node/create-lead.mjs"))
        .env("ICLOUDREADY_BASE_URL", &sandbox.addresses.url)
        .env("ICLOUDREADY_API_KEY", API_KEY)
        .env("ICLOUDREADY_ORGANIZATION_ID", ORGANIZATION);
    Ok(capture(&mut command)?.trim().to_owned())
}

/// The lead as the sandbox has it, asked for by plain HTTP: the SDK has no part in the proof.
fn read_back(sandbox: &Sandbox, id: &str) -> Result<String> {
    let url = format!("{}/leads/{id}", sandbox.addresses.url);
    let request = ureq::get(&url)
        .header("x-api-key", API_KEY)
        .header("organizationId", ORGANIZATION);
    let mut response = request.call().with_context(|| format!("GET {url}"))?;
    Ok(response.body_mut().read_to_string()?)
}
