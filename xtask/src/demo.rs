//! The demonstration: a lead goes from JavaScript through the wasm into the sandbox.

use crate::build;
use crate::process::{capture, node};
use crate::sandbox::{self, API_KEY, Addresses, OPEN, ORGANIZATION, start};
use crate::server::Server;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::fs;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Send one lead without a browser, print it as JSON, and exit
    #[arg(long)]
    once: bool,
    /// The sandbox's port; 0 picks a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
}

pub(crate) fn command(Arguments { once, port }: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    build::build(&workspace, None)?;
    sandbox::build(&workspace)?;
    if once { run_once(&workspace) } else { stay(&workspace, port) }
}

/// Sends the guide's lead and prints what the sandbox then has, alone on stdout.
fn run_once(workspace: &Workspace) -> Result<()> {
    let file = workspace.scratch().join("demo-once.sqlite");
    for suffix in ["", "-shm", "-wal"] {
        _ = fs::remove_file(file.with_extension(format!("sqlite{suffix}")));
    }
    let (_sandbox, addresses) = start(workspace, &file, &[])?;
    let id = create_lead(workspace, &addresses)?;
    println!("{}", read_back(&addresses, &id)?);
    Ok(())
}

/// Leaves the sandbox and the site running; the leads stay from one time to the next.
fn stay(workspace: &Workspace, port: u16) -> Result<()> {
    // Miniflare, which runs the forwarder as Cloudflare does.
    build::tools::node_modules(&workspace.root.join("tools"))?;
    let file = workspace.scratch().join("demo.sqlite");
    let port = port.to_string();
    let (sandbox, addresses) = start(workspace, &file, &["--port", &port, OPEN[0], OPEN[1]])?;
    let id = create_lead(workspace, &addresses)?;
    let mut site = node();
    site.arg(workspace.root.join("www/serve.mjs"))
        .args(["--api", &addresses.url, "--outbox"])
        .arg(workspace.scratch().join("demo-outbox"));
    let (_site, Site { url, forwarder }) = Server::start(&mut site)?;
    println!("site       {url}");
    println!("forwarder  {forwarder}/health");
    println!("inbox      {}", addresses.inbox);
    println!("API        {}", addresses.url);
    println!("           x-api-key: {API_KEY}, organizationId: {ORGANIZATION}");
    println!("A lead left on the site goes through the forwarder into the inbox.");
    println!("The guide's lead is there, as {id}. Ctrl-C ends.");
    sandbox.wait()
}

#[derive(Deserialize)]
struct Site {
    url: String,
    forwarder: String,
}

/// Creates the guide's lead in Node.js through the package, and gives its id.
fn create_lead(workspace: &Workspace, sandbox: &Addresses) -> Result<String> {
    // A project that has the package installed, as the example's reader has.
    let project = workspace.scratch().join("demo");
    let example = project.join("create-lead.mjs");
    build::copy(&workspace.package(), &project.join("node_modules/icloud-ready"))?;
    build::copy(&workspace.root.join("examples/node/create-lead.mjs"), &example)?;
    let mut command = node();
    command
        .arg(example)
        .arg(workspace.root.join("tests/fixtures/guide-lead.json"))
        .env("ICLOUDREADY_BASE_URL", &sandbox.url)
        .env("ICLOUDREADY_API_KEY", API_KEY)
        .env("ICLOUDREADY_ORGANIZATION_ID", ORGANIZATION);
    Ok(capture(&mut command)?.trim().to_owned())
}

/// The lead as the sandbox has it, asked for by plain HTTP: the SDK has no part in the proof.
fn read_back(sandbox: &Addresses, id: &str) -> Result<String> {
    let url = format!("{}/leads/{id}", sandbox.url);
    let request =
        ureq::get(&url).header("x-api-key", API_KEY).header("organizationId", ORGANIZATION);
    let mut response = request.call().with_context(|| format!("GET {url}"))?;
    Ok(response.body_mut().read_to_string()?)
}
