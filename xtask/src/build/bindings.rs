//! The glue between the wasm and JavaScript, by wasm-bindgen.

use anyhow::{Result, bail};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// Binds a module for any runtime: all targets of wasm-bindgen emit the same wasm, and the glue of
/// the target `web` takes a module, bytes or a response from the caller.
///
/// Writes `glue.js`, `glue.d.ts` and `glue_bg.wasm`, with the functions' names if `has_names`.
pub(crate) fn bind(wasm: Vec<u8>, folder: &Path, has_names: bool) -> Result<()> {
    let mut output = Bindgen::new()
        .input_bytes("glue", wasm)
        .web(true)?
        .omit_default_module_path(true)
        .remove_name_section(!has_names)
        .remove_producers_section(true)
        .typescript(true)
        // The facade calls `__wbg_reset_state` after a trap.
        .reset_state_function(true)
        .generate_output()?;
    if output.snippets().values().any(|list| !list.is_empty()) || !output.local_modules().is_empty()
    {
        bail!("the glue must be one file: no inline JavaScript, no `module = …` in src/wasm");
    }
    // What the glue never reads is only kept alive by being exported.
    let script = output.js().replace(super::strip_glue::REALLOC, "");
    let exports = &mut output.wasm_mut().exports;
    let unread: Vec<_> = exports
        .iter()
        .filter(|export| !script.contains(&format!("wasm.{}", export.name)))
        .map(|export| export.id())
        .collect();
    for export in unread {
        exports.delete(export);
    }
    output.emit(folder)
}
