import { initSync } from "../../../wasm/client.js";
import { WasmModule } from "../loading.js";

/** The client's wasm. @internal */
export const wasm = new WasmModule("icloud-ready.wasm", { initSync });

/** Loads the wasm now instead of on the first call. @throws {ConnectionError} if it cannot be loaded. */
export async function preload(): Promise<void> {
  try {
    await wasm.ready();
  } catch (cause) {
    throw wasm.loadError(cause);
  }
}
