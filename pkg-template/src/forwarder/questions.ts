import type { Inbox } from "./inbox.js";

/** What somebody asked. */
export interface Question {
  method: keyof Inbox;
  argument: string;
  resolve(answer: string): void;
  reject(error: unknown): void;
}

/**
 * What is asked of an outbox. The first question is answered at once; those that arrive until all that came
 * with it is read are answered together: it is the write to the disk that takes long, and leads that come
 * together need only one.
 */
export class Questions {
  readonly #answer: (asked: readonly Question[]) => void;
  /** What waits to be answered. */
  #asked: Question[] = [];
  /** Whether more may have arrived that is not read yet. */
  #gathering = false;

  /** `answer` settles each question, and never throws. */
  constructor(answer: (asked: readonly Question[]) => void) {
    this.#answer = answer;
  }

  /** Resolves or rejects as the question is answered. */
  ask(method: keyof Inbox, argument: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ method, argument, resolve, reject });
      if (!this.#gathering) this.#pass();
    });
  }

  #pass(): void {
    const asked = this.#asked;
    this.#asked = [];
    this.#gathering = true;
    soon(() => {
      this.#gathering = false;
      if (this.#asked.length) this.#pass();
    });
    this.#answer(asked);
  }
}

/** Calls when what has arrived is read: in Node.js a timer would wait for a millisecond. */
function soon(step: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (step: () => void) => void };
  if (setImmediate) setImmediate(step);
  else setTimeout(step, 0);
}
