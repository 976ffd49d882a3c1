import { provide } from "../dist/loading.js";
// This runtime compiles no bytes; `?module` asks its bundlers for the compiled module.
import module from "../icloud-ready.wasm?module";

provide(() => module);

export * from "../dist/index.js";
