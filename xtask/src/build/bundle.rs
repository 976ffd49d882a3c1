//! Bundles the client's entry for Node.js: a starting process reads 2 modules instead of 23, which
//! took half of the time to its first request.

use crate::process::{node, run};
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::Path;

/// The entries that share their classes, each with its file in the package.
const ENTRIES: &[&str] =
    &["runtime/node=runtime/node.js", "runtime/testing-node=dist/testing/index.js"];

/// Bundles the entries. The copy of the wasm in a script stays a separate module, because it is
/// rarely needed.
pub(super) fn bundle(workspace: &Workspace, package: &Path) -> Result<()> {
    run(node()
        .arg(workspace.node_module("esbuild/bin/esbuild"))
        .args(ENTRIES)
        .args(["--bundle", "--splitting", "--format=esm", "--platform=node", "--target=node20"])
        .args(["--external:./inline.js", "--sourcemap", "--log-level=warning"])
        .args(["--outdir=.", "--chunk-names=runtime/node/[name]-[hash]", "--allow-overwrite"])
        .current_dir(package))
}
