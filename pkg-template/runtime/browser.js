import { wasm } from "../dist/loader/modules/client.js";

wasm.provide(async () => {
  try {
    const response = await fetch(new URL("../icloud-ready.wasm", import.meta.url));
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch {
    // Some bundlers leave the file behind; a server then answers 404, or with a page. Not streamed:
    // so small a file is there at once, and a wrong MIME type does not matter.
    return (await import("./inline.js")).default;
  }
});

export * from "../dist/index.js";
