import { setUpServer } from "./loader/server.js";

setUpServer();

/** The same client; its wasm is given by the option `wasm`. */
export * from "./index.js";
