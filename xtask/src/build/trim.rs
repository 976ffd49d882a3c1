//! Cuts out of the glue what the facade never runs: half a kilobyte of brotli. The facade hands
//! the glue around as a whole, so no bundler can.

use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

/// Where a cut begins, and before what it ends.
type Cut = (&'static str, &'static str);

const SCRIPT: &[Cut] = &[
    // Every runtime that has WebAssembly as we use it has `encodeInto`.
    ("if (!('encodeInto' in cachedTextEncoder)) {", "let WASM_VECTOR_LEN"),
    // The module exports a `realloc`.
    ("    if (realloc === undefined) {", "    let len = arg.length;"),
    // The facade compiles the module itself and gives it to `initSync`.
    ("async function __wbg_load(", "function initSync("),
    (
        "    if (module !== undefined) {",
        "    const imports = __wbg_get_imports();\n    if (!(module",
    ),
    ("let __wbg_init_promise;", "export { initSync"),
    (", __wbg_init as default", " }"),
];

const TYPES: &[Cut] = &[
    ("export type InitInput =", "export interface InitOutput"),
    ("/**\n * If `module_or_path`", END),
    (" | SyncInitInput", "): InitOutput"),
];

const END: &str = "";

/// Trims `glue.js` and `glue.d.ts`.
pub(crate) fn trim(folder: &Path) -> Result<()> {
    edit(&folder.join("glue.js"), |mut script| {
        cut(&mut script, SCRIPT)?;
        // Nothing is ever disposed of: clients live as long as their module does.
        let lines = script.lines().filter(|line| !line.starts_with("if (Symbol.dispose) "));
        let script = lines.collect::<Vec<_>>().join("\n") + "\n";
        Ok(script.replace("function initSync(module) {", "function initSync({ module }) {"))
    })?;
    edit(&folder.join("glue.d.ts"), |mut types| {
        cut(&mut types, TYPES)?;
        Ok(types.replace("    [Symbol.dispose](): void;\n", ""))
    })
}

fn cut(text: &mut String, cuts: &[Cut]) -> Result<()> {
    for (from, to) in cuts {
        let Some((before, rest)) = text.split_once(from) else {
            bail!("the glue has no `{from}` to cut at");
        };
        let end = if to.is_empty() { Some(rest.len()) } else { rest.find(to) };
        let end = end.with_context(|| format!("the glue has no `{to}` after `{from}`"))?;
        *text = [before, rest.get(end..).unwrap_or_default()].concat();
    }
    Ok(())
}

fn edit(file: &Path, change: impl FnOnce(String) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(fs::write(file, change(text)?)?)
}
