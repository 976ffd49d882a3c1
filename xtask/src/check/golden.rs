//! The files in `tests/golden/`, generated from the sources: changes to the public API appear as a
//! diff in review.

use crate::workspace::Workspace;
use crate::{build, generate};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The entries that users of the package can import.
const ENTRIES: [&str; 4] = ["index.d.ts", "slim.d.ts", "testing/index.d.ts", "validation.d.ts"];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    // Before the build, which regenerates it.
    if generate::is_readme_outdated(&workspace.root)? {
        bail!("the README's table is not up to date; run: cargo xtask generate");
    }
    let (file, declarations) = declarations(workspace)?;
    let golden = fs::read_to_string(&file).unwrap_or_default();
    let mut lines = golden.lines().zip(declarations.lines()).enumerate();
    if let Some((number, (old, new))) = lines.find(|(_, (old, new))| old != new) {
        bail!("{} differs at line {}\n- {old}\n+ {new}\n{BLESS}", file.display(), number + 1);
    }
    if golden != declarations {
        bail!("{} has another end\n{BLESS}", file.display());
    }
    Ok(())
}

const BLESS: &str = "if that is meant, run: cargo xtask check golden --bless";

/// Accepts the current declarations as the expected ones.
pub(crate) fn bless(workspace: &Workspace) -> Result<()> {
    let (file, declarations) = declarations(workspace)?;
    Ok(fs::write(file, declarations)?)
}

/// The golden file, and its expected content.
fn declarations(workspace: &Workspace) -> Result<(PathBuf, String)> {
    let folder = fs::canonicalize(build::build(workspace, None)?.join("dist"))?;
    let mut files = Vec::new();
    for entry in ENTRIES {
        visit(&folder, &folder.join(entry), &mut files)?;
    }
    let mut text = String::new();
    for file in files {
        let name = file.strip_prefix(&folder)?.display();
        text.push_str(&format!("// {name}\n{}\n", fs::read_to_string(&file)?));
    }
    Ok((workspace.root.join("tests/golden/index.d.ts"), text))
}

/// Collects a declaration file and its imports within the folder, each once.
fn visit(folder: &Path, file: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if found.iter().any(|known| known == file) {
        return Ok(());
    }
    found.push(file.to_owned());
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    for script in text.split("from \"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let script = fs::canonicalize(file.with_file_name(script).with_extension("d.ts"))?;
        // The glue is outside the folder: it is internal and not reachable by users.
        if script.starts_with(folder) {
            visit(folder, &script, found)?;
        }
    }
    Ok(())
}
