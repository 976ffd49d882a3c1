//! The demo: a lead goes from JavaScript through the wasm into the sandbox.

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

/// Sends the guide's lead and prints the sandbox's record, alone on stdout.
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

/// Keeps the sandbox, the forwarder and the pages running; the leads persist between runs.
fn stay(workspace: &Workspace, port: u16) -> Result<()> {
    // Miniflare, which runs the forwarder as Cloudflare does.
    build::tools::node_modules(&workspace.root.join("tools"))?;
    let file = workspace.scratch().join("demo.sqlite");
    let folder = workspace.scratch().join("demo-outbox");
    fs::create_dir_all(&folder)?;
    let port = port.to_string();
    let (sandbox, addresses) = start(workspace, &file, &["--port", &port, OPEN[0], OPEN[1]])?;
    let id = create_lead(workspace, &addresses)?;
    let mut pages = node();
    pages
        .arg(workspace.root.join("www/serve.mjs"))
        .args(["--api", &addresses.url, "--control", &addresses.control, "--folder"])
        .arg(folder);
    let (_pages, Pages { url, forwarder }) = Server::start(&mut pages)?;
    println!("Open       {url}");
    println!("forwarder  {forwarder}/leads");
    println!("API        {}", addresses.url);
    println!("           x-api-key: {API_KEY}, organizationId: {ORGANIZATION}");
    println!(
        "The page shows two property sites, the form's playground, and each lead on its way to"
    );
    println!("the CRM; it also stops the forwarder or the CRM. Open it with its whole address.");
    println!("The guide's lead is in the CRM, as {id}. Ctrl-C ends.");
    sandbox.wait()
}

#[derive(Deserialize)]
struct Pages {
    url: String,
    forwarder: String,
}

/// Creates the guide's lead in Node.js through the package, and returns its id.
fn create_lead(workspace: &Workspace, sandbox: &Addresses) -> Result<String> {
    // A project with the package installed, like a user's.
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

/// The lead in the sandbox, requested over plain HTTP, without the SDK.
fn read_back(sandbox: &Addresses, id: &str) -> Result<String> {
    let url = format!("{}/leads/{id}", sandbox.url);
    let request =
        ureq::get(&url).header("x-api-key", API_KEY).header("organizationId", ORGANIZATION);
    let mut response = request.call().with_context(|| format!("GET {url}"))?;
    Ok(response.body_mut().read_to_string()?)
}
