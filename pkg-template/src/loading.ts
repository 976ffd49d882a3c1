import * as glue from "../wasm/glue.js";
import { failure, isICloudReadyError } from "./errors.js";

/** What the wasm can be made of. */
export type WasmSource = WebAssembly.Module | BufferSource | Response | URL;

/** Whatever gives the wasm. */
export type WasmLoader = () => WasmSource | Promise<WasmSource>;

let provided: WasmLoader | undefined;
let loading: Promise<void> | undefined;
let compiled: WebAssembly.Module | undefined;

/** Tells where the wasm comes from. The runtime's entry does so; nothing is loaded yet. */
export function provide(loader: WasmLoader): void {
  provided = loader;
}

/**
 * Sees to it that the wasm is there. Gives nothing where it is, or can be had at once, as in edge
 * workers, which may not wait in one request for what another began.
 */
export function ready(loader = provided): Promise<void> | undefined {
  if (compiled) return;
  if (loading) return loading;
  if (!loader) throw failure("configuration", "no wasm was given: pass the option `wasm`");
  const source = loader();
  if (source instanceof WebAssembly.Module) return start(source);
  const present = Promise.resolve(source).then(compile).then(start);
  // A failed load is forgotten, so that a later call can recover.
  const forget = () => forgetLoad(present);
  present.then(forget, forget);
  return (loading = present);
}

/** A load that takes too long is not waited for again either. */
export function forgetLoad(load: Promise<void> | undefined): void {
  if (loading === load) loading = undefined;
}

/** What a failed load is. */
export function unloadable(cause: unknown, operation?: string): Error {
  if (isICloudReadyError(cause)) return cause;
  const said =
    "the WebAssembly module could not be loaded: serve icloud-ready.wasm beside the script as " +
    "application/wasm and allow 'wasm-unsafe-eval' in the page's script-src";
  return failure("connection", operation ? `${operation}: ${said}` : said, cause, { operation });
}

/** Loads the wasm now instead of on the first call. */
export async function preload(): Promise<void> {
  try {
    await ready();
  } catch (cause) {
    throw unloadable(cause);
  }
}

function start(module: WebAssembly.Module): undefined {
  glue.initSync({ module });
  compiled = module;
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const answer = source instanceof URL ? await fetch(source) : source;
  if (!(answer instanceof Response)) return WebAssembly.compile(answer);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return WebAssembly.compile(await answer.arrayBuffer());
}
