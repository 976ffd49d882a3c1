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
    // It starts the first instance as it starts any later one.
    ("function __wbg_finalize_init(", "function initSync("),
    ("    if (wasm !== undefined) return wasm;", "}\n\nlet __wbg_init_promise"),
    // Safari decodes no more than two gigabytes with one decoder: ten million calls.
    ("const MAX_SAFARI_DECODE_BYTES", "function decodeText("),
    ("    numBytesDecoded +=", "    return cachedTextDecoder"),
    ("let __wbg_init_promise;", "export { initSync"),
    (", __wbg_init as default", " }"),
];

/// Cut wherever they are, which is nowhere in a module without classes.
const EVERYWHERE: &[Cut] = &[
    // The facade counts the instances itself, and lets go of what belongs to an older one.
    ("        if (this.__wbg_inst !== undefined", "        }\n"),
    // Nothing is ever disposed of by hand: what nobody holds any more is found out.
    ("    __destroy_into_raw() {", "        return ptr;\n    }\n"),
    ("    free() {", "\n    }\n"),
    // No new instance is ever scheduled: the facade starts one where it catches a trap.
    ("function __wbg_call_guard() {", "\n}\n"),
];

/// What lines that nobody needs begin with.
const NEEDLESS: &[&str] = &[
    "if (Symbol.dispose) ",
    "        Object.defineProperty(this, '__wbg_inst',",
    "        Object.defineProperty(obj, '__wbg_inst',",
    "    __wbg_call_guard();",
    "        __wbg_call_guard();",
    "            __wbg_call_guard();",
    "let __wbg_reinit_scheduled",
    "    __wbg_reinit_scheduled",
    "    if (typeof numBytesDecoded",
    "    if (typeof WASM_VECTOR_LEN",
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
        cut_each(&mut script, EVERYWHERE);
        let lines =
            script.lines().filter(|line| !NEEDLESS.iter().any(|start| line.starts_with(start)));
        let script = lines.collect::<Vec<_>>().join("\n") + "\n";
        Ok(script.replace(
            "function initSync(module) {",
            "function initSync({ module }) {\n    wasmModule = module;\n    __wbg_reset_state();\n",
        ))
    })?;
    edit(&folder.join("glue.d.ts"), |mut types| {
        cut(&mut types, TYPES)?;
        Ok(types.replace("    free(): void;\n    [Symbol.dispose](): void;\n", ""))
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

/// Cuts from each beginning to the next end, the end too.
fn cut_each(text: &mut String, cuts: &[Cut]) {
    for (from, to) in cuts {
        while let Some((before, rest)) = text.split_once(from) {
            let Some((_, after)) = rest.split_once(to) else { break };
            *text = [before, after].concat();
        }
    }
}

fn edit(file: &Path, change: impl FnOnce(String) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(fs::write(file, change(text)?)?)
}
