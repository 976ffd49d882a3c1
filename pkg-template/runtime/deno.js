import { setUpServer } from "../dist/server.js";
import { wasm } from "../dist/modules/client.js";

// A source phase import needs no `--allow-read`.
wasm.provide(() => import.source("../icloud-ready.wasm"));

setUpServer();

export * from "../dist/index.js";
