import { CallHost } from "../../client/call.js";
import type { ClientContext } from "../../client/context.js";
import { systemCode } from "../../base/system-code.js";
import { Attempt } from "../../base/attempt.js";
import { callWasm, generation } from "./wasm.js";
import type { OutboxCore } from "../../../wasm/forwarder.js";

/** How much is kept of a response. */
const MAX_ANSWER_BYTES = 4_096;

/** A call of the outbox to the CRM: a lead, a lookup, a probe. It uses the client's own calls. */
export class OutboxCall extends CallHost {
  readonly #core: OutboxCore;
  readonly #instance = generation;
  /** The last request, and whether it was to make something. */
  #last: Attempt | undefined;
  #isPost = false;
  #slot: number | undefined;

  constructor(client: ClientContext, core: OutboxCore, operation: string) {
    super(client, client.callSettings(undefined), operation, 0, [], []);
    this.#core = core;
  }

  /** Starts the call and resolves with its result; `begin` returns its slot. */
  async run(begin: (core: OutboxCore, call: this) => number | undefined): Promise<unknown> {
    this.#slot = callWasm(() => begin(this.#core, this));
    if (this.#slot === undefined) throw new Error("nothing was claimed");
    return this.promise;
  }

  /** Its slot in the outbox's table. */
  get slot(): number {
    return this.#slot!;
  }

  /** Why the last request had no response, as a code. */
  cause(): string | undefined {
    const { fault, cause } = this.#last ?? {};
    if (fault === 2) return "timeout";
    return fault === 1 ? (systemCode(cause) ?? "unknown") : undefined;
  }

  /** What the CRM last responded to a lead, 4 kB at most; not to a lookup, whose response has other people's leads. */
  answer(): string | undefined {
    const { status, shape, body } = this.#last ?? {};
    if (!this.#isPost || !status || !shape) return undefined;
    const bytes = new TextEncoder().encode(shape === 1 ? JSON.stringify(body) : String(body));
    // In a stream half a character at the end is left out.
    return new TextDecoder().decode(bytes.subarray(0, MAX_ANSWER_BYTES), { stream: true });
  }

  override send(...request: Parameters<CallHost["send"]>): void {
    this.#isPost = request[0] === "POST";
    super.send(...request);
  }

  protected override resume(value: unknown): void {
    if (value instanceof Attempt) this.#last = value;
    try {
      if (this.#instance !== generation) throw new Error("internal");
      callWasm(() => this.#core.resume(this.#slot!, value));
    } catch (cause) {
      this.onInstanceLost(cause);
    }
  }
}
