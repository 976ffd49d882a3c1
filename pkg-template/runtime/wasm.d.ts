import type { CompiledWasm } from "../dist/loader/loading.js";

/** The module, as runtimes that import WebAssembly give it. */
declare const module: CompiledWasm;
export default module;
