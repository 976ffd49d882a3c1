import * as glue from "../../../wasm/validation.js";
import { WasmModule } from "../loading.js";

/** The wasm of `icloud-ready/validation`. */
export const wasm = new WasmModule("validation.wasm", glue);
