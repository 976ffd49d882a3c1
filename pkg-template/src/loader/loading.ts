import { runtime } from "../base/environment.js";
import { createError, isICloudReadyError } from "../base/errors.js";

/** A `WebAssembly.Module`; `object` in projects whose `lib` does not declare WebAssembly. */
export type CompiledWasm = typeof globalThis extends { WebAssembly: { Module: new (...given: any) => infer Module } }
  ? Module
  : object;

/** A compiled module, its bytes, a response with them, or a URL to load them from (`file:` too, on servers). */
export type WasmSource = CompiledWasm | ArrayBuffer | ArrayBufferView | Response | URL;

/** Returns the wasm. @internal */
export type WasmLoader = () => WasmSource | Promise<WasmSource>;

/** The part of wasm-bindgen's glue that starts an instance. @internal */
interface Glue {
  initSync(options: { module: WebAssembly.Module }): unknown;
}

/** A wasm module of this package, loaded and compiled once. @internal */
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

  /** Sets the loader, without calling it. Called by the entry of each runtime. */
  provide(loader: WasmLoader): void {
    this.#provided = loader;
  }

  /**
   * Loads the wasm. Returns `undefined` if it is loaded or available synchronously, as in edge workers, where a request
   * must not wait for a promise of another one.
   */
  ready(loader = this.#provided): Promise<void> | undefined {
    if (this.#started) return;
    if (this.#pendingLoad) return this.#pendingLoad;
    if (!loader) throw createError("configuration", "pass the option `wasm`");
    const source = loader();
    if (isModule(source)) return this.#start(source as WebAssembly.Module);
    const load = Promise.resolve(source)
      .then(compile)
      .then((module) => this.#start(module));
    // A later call loads again after a failure.
    const reset = () => this.reset(load);
    load.then(reset, reset);
    return (this.#pendingLoad = load);
  }

  /** Makes the next call load again. */
  reset(load: Promise<void>): void {
    if (this.#pendingLoad === load) this.#pendingLoad = undefined;
  }

  /** Creates the error of a failed load. */
  loadError(cause: unknown, operation?: string): Error {
    if (isICloudReadyError(cause)) return cause;
    const message =
      typeof WebAssembly === "object"
        ? `could not load ${this.#file}${runtime.detail(cause)}: serve it beside the script; a CSP needs 'wasm-unsafe-eval'`
        : "this runtime has no WebAssembly";
    return createError("connection", operation ? `${operation}: ${message}` : message, cause, { operation });
  }

  #start(module: WebAssembly.Module): undefined {
    // An abandoned load may still succeed: a second instance would replace the calls of the first.
    if (!this.#started) this.#glue.initSync({ module });
    this.#started = true;
  }
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (isModule(source)) return source as WebAssembly.Module;
  const response = source instanceof URL ? await load(source) : source;
  if (!(response instanceof Response)) return WebAssembly.compile(response as BufferSource);
  if (!response.ok) throw new Error(`the server responded with ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Node.js cannot fetch `file:` URLs. Deno and Bun have `getBuiltinModule` too. */
function load(url: URL): Promise<Response | Uint8Array> {
  return url.protocol === "file:"
    ? (globalThis as any).process.getBuiltinModule("node:fs").promises.readFile(url)
    : fetch(url);
}

/** Whether it is a module, also of another realm: edge-light creates modules outside the script's realm. */
function isModule(source: unknown): boolean {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}
