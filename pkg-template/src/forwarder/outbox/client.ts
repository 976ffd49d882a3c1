import type {
  EnqueueResult,
  Enqueue,
  RecordRefusalResult,
  LeadDetail,
  LeadEntry,
  Health,
  OutboxApi,
  Precheck,
  PrecheckResult,
  SignedPage,
  ProbeReport,
  RecordRefusal,
  LeadState,
} from "./contract.js";

/**
 * Calls a method of an outbox; argument and result are JSON text, the fastest value for a Durable Object's RPC and for
 * the wasm.
 */
export type OutboxRpc = (method: keyof OutboxApi, argument: string) => Promise<string>;

/** An outbox behind an RPC. */
export class OutboxClient implements OutboxApi {
  readonly #rpc: OutboxRpc;

  constructor(rpc: OutboxRpc) {
    this.#rpc = rpc;
  }

  precheck(precheck: Precheck): Promise<PrecheckResult> {
    return this.#call("precheck", precheck);
  }

  enqueue(enqueue: Enqueue): Promise<EnqueueResult> {
    return this.#call("enqueue", enqueue);
  }

  ready(): Promise<null> {
    return this.#call("ready", null);
  }

  recordRefusal(request: RecordRefusal): Promise<RecordRefusalResult> {
    return this.#call("recordRefusal", request);
  }

  signOrigin(origin: string): Promise<string> {
    return this.#call("signOrigin", origin);
  }

  verifyOrigin(page: SignedPage): Promise<boolean> {
    return this.#call("verifyOrigin", page);
  }

  health(): Promise<Health> {
    return this.#call("health", null);
  }

  metrics(): Promise<Record<string, number>> {
    return this.#call("metrics", null);
  }

  list(query: { state?: LeadState; after?: string; limit?: number }): Promise<{ entries: LeadEntry[]; next?: string }> {
    return this.#call("list", query);
  }

  async inspect(submissionId: string): Promise<LeadDetail | undefined> {
    return (await this.#call<LeadDetail | null>("inspect", submissionId)) ?? undefined;
  }

  replay(submissionId: string): Promise<boolean> {
    return this.#call("replay", submissionId);
  }

  replayAll(query: { reason: string; from?: number; to?: number }): Promise<number> {
    return this.#call("replayAll", query);
  }

  release(submissionId: string): Promise<boolean> {
    return this.#call("release", submissionId);
  }

  drop(submissionId: string): Promise<boolean> {
    return this.#call("drop", submissionId);
  }

  erase(submissionId: string): Promise<boolean> {
    return this.#call("erase", submissionId);
  }

  probe(): Promise<ProbeReport> {
    return this.#call("probe", null);
  }

  wake(): Promise<void> {
    return this.#call("wake", null);
  }

  async #call<T>(method: keyof OutboxApi, argument: unknown): Promise<T> {
    return JSON.parse(await this.#rpc(method, JSON.stringify(argument))) as T;
  }
}
