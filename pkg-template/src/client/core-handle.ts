import type { Core } from "../../wasm/client.js";
import { generation, type Wasm } from "../loader/instance.js";

const HOUR_MS = 3_600_000;

/** What a client and its siblings share in the wasm, limiter included; it outlives an instance. */
export class CoreHandle {
  readonly #perMinute: number;
  readonly #perHour: number;
  /** When the calls of the last hour ended: what a fresh instance must know. */
  #endTimes: number[] = [];
  readonly #sibling: CoreHandle | undefined;
  #core: Core | undefined;
  #generation = 0;
  /** The number of a list's first page, once it was found out. */
  firstPage: 0 | 1 | undefined;

  /** `perMinute` 0: no limiter. `sibling`: that of a client with which all but the limiter is shared. */
  constructor(perMinute: number, perHour: number, sibling?: CoreHandle) {
    this.#sibling = sibling;
    this.#perMinute = perMinute;
    this.#perHour = perHour;
  }

  /** The part in the present instance. */
  get(wasm: Wasm): Core {
    if (!this.#core || this.#generation !== generation) {
      const own = [this.#perMinute, this.#perHour, this.#endTimes] as const;
      this.#core = this.#sibling?.get(wasm).sibling(...own) ?? new wasm.Core(...own);
      this.#generation = generation;
    }
    return this.#core;
  }

  /** A call has ended. */
  recordEnd(now: number): void {
    if (!this.#perMinute) return;
    // Pruned in bulk: dropping the first of a long array costs as much as dropping many.
    if (this.#endTimes.push(now) % 1_000 === 0) this.#endTimes = this.#endTimes.filter((time) => time > now - HOUR_MS);
  }
}
