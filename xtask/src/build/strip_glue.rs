//! Strips the code that the facade never runs from wasm-bindgen's glue: half a kilobyte of brotli.
//! The facade passes the glue around as a whole object, so no bundler can remove it.

use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::ops::Range;
use std::path::Path;

/// The start of a cut, and the text before which it ends.
type Cut = (&'static str, &'static str);

const SCRIPT: &[Cut] = &[
    // Every runtime that supports the package's WebAssembly has `encodeInto`.
    ("if (!('encodeInto' in cachedTextEncoder)) {", "let WASM_VECTOR_LEN"),
    // A text is encoded at once: without assuming that it is ASCII, and without a `realloc`.
    ("    if (realloc === undefined) {\n", "        const buf"),
    ("    }\n\n    let len = arg.length;", "\n}\n"),
    // The facade compiles the module itself and passes it to `initSync`.
    ("async function __wbg_load(", "function initSync("),
    // It starts the first instance like any later one.
    ("function __wbg_finalize_init(", "function initSync("),
    ("    if (wasm !== undefined) return wasm;", "}\n\nlet __wbg_init_promise"),
    // Safari decodes at most two gigabytes with one decoder: ten million calls.
    ("const MAX_SAFARI_DECODE_BYTES", "function decodeText("),
    ("    numBytesDecoded +=", "    return cachedTextDecoder"),
    ("let __wbg_init_promise;", "export { initSync"),
    (", __wbg_init as default", " }"),
];

/// Cut at each occurrence; a module without classes has none.
const EVERYWHERE: &[Cut] = &[
    // The facade counts the instances itself, and drops objects of older ones.
    ("        if (this.__wbg_inst !== undefined", "        }\n"),
    // Objects are not disposed of explicitly: the finalization registry frees them.
    ("    __destroy_into_raw() {", "        return ptr;\n    }\n"),
    ("    free() {", "\n    }\n"),
    // The glue never schedules a new instance: the facade starts one when it catches a trap.
    ("function __wbg_call_guard() {", "\n}\n"),
];

/// The starts of unused lines.
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

/// Texts that the stripped glue must not contain.
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

/// Memory is not shared: after it has grown, its buffer is another object.
const VIEW_IS_STALE: &str = "cachedDataViewMemory0 === null || \
    cachedDataViewMemory0.buffer.detached === true || \
    (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.";

const TYPES: &[Cut] = &[
    ("export type InitInput =", "export interface InitOutput"),
    ("/**\n * If `module_or_path`", END),
    (" | SyncInitInput", "): InitOutput"),
];

const END: &str = "";

/// The functions that pass texts to the module, which need not be exported.
pub(super) const REALLOC: &str = ", wasm.__wbindgen_realloc";

/// How the glue reads a text, before and after the edit: a text in the module's data is decoded
/// only once, because decoding costs a third of a microsecond and a create uses a dozen of them.
const READ: &str = "    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));";
const READ_ONCE: &str = "    const key = ptr * 1024 + len;
    let text = constantTexts.get(key);
    if (text === undefined) {
        text = decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
        if (ptr >= START && ptr < END) constantTexts.set(key, text);
    }
    return text;";
const READER: &str = "function getStringFromWasm0(";

/// How the glue passes a text: `encode` would allocate, which takes ten times as long.
const WRITE: &str = "        const buf = cachedTextEncoder.encode(arg);";
const WRITE_FROM_SCRATCH: &str =
    "        const { read, written } = cachedTextEncoder.encodeInto(arg, scratch);
        const buf = read < arg.length ? cachedTextEncoder.encode(arg) : scratch.subarray(0, written);";
const ENCODER: &str = "const cachedTextEncoder = new TextEncoder();";

/// Strips `glue.js` and `glue.d.ts`. `data`: the addresses of the module's constant data.
pub(crate) fn strip(folder: &Path, data: &Range<u64>) -> Result<()> {
    edit(&folder.join("glue.js"), |mut script| {
        cut(&mut script, SCRIPT)?;
        cut_each(&mut script, EVERYWHERE);
        let lines =
            script.lines().filter(|line| !UNUSED_LINES.iter().any(|start| line.starts_with(start)));
        let script = lines.collect::<Vec<_>>().join("\n") + "\n";
        // Imports need no `this`: arrow functions are smaller.
        let script = arrows(&script).replace(VIEW_IS_STALE, "(cachedDataViewMemory0?.");
        let script = script.replace(REALLOC, "").replace("(arg, malloc, realloc)", "(arg, malloc)");
        if let Some(left) = REMOVED.iter().find(|text| script.contains(**text)) {
            bail!("the glue still has `{left}`: wasm-bindgen writes it in another form now");
        }
        const INIT: &str = "function initSync(module) {";
        ensure!(script.contains(INIT), "the glue has no `{INIT}` to replace");
        let mut script = script.replace(
            INIT,
            "function initSync({ module }) {\n    wasmModule = module;\n    __wbg_reset_state();\n",
        );
        let read = READ_ONCE
            .replace("START", &data.start.to_string())
            .replace("END", &data.end.to_string());
        insert(&mut script, READ, &read, READER, "const constantTexts = new Map();\n")?;
        let scratch = "const scratch = new Uint8Array(8192);\n";
        insert(&mut script, WRITE, WRITE_FROM_SCRATCH, ENCODER, scratch).map(|()| script)
    })?;
    edit(&folder.join("glue.d.ts"), |mut types| {
        cut(&mut types, TYPES)?;
        Ok(types.replace("    free(): void;\n    [Symbol.dispose](): void;\n", ""))
    })
}

/// Replaces one text, and inserts what the new one needs before another.
fn insert(script: &mut String, old: &str, new: &str, before: &str, needed: &str) -> Result<()> {
    for text in [old, before] {
        ensure!(script.matches(text).count() == 1, "the glue should have `{text}` once");
    }
    *script = script.replace(old, new).replace(before, &[needed, before].concat());
    Ok(())
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

/// Cuts from each start to the next end, including the end.
fn cut_each(text: &mut String, cuts: &[Cut]) {
    for (from, to) in cuts {
        while let Some((before, rest)) = text.split_once(from) {
            let Some((_, after)) = rest.split_once(to) else { break };
            *text = [before, after].concat();
        }
    }
}

/// The imports as arrow functions, except those that pass on their `arguments`.
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
