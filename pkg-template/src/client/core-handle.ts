import { Core } from "../../wasm/client.js";
import { generation } from "../loader/instance.js";

const HOUR_MS = 3_600_000;

/** The state that a client shares with derived clients, limiter included. It survives the wasm instance. */
export class CoreHandle {
  readonly #perMinute: number;
  readonly #perHour: number;
  /** When the requests of the last hour ended, for the limiter of a new instance. */
  #endTimes: number[] = [];
  readonly #parent: CoreHandle | undefined;
  #core: Core | undefined;
  #generation = 0;
  /** The number of a list's first page, once it is known. */
  firstPage: 0 | 1 | undefined;

  /**
   * `perMinute` 0: no limiter. `parent`: of the client that this one is derived from; everything but the limiter is
   * shared.
   */
  constructor(perMinute: number, perHour: number, parent?: CoreHandle) {
    this.#parent = parent;
    this.#perMinute = perMinute;
    this.#perHour = perHour;
  }

  /** The `Core` in the current instance. */
  get(): Core {
    if (!this.#core || this.#generation !== generation) {
      const own = [this.#perMinute, this.#perHour, this.#endTimes] as const;
      this.#core = this.#parent?.get().sibling(...own) ?? new Core(...own);
      this.#generation = generation;
    }
    return this.#core;
  }

  /** Counts a request that has ended. */
  recordEnd(now: number): void {
    if (!this.#perMinute) return;
    // Pruned rarely, because removing one item from the start of a long array costs as much as removing many.
    if (this.#endTimes.push(now) % 1_000 === 0) this.#endTimes = this.#endTimes.filter((time) => time > now - HOUR_MS);
  }
}
