//! Checks that no type name occurs twice in the crate or in the package: one word for one concept. Runs after the
//! build, because the generated files count too.

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Code that ships together: its name, its folders, and the keywords that begin a type's
/// declaration.
type Unit = (&'static str, &'static [&'static str], &'static [&'static str]);

const UNITS: &[Unit] = &[
    ("the crate", &["src"], &["struct", "enum", "trait", "union", "type"]),
    (
        "the package",
        &["pkg-template/src", "www/lead-form/src"],
        &["interface", "type", "class", "enum"],
    ),
];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut problems = Vec::new();
    for (unit, folders, keywords) in UNITS {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for folder in *folders {
            read(&workspace.root, Path::new(folder), keywords, &mut files)?;
        }
        problems.extend(files.into_iter().filter(|(_, files)| files.len() > 1).map(
            |(name, files)| {
                format!("{unit} has more than one type {name}: {}", files.join(" and "))
            },
        ));
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(())
}

/// Adds the types of the files in a folder: for each name its files. A file may declare a name for each platform.
fn read(
    root: &Path,
    folder: &Path,
    keywords: &[&str],
    files: &mut BTreeMap<String, Vec<String>>,
) -> Result<()> {
    let entries = fs::read_dir(root.join(folder)).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read(root, &path, keywords, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "ts") {
            let file = path.display().to_string();
            let text = fs::read_to_string(root.join(&path))?;
            for name in declared(&text, keywords) {
                let of_name = files.entry(name.into()).or_default();
                if of_name.last() != Some(&file) {
                    of_name.push(file.clone());
                }
            }
        }
    }
    Ok(())
}

/// The names of the types that a text declares at its top level.
fn declared<'a>(text: &'a str, keywords: &[&str]) -> Vec<&'a str> {
    let name_in = |line: &'a str| {
        let mut words = line.split([' ', '<', '(', '{', ';', '=', ':']);
        let keyword = words.by_ref().find(|word| {
            !["pub", "crate)", "super)", "export", "declare", "abstract", ""].contains(word)
        })?;
        words.next().filter(|name| keywords.contains(&keyword) && !name.is_empty())
    };
    text.lines()
        .filter(|line| !line.starts_with([' ', '\t', '/', '*']))
        .filter_map(name_in)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::declared;

    #[test]
    fn declarations_are_found() {
        let rust = "pub struct A;\npub(crate) enum B<T> {\n    type Inner = u8;\ntrait C: D {}\nimpl E for F {}\nfn g() {}";
        assert_eq!(declared(rust, &["struct", "enum", "trait"]), ["A", "B", "C"]);
        let script = "export interface A<T> {\nexport type { B };\ntype C = string;\nexport declare class D extends A {}\nconst type = 1;";
        assert_eq!(declared(script, &["interface", "type", "class"]), ["A", "C", "D"]);
    }
}
