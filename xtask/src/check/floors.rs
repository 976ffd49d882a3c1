//! Checks that folders import only folders below them, that there are no circular imports, and that
//! only tests import from `tests/`.

use super::test_imports;
use crate::process::capture;
use crate::workspace::{Workspace, normalize};
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of sources and its floors.
struct Tree {
    root: &'static str,
    /// Folders, or files without their extension, from the lowest floor to the highest. Anything
    /// not listed is above all.
    floors: &'static [&'static str],
    /// The imports of a file's text, each with its line, from 1.
    imports: fn(&Path, &str) -> Vec<(usize, PathBuf)>,
    /// Whether circular imports are errors.
    is_acyclic: bool,
}

const TREES: [Tree; 4] = [
    Tree {
        root: "src",
        floors: &[
            "sync", "text", "json", "phone", "model", "api", "list", "request", "call", "client",
            "outbox", "native", "wasm",
        ],
        imports: rust_imports,
        // A module and its children are one unit in Rust.
        is_acyclic: false,
    },
    Tree {
        root: "www/lead-form/src",
        floors: &[
            "base",
            "languages",
            "fields",
            "view",
            "submission",
            "deferred",
            "steps",
            "content",
            "extra-fields",
            "teaser",
            "modes",
            "background",
            "form",
        ],
        imports: script_imports,
        is_acyclic: true,
    },
    Tree {
        root: "pkg-template/src",
        floors: &["base", "loader", "client", "forwarder", "testing"],
        imports: script_imports,
        is_acyclic: true,
    },
    Tree {
        root: "pkg-template/src/forwarder",
        floors: &["generated", "outbox", "message", "sources", "rules", "http", "platforms"],
        imports: script_imports,
        is_acyclic: true,
    },
];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut problems = test_imports::find(workspace)?;
    for tree in &TREES {
        problems.extend(violations(tree, &imports_of(workspace, tree)?));
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(())
}

/// The imports of a higher floor, and a circle of imports.
fn violations(tree: &Tree, imports: &Imports) -> Vec<String> {
    let mut problems = Vec::new();
    for (file, lines) in imports {
        for (line, target) in lines {
            if floor(tree, target) > floor(tree, file) {
                problems.push(format!(
                    "{}/{}:{line}: imports {}, which is above it",
                    tree.root,
                    file.display(),
                    target.display()
                ));
            }
        }
    }
    if tree.is_acyclic
        && let Some(circle) = circle(imports)
    {
        let names: Vec<_> = circle.iter().map(|file| file.display().to_string()).collect();
        problems.push(format!("{}: a circle of imports: {}", tree.root, names.join(" -> ")));
    }
    problems
}

/// The imports within a tree: for each file the lines and what they import, relative to the root.
type Imports = BTreeMap<PathBuf, Vec<(usize, PathBuf)>>;

fn imports_of(workspace: &Workspace, tree: &Tree) -> Result<Imports> {
    let mut list = Command::new("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", tree.root]);
    let files = capture(list.current_dir(&workspace.root))?;
    let mut found = Imports::new();
    for name in
        files.split_terminator('\0').filter(|name| name.ends_with(".rs") || name.ends_with(".ts"))
    {
        // Deleted, and not yet committed.
        let Ok(text) = fs::read_to_string(workspace.root.join(name)) else { continue };
        let file = Path::new(name).strip_prefix(tree.root)?.with_extension("");
        found.insert(file.clone(), (tree.imports)(&file, &text));
    }
    Ok(found)
}

/// The floor of a file: its folder's index in the list.
fn floor(tree: &Tree, file: &Path) -> usize {
    tree.floors.iter().position(|floor| file.starts_with(floor)).unwrap_or(tree.floors.len())
}

/// The names after `crate::` in Rust code, also in groups.
fn rust_imports(_: &Path, text: &str) -> Vec<(usize, PathBuf)> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    // Comments become empty lines, so that line numbers stay correct.
    let code: Vec<&str> =
        text.lines().map(|line| Some(line).filter(is_code).unwrap_or_default()).collect();
    let code = code.join("\n").replace("$crate::", "");
    let mut found = Vec::new();
    let mut line = 1;
    let mut parts = code.split("crate::");
    line += parts.next().unwrap_or_default().matches('\n').count();
    for part in parts {
        found.extend(first_names(part).into_iter().map(|name| (line, name.into())));
        line += part.matches('\n').count();
    }
    found
}

/// The first name of a path, or of each path of a group in braces.
fn first_names(path: &str) -> Vec<&str> {
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.extend(group.get(start..at).map(name).filter(|name| !name.is_empty()));
                start = at + 1;
            }
            _ => {}
        }
        if letter == '}' && depth == 0 && start == at + 1 {
            break;
        }
    }
    names
}

/// The identifier at the start of a text.
fn name(text: &str) -> &str {
    let text = text.trim_start();
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

/// The relative imports of TypeScript.
fn script_imports(file: &Path, text: &str) -> Vec<(usize, PathBuf)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let specifiers = ["from \"", "import(\"", "import \""]
            .into_iter()
            .flat_map(|start| line.split(start).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|specifier| specifier.starts_with('.') && specifier.ends_with(".js"));
        let targets = specifiers
            .filter_map(|specifier| normalize(&file.parent()?.join(specifier).with_extension("")));
        found.extend(targets.map(|target| (index + 1, target)));
    }
    found
}

/// A circle of imports.
fn circle(imports: &Imports) -> Option<Vec<PathBuf>> {
    fn visit(
        file: &Path,
        imports: &Imports,
        path: &mut Vec<PathBuf>,
        done: &mut Vec<PathBuf>,
    ) -> bool {
        if path.iter().any(|known| known == file) {
            path.push(file.to_owned());
            return true;
        }
        if done.iter().any(|known| known == file) {
            return false;
        }
        path.push(file.to_owned());
        let targets = imports.get(file).into_iter().flatten();
        for (_, target) in targets {
            if visit(target, imports, path, done) {
                return true;
            }
        }
        path.pop();
        done.push(file.to_owned());
        false
    }
    let mut done = Vec::new();
    imports.keys().find_map(|file| {
        let mut path = Vec::new();
        visit(file, imports, &mut path, &mut done).then_some(path)
    })
}

#[cfg(test)]
mod tests {
    use super::{Imports, TREES, circle, floor, rust_imports, script_imports, violations};
    use std::path::{Path, PathBuf};

    #[test]
    fn imports_are_mapped_to_floors() {
        let file = Path::new("rules/config");
        let imports = script_imports(
            file,
            "import { a } from \"../http/cors.js\";\nawait import(\"./fields.js\");",
        );
        assert_eq!(imports, [(1, PathBuf::from("http/cors")), (2, "rules/fields".into())]);
        assert!(
            script_imports(file, "export * from \"../../errors.js\"; import \"node:fs\";")
                .is_empty()
        );
        let rust = "// crate::wasm\nuse crate::call::retry;\nuse crate::{\n    json::{node, quote},\n    wasm,\n};\nlet a = crate::text::join;";
        let expected = [(2, "call"), (3, "json"), (3, "wasm"), (7, "text")];
        assert_eq!(
            rust_imports(file, rust),
            expected.map(|(line, name)| (line, PathBuf::from(name)))
        );
        let [rust, ..] = &TREES;
        assert!(floor(rust, Path::new("text/http_date")) < floor(rust, Path::new("wasm/entry")));
        assert!(floor(rust, Path::new("wasm")) < floor(rust, Path::new("lib")));
    }

    fn imports(pairs: &[(&str, &str)]) -> Imports {
        pairs.iter().map(|(from, to)| (PathBuf::from(from), vec![(1, PathBuf::from(to))])).collect()
    }

    #[test]
    fn an_import_of_a_higher_floor_is_a_violation_in_each_tree() {
        let roots = ["src", "www/lead-form/src", "pkg-template/src", "pkg-template/src/forwarder"];
        assert_eq!(TREES.each_ref().map(|tree| tree.root), roots);
        for tree in &TREES {
            let [lowest, .., highest] = tree.floors else { panic!("{} has floors", tree.root) };
            let (low, high) = (format!("{lowest}/a"), format!("{highest}/b"));
            assert!(violations(tree, &imports(&[(&high, &low)])).is_empty());
            assert_eq!(
                violations(tree, &imports(&[(&low, &high)])),
                [format!("{}/{low}:1: imports {high}, which is above it", tree.root)]
            );
        }
    }

    #[test]
    fn a_circle_is_found() {
        assert_eq!(circle(&imports(&[("a", "b"), ("b", "c")])), None);
        let found = circle(&imports(&[("a", "b"), ("b", "c"), ("c", "b")]));
        assert_eq!(found, Some(["a", "b", "c", "b"].map(PathBuf::from).to_vec()));
    }
}
