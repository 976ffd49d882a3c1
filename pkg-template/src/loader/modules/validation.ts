import * as glue from "../../../wasm/validation.js";
import { WasmModule } from "../loading.js";

/** The wasm of what is checked without a client. */
export const wasm = new WasmModule("validation.wasm", glue);
