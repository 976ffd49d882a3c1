import type {
  Delivery,
  DeliveryResult,
  AuditEntry,
  AuditRecord,
  BulkCommand,
  Command,
  EnqueueResult,
  Enqueue,
  RecordRefusalResult,
  LeadDetail,
  LeadEntry,
  LeadQuery,
  Health,
  OutboxApi,
  ResultPage,
  Precheck,
  PrecheckResult,
  SignedPage,
  ProbeReport,
  RecordRefusal,
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

  storeEvents(delivery: Delivery): Promise<DeliveryResult> {
    return this.#call("storeEvents", delivery);
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

  list(query: LeadQuery): Promise<ResultPage<LeadEntry>> {
    return this.#call("list", query);
  }

  async inspect(submissionId: string): Promise<LeadDetail | undefined> {
    return (await this.#call<LeadDetail | null>("inspect", submissionId)) ?? undefined;
  }

  export(query: LeadQuery): Promise<ResultPage<LeadDetail>> {
    return this.#call("export", query);
  }

  command(command: Command): Promise<boolean> {
    return this.#call("command", command);
  }

  commandAll(command: BulkCommand): Promise<{ count: number; done: boolean }> {
    return this.#call("commandAll", command);
  }

  recordAudit(record: AuditRecord): Promise<null> {
    return this.#call("recordAudit", record);
  }

  audit(query: { after?: string; limit?: number }): Promise<ResultPage<AuditEntry>> {
    return this.#call("audit", query);
  }

  recordCounts(counts: readonly (readonly [string, number])[]): Promise<null> {
    return this.#call("recordCounts", counts);
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
