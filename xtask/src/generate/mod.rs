//! Generates from the two tables, `src/api.rs` and `src/model/`: the package's TypeScript and
//! OpenAPI document, and the README's API table.

mod catalog;
mod codes;
mod models;
mod openapi;
pub(crate) mod phone;
mod readme;
mod resources;
mod routes;
mod typescript;

use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The repository's root; by default the workspace of the current directory
    #[arg(long)]
    root: Option<PathBuf>,
}

pub(crate) fn command(Arguments { root }: Arguments) -> Result<()> {
    match root {
        Some(root) => write(&root),
        None => write(&Workspace::find()?.root),
    }
}

/// Writes every generated file below `root`; one that is up to date is not touched.
pub(crate) fn write(root: &Path) -> Result<()> {
    for (path, text) in files(root)? {
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Whether the README's table differs from the one generated from `src/api.rs`.
pub(crate) fn is_readme_outdated(root: &Path) -> Result<bool> {
    let readme = fs::read_to_string(root.join("README.md")).unwrap_or_default();
    Ok(readme::rewrite(&readme)?.is_some_and(|new| new != readme))
}

fn files(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let facade = root.join("pkg-template/src");
    let mut files = vec![
        (facade.join("base/generated/codes.ts"), codes::print()),
        (facade.join("base/generated/models.ts"), models::print()),
        (facade.join("base/generated/openapi.json"), openapi::print()),
        (facade.join("client/generated/resources.ts"), resources::print()),
        (facade.join("testing/generated/routes.ts"), routes::print()),
    ];
    let readme = root.join("README.md");
    if let Ok(text) = fs::read_to_string(&readme)
        && let Some(text) = readme::rewrite(&text)?
    {
        files.push((readme, text));
    }
    Ok(files)
}
