import { wasm } from "../dist/modules/client.js";

// A source phase import needs no `--allow-read`.
wasm.provide(() => import.source("../icloud-ready.wasm"));

export * from "../dist/index.js";
