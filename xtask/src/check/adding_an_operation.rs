//! Adding an operation takes one row: this check adds a row to a copy of the tree, and verifies
//! everything that is generated from it.

use crate::build::copy;
use crate::process::{capture, cargo};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The row before which the new one is inserted.
const BEFORE: &str = "            #[doc = \"Deletes a lead.\"]\n";

const ROW: &str = r#"            #[doc = "Archives a lead."]
            archive "archive" = Post "/leads/{id}/archive" (id) => Option<Lead>;
"#;

/// A caller of the new method, which the compiler checks.
const CALLER: &str = r#"
#[allow(dead_code, reason = "compiling it is the test")]
async fn archive<T: icloud_ready::transport::Transport>(
    client: &icloud_ready::Client<T>,
) -> Result<Option<icloud_ready::model::Lead>, icloud_ready::Error> {
    client.leads().archive("id").await
}
"#;

/// The expected texts, by file, after the generators ran.
const EXPECTED: &[(&str, &str)] = &[
    (
        "pkg-template/src/client/generated/resources.ts",
        "archive(id: string, options?: CallOptions)",
    ),
    ("pkg-template/src/client/generated/resources.ts", "archive: 4"),
    (
        "pkg-template/src/testing/generated/routes.ts",
        "\"leads.archive\": \"POST /leads/{id}/archive\"",
    ),
    ("pkg-template/src/base/generated/openapi.json", "\"operationId\": \"leads.archive\""),
    ("README.md", "| `leads.archive(id)` | `POST /leads/{id}/archive` |"),
];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    // Always the same path: for a different path cargo would rebuild, and keep the old build.
    let tree = workspace.scratch().join("adding-an-operation");
    copy_tree(workspace, &tree)?;
    edit(&tree.join("src/api.rs"), |text| text.replacen(BEFORE, &format!("{ROW}{BEFORE}"), 1))?;
    edit(&tree.join("xtask/src/main.rs"), |text| format!("{text}{CALLER}"))?;
    // Both trees build into one target directory, where cargo distinguishes packages by name and
    // version, and programs only by name.
    for (manifest, version) in [("Cargo.toml", &*workspace.version), ("xtask/Cargo.toml", "0.0.0")]
    {
        edit(&tree.join(manifest), |text| {
            text.replacen(&format!("version = \"{version}\""), "version = \"0.0.34\"", 1)
        })?;
    }
    edit(&tree.join("xtask/Cargo.toml"), |text| {
        text.replace("name = \"xtask\"\npath", "name = \"xtask-copy\"\npath")
    })?;

    capture(&mut xtask(workspace, &tree, &["generate"]))?;
    for (file, text) in EXPECTED {
        let content = fs::read_to_string(tree.join(file)).with_context(|| (*file).to_owned())?;
        if !content.contains(text) {
            bail!("{file} does not contain {text}");
        }
    }
    let routes = xtask(workspace, &tree, &["check", "routes"]).output()?;
    let errors = String::from_utf8_lossy(&routes.stderr);
    if routes.status.success() || !errors.contains("leads.archive POST /leads/:id/archive") {
        bail!("the golden routes did not notice the new row:\n{errors}");
    }
    Ok(())
}

/// The copy's own xtask.
fn xtask(workspace: &Workspace, tree: &Path, arguments: &[&str]) -> Command {
    let mut command = cargo();
    command
        .args(["run", "--quiet", "--package=xtask", "--bin=xtask-copy", "--"])
        .args(arguments)
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", &workspace.target);
    command
}

fn copy_tree(workspace: &Workspace, tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    let mut command = Command::new("git");
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let files = capture(command.current_dir(&workspace.root))?;
    for file in files.split_terminator('\0').map(PathBuf::from) {
        let from = workspace.root.join(&file);
        // Deleted, and the deletion is not committed yet.
        if from.is_file() {
            copy(&from, &tree.join(file))?;
        }
    }
    Ok(())
}

fn edit(file: &Path, change: impl FnOnce(&str) -> String) -> Result<()> {
    let old = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let new = change(&old);
    if new == old {
        bail!("{} is not as this test expects it", file.display());
    }
    Ok(fs::write(file, new)?)
}
