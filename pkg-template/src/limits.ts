import type { Core } from "../wasm/client.js";
import { generation, type Wasm } from "./instance.js";

const HOUR = 3_600_000;

/** What a client and its siblings share in the wasm, limiter included; it outlives an instance. */
export class Limits {
  readonly #perMinute: number;
  readonly #perHour: number;
  /** When the calls of the last hour ended: what a fresh instance must know. */
  #ended: number[] = [];
  #core: Core | undefined;
  #generation = 0;

  /** `perMinute` 0: no limiter. */
  constructor(perMinute: number, perHour: number) {
    this.#perMinute = perMinute;
    this.#perHour = perHour;
  }

  /** The part in the present instance. */
  core(wasm: Wasm): Core {
    if (!this.#core || this.#generation !== generation) {
      this.#core = new wasm.Core(this.#perMinute, this.#perHour, this.#ended);
      this.#generation = generation;
    }
    return this.#core;
  }

  /** A call has ended. */
  ended(now: number): void {
    if (!this.#perMinute) return;
    // Pruned in bulk: dropping the first of a long array costs as much as dropping many.
    if (this.#ended.push(now) % 1_000 === 0) this.#ended = this.#ended.filter((time) => time > now - HOUR);
  }
}
