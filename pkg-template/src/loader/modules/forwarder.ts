import * as glue from "../../../wasm/forwarder.js";
import { WasmModule } from "../loading.js";

/** The wasm of the forwarder's outbox. */
export const wasm = new WasmModule("forwarder.wasm", glue);
