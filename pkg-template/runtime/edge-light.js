import { wasm } from "../dist/loader/modules/client.js";
// This runtime compiles no bytes; `?module` asks its bundlers for the compiled module.
import module from "../icloud-ready.wasm?module";

wasm.provide(() => module);

export * from "../dist/index.js";
