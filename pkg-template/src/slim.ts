import { setUpServer } from "./loader/server.js";

setUpServer();

/** The same client, for callers that provide the wasm themselves, by the option `wasm`. */
export * from "./index.js";
