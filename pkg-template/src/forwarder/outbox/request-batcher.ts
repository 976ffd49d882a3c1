import type { OutboxApi } from "./contract.js";

/** A request that waits for its batch. */
export interface BatchedRequest {
  method: keyof OutboxApi;
  argument: string;
  resolve(result: string): void;
  reject(error: unknown): void;
}

/**
 * Groups the requests of an outbox. The first is answered at once; those that arrive before all pending input is read
 * share a batch, and thus one write to the disk, the slowest step.
 */
export class RequestBatcher {
  readonly #answerBatch: (requests: readonly BatchedRequest[]) => void;
  /** The next batch. */
  #waiting: BatchedRequest[] = [];
  /** Whether there may be input that is not read yet. */
  #gathering = false;

  /** `answerBatch` settles each request, and never throws. */
  constructor(answerBatch: (requests: readonly BatchedRequest[]) => void) {
    this.#answerBatch = answerBatch;
  }

  /** Resolves or rejects as the request is answered. */
  add(method: keyof OutboxApi, argument: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ method, argument, resolve, reject });
      if (!this.#gathering) this.#flush();
    });
  }

  #flush(): void {
    const requests = this.#waiting;
    this.#waiting = [];
    this.#gathering = true;
    afterPendingReads(() => {
      this.#gathering = false;
      if (this.#waiting.length) this.#flush();
    });
    this.#answerBatch(requests);
  }
}

/** Calls once the pending input is read; in Node.js a timer would take a millisecond. */
function afterPendingReads(step: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (step: () => void) => void };
  if (setImmediate) setImmediate(step);
  else setTimeout(step, 0);
}
