import { setUpServer } from "../dist/loader/server.js";
import { wasm } from "../dist/loader/modules/client.js";

wasm.provide(async () => {
  try {
    const { readFile } = await import("node:fs/promises");
    return await WebAssembly.compile(await readFile(new URL("../icloud-ready.wasm", import.meta.url)));
  } catch {
    // Bundles for servers seldom take the file along.
    return (await import("./inline.js")).default;
  }
});

// Deno takes this entry too: in a bundle made for Node.js, or by `require`.
setUpServer();

export * from "../dist/index.js";
