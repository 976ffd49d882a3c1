/** How long a measurement is reused, in milliseconds. */
const CHECK_INTERVAL_MS = 5_000;

/** The used functions of `node:fs`; a runtime may lack them. */
interface Measuring {
  statfsSync?(path: string): { bavail: number; bsize: number };
}

/** Reserves free disk space, so that stored leads can still be sent. */
export class DiskGuard {
  readonly #folder: string;
  readonly #fs: Measuring;
  readonly #reserve: number;
  #free: number | undefined;
  #checkedAt = -Infinity;

  constructor(folder: string, fs: Measuring, reserve: number) {
    this.#folder = folder;
    this.#fs = fs;
    this.#reserve = reserve;
  }

  /** Creates a guard of the disk that contains a file; `reserve` is in bytes. */
  static async of(file: string, reserve: number): Promise<DiskGuard> {
    const fs = (await import("node:fs")) as Measuring;
    return new DiskGuard(file.replace(/[^/\\]*$/, "") || ".", fs, reserve);
  }

  /** Whether no more leads should be stored. If the space cannot be measured, SQLite reports a full disk. */
  isLow(): boolean {
    const free = this.#measure();
    return free !== undefined && free < this.#reserve;
  }

  /** The free space, if it can be measured. */
  gauges(): Record<string, number> {
    const free = this.#measure();
    return free === undefined ? {} : { free_disk_bytes: free };
  }

  #measure(): number | undefined {
    const time = performance.now();
    if (time - this.#checkedAt < CHECK_INTERVAL_MS) return this.#free;
    this.#checkedAt = time;
    try {
      const { bavail, bsize } = this.#fs.statfsSync?.(this.#folder) ?? {};
      this.#free = bavail === undefined || bsize === undefined ? undefined : bavail * bsize;
    } catch {
      this.#free = undefined;
    }
    return this.#free;
  }
}
