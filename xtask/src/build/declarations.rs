//! Removes the declarations that are not reachable from an entry of the package: they describe its
//! internals.

use super::commonjs::{entries, reachable};
use anyhow::Result;
use std::fs;
use std::path::Path;

const DECLARATION: &str = ".d.ts";

/// Declarations that the sources of the lead form are checked against, though no user can import them.
const KEPT: &str = "./dist/base/amount.d.ts";

/// Removes the declarations of ES modules; the CommonJS build has only those that it needs.
pub(super) fn prune(package: &Path) -> Result<()> {
    let mut entries = entries(package, |entry| entry)?;
    entries.push(KEPT.to_owned());
    let kept = reachable(package, &entries, DECLARATION, DECLARATION)?;
    remove(package, package, &|file| kept.contains(file))
}

fn remove(package: &Path, folder: &Path, is_kept: &dyn Fn(&Path) -> bool) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove(package, &path, is_kept)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if path.to_str().is_some_and(|path| path.ends_with(DECLARATION))
            && !is_kept(path.strip_prefix(package)?)
        {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
