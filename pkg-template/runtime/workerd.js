import { wasm } from "../dist/loader/modules/client.js";
// workerd compiles no bytes and knows no `import.meta.url`: the module must come with the script.
import module from "../icloud-ready.wasm";

wasm.provide(() => module);

export * from "../dist/index.js";
