/** Under which id a lead is sent, and whether an earlier attempt may have been taken. */
export interface Attempt {
  submissionId: string;
  /** On every attempt but the first: the CRM is asked for the lead before it is sent again. */
  lookFirst: boolean;
}

/** The attempts at sending what one form holds. */
export class Attempts {
  /** By content, so that an edit that is taken back finds its id again. */
  readonly #ids = new Map<string, string>();

  /** The attempt that is about to be made: the same content keeps its id, an edit has a new one. */
  next(content: string): Attempt {
    const known = this.#ids.get(content);
    const submissionId = known ?? randomId();
    this.#ids.set(content, submissionId);
    return { submissionId, lookFirst: known !== undefined };
  }

  /** A lead was accepted: the same content would now be another request. */
  clear(): void {
    this.#ids.clear();
  }
}

/** 32 hexadecimal digits; `crypto.randomUUID` is missing on pages without https. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
