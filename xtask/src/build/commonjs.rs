//! The package's CommonJS build: each file that an entry needs, also as `.cjs`, and its
//! declarations as `.d.cts`, next to the ES module. For Jest, and for TypeScript with `module:
//! commonjs`.

use crate::process::{node, run};
use crate::workspace::{Workspace, normalize};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Replaces `import.meta.url`, which only the loaders for Node.js use; the others load the inline
/// copy of the wasm.
const URL: &str = "moduleUrl";
const URL_IN_NODE: &str = "const moduleUrl = require(\"node:url\").pathToFileURL(__filename);\n";
const URL_ELSEWHERE: &str = "const moduleUrl = undefined;\n";

/// Adds the CommonJS build to the package in `package`.
pub(super) fn add(workspace: &Workspace, package: &Path) -> Result<()> {
    let entries = entries(package, |entry| &entry["require"])?;
    let scripts = reachable(package, &entries, ".cjs", ".js")?;
    run(node()
        .arg(workspace.node_module("esbuild/bin/esbuild"))
        .args(&scripts)
        .args([
            "--outdir=.",
            "--outbase=.",
            "--out-extension:.js=.cjs",
            "--format=cjs",
            "--target=node20",
        ])
        // `import()` needs a flag in Jest; `require` does not.
        .args(["--supported:dynamic-import=false", "--log-level=warning"])
        .arg(format!("--define:import.meta.url={URL}"))
        .current_dir(package))?;
    for script in scripts {
        let file = package.join(script).with_extension("cjs");
        let text = with_cjs_imports(&fs::read_to_string(&file)?);
        let is_node =
            file.file_stem().is_some_and(|stem| stem.as_encoded_bytes().ends_with(b"node"));
        let url = match text.contains(URL) {
            true if is_node => URL_IN_NODE,
            true => URL_ELSEWHERE,
            false => "",
        };
        // Modules are strict by default, and scripts are not.
        fs::write(file, format!("\"use strict\";\n{url}{text}"))?;
    }
    for declaration in reachable(package, &entries, ".d.cts", ".d.ts")? {
        let text = with_cjs_imports(&fs::read_to_string(package.join(&declaration))?);
        // `.d.ts` becomes `.d.cts`.
        fs::write(package.join(declaration).with_extension("cts"), text)?;
    }
    Ok(())
}

/// The files that a condition of each of the manifest's entries names.
pub(super) fn entries(package: &Path, part: impl Fn(&Value) -> &Value) -> Result<Vec<String>> {
    fn collect(value: &Value, files: &mut Vec<String>) {
        match value {
            Value::String(file) => files.push(file.clone()),
            Value::Object(conditions) => {
                conditions.values().for_each(|value| collect(value, files))
            }
            _ => {}
        }
    }
    let manifest: Value = serde_json::from_str(&fs::read_to_string(package.join("package.json"))?)?;
    let mut files = Vec::new();
    let exports = manifest["exports"].as_object().context("package.json has no exports")?;
    exports.values().for_each(|entry| collect(part(entry), &mut files));
    Ok(files)
}

/// The ES modules or declarations of the entries that end in `converted`, and all their imports.
pub(super) fn reachable(
    package: &Path,
    entries: &[String],
    converted: &str,
    source: &str,
) -> Result<BTreeSet<PathBuf>> {
    let stems = entries.iter().filter_map(|entry| entry.strip_suffix(converted));
    let mut open: Vec<_> =
        stems.map(|stem| normalize(Path::new(&format!("{stem}{source}")))).collect();
    let mut found = BTreeSet::new();
    while let Some(file) = open.pop() {
        let file = file.context("an import that leaves the package")?;
        if found.contains(&file) {
            continue;
        }
        let text = fs::read_to_string(package.join(&file))
            .with_context(|| format!("the CommonJS build needs {}", file.display()))?;
        let folder = file.parent().context("a file in a folder")?;
        let imports = text.split('"').filter_map(specifier);
        open.extend(imports.map(|import| normalize(&folder.join(format!("{import}{source}")))));
        found.insert(file);
    }
    Ok(found)
}

/// The relative import in this part of a text between quotation marks, without `.js`.
fn specifier(part: &str) -> Option<&str> {
    part.strip_suffix(".js").filter(|path| path.starts_with("./") || path.starts_with("../"))
}

/// The text with `.cjs` instead of `.js` in its imports.
fn with_cjs_imports(text: &str) -> String {
    let parts = text.split('"').map(|part| {
        specifier(part).map_or_else(|| part.to_owned(), |import| format!("{import}.cjs"))
    });
    parts.collect::<Vec<_>>().join("\"")
}
