import { setUpServer } from "../dist/loader/server.js";
import { wasm } from "../dist/loader/modules/client.js";

wasm.provide(() => {
  try {
    // Synchronous: loading `node:fs/promises` alone takes longer than reading and compiling so small a file.
    const { readFileSync } = process.getBuiltinModule("node:fs");
    return new WebAssembly.Module(readFileSync(new URL("../icloud-ready.wasm", import.meta.url)));
  } catch {
    // Bundles for servers seldom take the file along.
    return import("./inline.js").then((inline) => inline.default);
  }
});

// Deno takes this entry too: in a bundle made for Node.js, or by `require`.
setUpServer();

export * from "../dist/index.js";
