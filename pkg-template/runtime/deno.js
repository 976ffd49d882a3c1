import { setUpServer } from "../dist/loader/server.js";
import { wasm } from "../dist/loader/modules/client.js";

// A source phase import needs no `--allow-read`.
wasm.provide(() => import.source("../icloud-ready.wasm"));

setUpServer();

export * from "../dist/index.js";
