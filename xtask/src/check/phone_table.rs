//! The committed table of numbering plans, against the metadata that package-lock.json pins. It is
//! committed so that a Rust caller's build needs no Node.js.

use crate::workspace::Workspace;
use crate::{build, generate};
use anyhow::{Result, bail};

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    build::tools::node_modules(&workspace.root)?;
    if generate::phone::is_outdated(workspace)? {
        bail!("src/phone/table.rs is not up to date; run: cargo xtask check phone-table --bless");
    }
    Ok(())
}

/// Writes the table.
pub(crate) fn bless(workspace: &Workspace) -> Result<()> {
    build::tools::node_modules(&workspace.root)?;
    generate::phone::write(workspace)
}
