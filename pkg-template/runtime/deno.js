import { provide } from "../dist/loading.js";

// A source phase import needs no `--allow-read`.
provide(() => import.source("../icloud-ready.wasm"));

export * from "../dist/index.js";
