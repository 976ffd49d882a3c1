import { runtime } from "../base/environment.js";
import { createError, isICloudReadyError } from "../base/errors.js";

/** A compiled module, as the project's types name it: a server's, without the DOM's, may have no name for it. */
export type CompiledWasm = typeof globalThis extends { WebAssembly: { Module: new (...given: any) => infer Module } }
  ? Module
  : object;

/** What the wasm can be made of. */
export type WasmSource = CompiledWasm | ArrayBuffer | ArrayBufferView | Response | URL;

/** Whatever gives the wasm. @internal */
export type WasmLoader = () => WasmSource | Promise<WasmSource>;

/** What starts an instance: a module's glue. @internal */
interface Glue {
  initSync(given: { module: WebAssembly.Module }): unknown;
}

/** A wasm module of this package, loaded and compiled once for all who use it. @internal */
export class WasmModule {
  readonly #file: string;
  readonly #glue: Glue;
  #provided: WasmLoader | undefined;
  #pendingLoad: Promise<void> | undefined;
  #started = false;

  constructor(file: string, glue: Glue) {
    this.#file = file;
    this.#glue = glue;
  }

  /** Tells where the wasm comes from. The runtime's entry does so; nothing is loaded yet. */
  provide(loader: WasmLoader): void {
    this.#provided = loader;
  }

  /**
   * Loads the wasm. Returns nothing if it is loaded or available synchronously, as in edge workers, where a request may
   * not wait for what another one started.
   */
  ready(loader = this.#provided): Promise<void> | undefined {
    if (this.#started) return;
    if (this.#pendingLoad) return this.#pendingLoad;
    if (!loader) throw createError("configuration", "pass the option `wasm`");
    const source = loader();
    if (isModule(source)) return this.#start(source as WebAssembly.Module);
    const present = Promise.resolve(source)
      .then(compile)
      .then((module) => this.#start(module));
    // A failed load is forgotten, so that a later call can recover.
    const abandon = () => this.abandonLoad(present);
    present.then(abandon, abandon);
    return (this.#pendingLoad = present);
  }

  /** A load that takes too long is not waited for again either. */
  abandonLoad(load: Promise<void>): void {
    if (this.#pendingLoad === load) this.#pendingLoad = undefined;
  }

  /** What a failed load is. */
  loadError(cause: unknown, operation?: string): Error {
    if (isICloudReadyError(cause)) return cause;
    const message =
      typeof WebAssembly === "object"
        ? `could not load ${this.#file}${runtime.detail(cause)}: serve it beside the script; a CSP needs 'wasm-unsafe-eval'`
        : "this runtime has no WebAssembly";
    return createError("connection", operation ? `${operation}: ${message}` : message, cause, { operation });
  }

  #start(module: WebAssembly.Module): undefined {
    // A load that was given up may end too: a second instance would lose the calls of the first.
    if (!this.#started) this.#glue.initSync({ module });
    this.#started = true;
  }
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (isModule(source)) return source as WebAssembly.Module;
  const answer = source instanceof URL ? await load(source) : source;
  if (!(answer instanceof Response)) return WebAssembly.compile(answer as BufferSource);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return WebAssembly.compile(await answer.arrayBuffer());
}

/** Node.js fetches no files; Deno and Bun read them in this way too. */
function load(url: URL): Promise<Response | Uint8Array> {
  return url.protocol === "file:"
    ? (globalThis as any).process.getBuiltinModule("node:fs").promises.readFile(url)
    : fetch(url);
}

/** Whether it is a module, be it another realm's: edge-light makes them outside the script's. */
function isModule(source: unknown): boolean {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}
