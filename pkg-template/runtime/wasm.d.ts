/** The module, as runtimes that import WebAssembly give it. */
declare const module: WebAssembly.Module;
export default module;
