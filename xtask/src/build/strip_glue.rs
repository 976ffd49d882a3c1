//! Strips wasm-bindgen's glue of the code that the facade never runs: half a kilobyte of brotli. The facade
//! passes the glue around as a whole object, so no bundler can remove it.

use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::path::Path;

/// Where a cut begins, and the text before which it ends.
type Cut = (&'static str, &'static str);

const SCRIPT: &[Cut] = &[
    // Every runtime that has WebAssembly as we use it has `encodeInto`.
    ("if (!('encodeInto' in cachedTextEncoder)) {", "let WASM_VECTOR_LEN"),
    // A text is encoded at once: without counting on its being ASCII, and without a `realloc`.
    ("    if (realloc === undefined) {\n", "        const buf"),
    ("    }\n\n    let len = arg.length;", "\n}\n"),
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

/// Cut at each occurrence; a module without classes has none.
const EVERYWHERE: &[Cut] = &[
    // The facade counts the instances itself, and lets go of what belongs to an older one.
    ("        if (this.__wbg_inst !== undefined", "        }\n"),
    // Nothing is disposed of explicitly: the finalization registry frees it.
    ("    __destroy_into_raw() {", "        return ptr;\n    }\n"),
    ("    free() {", "\n    }\n"),
    // No new instance is ever scheduled: the facade starts one where it catches a trap.
    ("function __wbg_call_guard() {", "\n}\n"),
];

/// The beginnings of unused lines.
const UNUSED_LINES: &[&str] = &[
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

/// What no glue has once it is stripped.
const REMOVED: &[&str] = &[
    "Symbol.dispose",
    "this.__wbg_inst ",
    "'__wbg_inst'",
    "__wbg_call_guard",
    "__wbg_reinit_scheduled",
    "__destroy_into_raw",
    "realloc",
    "numBytesDecoded",
    "typeof WASM_VECTOR_LEN",
    ".buffer.detached",
];

/// No memory here is shared: where it has grown, its buffer is another.
const VIEW_IS_STALE: &str = "cachedDataViewMemory0 === null || \
    cachedDataViewMemory0.buffer.detached === true || \
    (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.";

const TYPES: &[Cut] = &[
    ("export type InitInput =", "export interface InitOutput"),
    ("/**\n * If `module_or_path`", END),
    (" | SyncInitInput", "): InitOutput"),
];

const END: &str = "";

/// What texts are handed to the module with, and it need not export.
pub(super) const REALLOC: &str = ", wasm.__wbindgen_realloc";

/// Strips `glue.js` and `glue.d.ts`.
pub(crate) fn strip(folder: &Path) -> Result<()> {
    edit(&folder.join("glue.js"), |mut script| {
        cut(&mut script, SCRIPT)?;
        cut_each(&mut script, EVERYWHERE);
        let lines =
            script.lines().filter(|line| !UNUSED_LINES.iter().any(|start| line.starts_with(start)));
        let script = lines.collect::<Vec<_>>().join("\n") + "\n";
        // What is imported needs no `this`: arrows come out smaller.
        let script = arrows(&script).replace(VIEW_IS_STALE, "(cachedDataViewMemory0?.");
        let script = script.replace(REALLOC, "").replace("(arg, malloc, realloc)", "(arg, malloc)");
        if let Some(left) = REMOVED.iter().find(|text| script.contains(**text)) {
            bail!("the glue still has `{left}`: wasm-bindgen writes it in another form now");
        }
        const INIT: &str = "function initSync(module) {";
        ensure!(script.contains(INIT), "the glue has no `{INIT}` to replace");
        Ok(script.replace(
            INIT,
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

/// The imports as arrow functions, but for those that hand their `arguments` on.
fn arrows(script: &str) -> String {
    let lines = script.lines().map(|line| match line.split_once(": function(") {
        Some((name, rest))
            if name.starts_with("        ") && rest.find('{') == Some(rest.len() - 1) =>
        {
            format!("{name}: ({} => {{", rest.trim_end_matches(" {"))
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn edit(file: &Path, change: impl FnOnce(String) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(fs::write(file, change(text)?)?)
}
