//! Optimizes the wasm, and adapts the glue.

use super::modules::Module;
use crate::process::{capture, node};
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// `--all-features` would emit features that Node 20 and Bun reject.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// For modules that servers load: a tenth of the time of the passes below, but a module that is a
/// fifth larger.
const SERVER_PASSES: &[&str] = &["--strip-target-features", "-O2"];

/// For modules that pages load.
const PAGE_PASSES: &[&str] = &[
    // Only wasm-bindgen reads it, and it has done so.
    "--strip-target-features",
    // The pass splits the data where it is zero, into a hundred segments, whose headers are larger than the zeros: 0.33
    // kB.
    "--skip-pass=memory-packing",
    // No valid address is this low: the stack ends there.
    "--low-memory-unused",
    // Analyzes the effects of calls once for all passes: 0.1 kB with the option above.
    "--generate-global-effects",
    // No access of safe code is out of bounds; what traps on purpose still does: 0.03 kB.
    "--ignore-implicit-traps",
    // Removes what no value can reach, and specializes functions for constant arguments: 0.15 kB.
    "--gufa",
    "--monomorphize",
    "-Oz",
    // Restructured functions are smaller: 0.35 kB of brotli.
    "--flatten",
    "--rereloop",
    "-Oz",
    // A second run: 0.08 kB.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--converge",
    // 0.03 kB each.
    "--merge-similar-functions",
    "-Oz",
    "--reorder-locals",
    "--reorder-types",
    // The maximum sizes of functions to inline: always, if it is faster, and at a single call: 0.1
    // kB.
    "-aimfs=5",
    "-fimfs=10",
    "-ocimfs=20",
];

/// wasm-bindgen's names are long and end in hashes: 1.9 kB of brotli. In a separate run, since
/// `--converge` would rename and print the map repeatedly.
const NAMES: &[&str] = &["--minify-imports-and-exports-and-modules"];

/// wasm-bindgen's messages about misused objects, and the kept length: only a bug of this package
/// could cause them.
const MESSAGES: &[(&[u8], usize)] = &[
    (b"attempted to take ownership of Rust value while it was borrowed", 27),
    (b"recursive use of an object detected which would lead to unsafe aliasing in rust", 26),
];

/// The glue.
pub(crate) const SCRIPT: &str = "glue.js";
/// Its types.
pub(crate) const TYPES: &str = "glue.d.ts";
/// The module.
pub(crate) const WASM: &str = "module.wasm";

/// Shrinks the module in `folder`, and rewrites its glue. `has_names`: keeps the functions' names.
pub(crate) fn shrink(
    workspace: &Workspace,
    module: &Module,
    folder: &Path,
    has_names: bool,
) -> Result<()> {
    let [script, types, wasm] = [SCRIPT, TYPES, WASM].map(|name| folder.join(name));
    let optimize = |passes: &[&str], from: &Path| {
        let mut command = node();
        command.arg(workspace.node_module("binaryen/bin/wasm-opt")).args(FEATURES).args(passes);
        if has_names {
            command.arg("--debuginfo");
        }
        capture(command.arg(from).arg("-o").arg(&wasm))
    };
    let bound = folder.join("glue_bg.wasm");
    let mut bytes = fs::read(&bound)?;
    shorten_messages(&mut bytes)?;
    fs::write(&bound, bytes)?;
    optimize(if module.is_for_servers { SERVER_PASSES } else { PAGE_PASSES }, &bound)?;
    let names = optimize(NAMES, &wasm)?;
    let names: Names = serde_json::from_str(&names).context("wasm-opt's map")?;
    fs::write(&script, names.rewrite(&fs::read_to_string(&script)?)?)?;
    fs::write(&types, names.rewrite_types(&fs::read_to_string(&types)?))?;
    Ok(())
}

/// Blanks the rest of the messages in place: 0.1 kB. A module without classes has none of them.
fn shorten_messages(wasm: &mut [u8]) -> Result<()> {
    for &(message, kept) in MESSAGES {
        let find = |text: &[u8]| wasm.windows(text.len()).position(|window| window == text);
        let Some(at) = find(message) else {
            let start = &message[..kept];
            ensure!(
                find(start).is_none(),
                "wasm-bindgen words a message differently: {}",
                String::from_utf8_lossy(start)
            );
            continue;
        };
        wasm[at + kept..at + message.len()].fill(b' ');
    }
    Ok(())
}

/// The map of shortened names that wasm-opt prints.
#[derive(Deserialize)]
struct Names {
    /// Module, old name, new name.
    imports: Vec<(String, String, String)>,
    /// Old name, new name.
    exports: Vec<(String, String)>,
}

impl Names {
    /// wasm-opt gives all modules this name.
    const MODULE: &str = "a";

    fn rewrite(&self, script: &str) -> Result<String> {
        let mut script = self.rewrite_exports(script)?;
        for (module, old, new) in &self.imports {
            // The glue's module object, with one member for each import.
            replace_once(
                &mut script,
                &format!("\n        {old}: "),
                &format!("\n        {new}: "),
            )?;
            if *module != self.imports[0].0 {
                bail!("the glue imports from two modules, {module} and {}", self.imports[0].0);
            }
        }
        if let Some((module, ..)) = self.imports.first() {
            replace_once(
                &mut script,
                &format!("\"{module}\": import0"),
                &format!("{}: import0", Self::MODULE),
            )?;
        }
        Ok(script)
    }

    /// Exports are only read as `wasm.name`.
    fn rewrite_exports(&self, script: &str) -> Result<String> {
        if script.contains("wasm[") || script.contains("} = wasm") {
            bail!("the glue reads exports in a way that cannot be rewritten");
        }
        let mut rewritten = String::with_capacity(script.len());
        let mut rest = script;
        while let Some(at) = rest.find("wasm.") {
            let (before, after) = rest.split_at(at);
            let after = &after["wasm.".len()..];
            let end = after.find(|letter| !is_word(letter)).unwrap_or(after.len());
            rewritten.push_str(before);
            rewritten.push_str("wasm.");
            let (name, after) = after.split_at(end);
            if before.ends_with(is_word) || name.is_empty() {
                // The end of a different word or of a sentence.
                rewritten.push_str(name);
            } else {
                rewritten.push_str(self.export(name)?);
            }
            rest = after;
        }
        rewritten.push_str(rest);
        Ok(rewritten)
    }

    fn export(&self, name: &str) -> Result<&str> {
        let found = self.exports.iter().find(|(old, _)| old == name);
        found.map(|(_, new)| new.as_str()).with_context(|| format!("the wasm has no export {name}"))
    }

    fn rewrite_types(&self, types: &str) -> String {
        let mut types = types.to_owned();
        for (old, new) in &self.exports {
            types = types.replace(&format!("readonly {old}:"), &format!("readonly {new}:"));
        }
        types
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$')
}

fn replace_once(text: &mut String, old: &str, new: &str) -> Result<()> {
    if text.matches(old).count() != 1 {
        bail!("the glue should have `{}` once", old.trim());
    }
    *text = text.replacen(old, new, 1);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Names;

    const GLUE: &str = r#"export function twice(n) {
    const ret = wasm.twice(n, wasm.memory.buffer);
}
function __wbg_get_imports() {
    const import0 = {
        __wbg_log_1: (arg0) => {
            console.log(arg0); // the wasm. It waits
        },
    };
    return {
        "./glue_bg.js": import0,
    };
}
"#;

    fn names() -> Names {
        let map = r#"{
            "imports": [["./glue_bg.js", "__wbg_log_1", "a"]],
            "exports": [["memory", "b"], ["twice", "c"]]
        }"#;
        serde_json::from_str(map).unwrap()
    }

    #[test]
    fn every_name_is_shortened() {
        let glue = names().rewrite(GLUE).unwrap();
        assert!(glue.contains("wasm.c(n, wasm.b.buffer)"), "{glue}");
        assert!(glue.contains("\n        a: (arg0) =>"), "{glue}");
        assert!(glue.contains("\n        a: import0,"), "{glue}");
        assert!(glue.contains("export function twice(n)"), "the glue's own names stay");
        assert!(glue.contains("// the wasm. It waits"), "{glue}");
    }

    #[test]
    fn a_miss_is_an_error() {
        let unknown_export = GLUE.replace("wasm.twice", "wasm.thrice");
        assert!(names().rewrite(&unknown_export).is_err());
        let no_such_import = GLUE.replace("__wbg_log_1", "__wbg_log_2");
        assert!(names().rewrite(&no_such_import).is_err());
        let unread = GLUE.replace("wasm.memory", "wasm[\"memory\"]");
        assert!(names().rewrite(&unread).is_err());
    }
}
