import { CallHost } from "../../client/call.js";
import type { ClientContext } from "../../client/context.js";
import { systemCode } from "../../base/system-code.js";
import { Attempt } from "../../base/attempt.js";
import { callWasm, generation } from "./wasm.js";
import type { OutboxCore } from "../../../wasm/forwarder.js";

/** The maximum stored length of a response. */
const MAX_ANSWER_BYTES = 4_096;

/** A call of the outbox to the CRM: a lead, a lookup, a probe. It uses the client's call machinery. */
export class OutboxCall extends CallHost {
  readonly #core: OutboxCore;
  readonly #instance = generation;
  /** The last request, and whether it was a creation. */
  #last: Attempt | undefined;
  #isPost = false;
  #slot: number | undefined;
  readonly #headers: Record<string, string>;

  constructor(client: ClientContext, core: OutboxCore, operation: string) {
    const headers: Record<string, string> = {};
    super(client, { ...client.callSettings(undefined), headers }, operation, 0, [], []);
    this.#core = core;
    this.#headers = headers;
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

  /** Sends the `traceparent` of the page's request along. The wasm calls it. */
  trace(traceparent: string): void {
    this.#headers["traceparent"] = traceparent;
  }

  /** The code of why the last request had no response. */
  cause(): string | undefined {
    const { fault, cause } = this.#last ?? {};
    if (fault === 2) return "timeout";
    return fault === 1 ? (systemCode(cause) ?? "unknown") : undefined;
  }

  /** The CRM's last response to a lead, at most 4 kB. Never that of a lookup, which contains other people's leads. */
  answer(): string | undefined {
    const { status, shape, body } = this.#last ?? {};
    if (!this.#isPost || !status || !shape) return undefined;
    const bytes = new TextEncoder().encode(shape === 1 ? JSON.stringify(body) : String(body));
    // With `stream`, an incomplete character at the end is omitted.
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
