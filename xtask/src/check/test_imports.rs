//! Finds imports from `tests/` in the folders that must work without it.

use crate::process::capture;
use crate::workspace::{Workspace, normalize};
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Code that tests, benches and the demo share belongs in `tools/`.
const FOLDERS: &[&str] = &["benches", "examples", "tools", "www"];

pub(super) fn find(workspace: &Workspace) -> Result<Vec<String>> {
    let mut list = Command::new("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]).args(FOLDERS);
    let files = capture(list.current_dir(&workspace.root))?;
    let mut problems = Vec::new();
    for name in files.split_terminator('\0') {
        let is_script = [".js", ".mjs", ".ts"].iter().any(|extension| name.ends_with(extension));
        // Deleted, and not yet committed.
        let Some(text) = Some(workspace.root.join(name))
            .filter(|_| is_script)
            .and_then(|path| fs::read_to_string(path).ok())
        else {
            continue;
        };
        let lines = lines(Path::new(name), &text);
        problems.extend(lines.iter().map(|line| {
            format!("{name}:{line}: imports from tests/; move what is shared to tools/")
        }));
    }
    Ok(problems)
}

/// The lines, from 1, that import or name a file of `tests/` by a relative path.
fn lines(file: &Path, text: &str) -> Vec<usize> {
    let leads_to_tests = |specifier: &str| {
        specifier.starts_with('.')
            && file
                .parent()
                .and_then(|folder| normalize(&folder.join(specifier)))
                .is_some_and(|path| path.starts_with("tests"))
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| {
            ["from \"", "import(\"", "import \"", "new URL(\""]
                .iter()
                .flat_map(|start| line.split(start).skip(1))
                .filter_map(|rest| rest.split('"').next())
                .any(leads_to_tests)
        })
        .map(|(index, _)| index + 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::lines;
    use std::path::Path;

    #[test]
    fn imports_from_tests_are_found() {
        let text = "import { a } from \"../tools/a.mjs\";\nimport { b } from \"../tests/b.mjs\";\n\
            new URL(\"../tests/c.json\", import.meta.url);\nimport \"./tests/d.mjs\";";
        assert_eq!(lines(Path::new("www/serve.mjs"), text), [2, 3]);
    }
}
