import * as glue from "../wasm/glue.js";
import { failure, isICloudReadyError, type ICloudReadyError, type Told } from "./errors.js";

/** The wasm's entries. */
export type Wasm = typeof glue;

/** What the wasm can be made of. */
export type WasmSource = WebAssembly.Module | BufferSource | Response | URL;

/** Whatever gives the wasm. */
export type WasmLoader = () => WasmSource | Promise<WasmSource>;

let provided: WasmLoader | undefined;
let loading: Promise<void> | undefined;
let compiled: WebAssembly.Module | undefined;

/** Counts the instances. What belongs to an older one must not reach the present one. */
export let generation = 0;

/** The calls that wait; all of them are lost with their instance. */
const waiting = new Set<Waiting>();

/** A call that can be told that its instance is gone. */
export interface Waiting {
  lost(cause: unknown): void;
}

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

/**
 * Enters the wasm. All entries are plain calls, so a trap ends here: every call of the instance
 * fails with an `InternalError`, and the next one finds a fresh instance.
 */
export function enter<T>(call: (wasm: Wasm) => T, current?: Waiting): T | undefined {
  if (current) waiting.add(current);
  try {
    return call(glue);
  } catch (cause) {
    generation++;
    glue.__wbg_reset_state();
    const lost = [...waiting];
    waiting.clear();
    for (const call of lost) call.lost(cause);
    return;
  }
}

/** Asks the wasm something that is answered at once. */
export function ask<T>(operation: string, question: (wasm: Wasm) => T): T {
  const before = generation;
  const answer = enter(question);
  if (before !== generation) throw defect(operation);
  return answer as T;
}

/** What a call that an instance took along with it fails with. */
export function defect(operation: string, cause?: unknown, told?: Partial<Told>): ICloudReadyError {
  return failure("internal", `${operation}: a defect of this package ended the call`, cause, { ...told, operation });
}

/** A call has ended. */
export function left(call: Waiting): void {
  waiting.delete(call);
}
