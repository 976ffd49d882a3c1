import { type OutboxRpc, OutboxClient } from "../outbox/client.js";
import type { Host, QueueMessage } from "../http/forwarder.js";
import type { Enqueue, OutboxApi } from "../outbox/contract.js";
import type { Log } from "../outbox/log.js";
import type { Settings } from "../rules/settings.js";
import { StoreError } from "../outbox/store-errors.js";

/** Idempotent methods, which are retried if the object was moved or restarted. */
const REPEATABLE: readonly (keyof OutboxApi)[] = ["precheck", "enqueue", "storeEvents", "recordRefusal"];

/** A stub of the Durable Object. */
interface Stub {
  call(outbox: string, method: keyof OutboxApi, argument: string): Promise<string>;
}

interface Namespace {
  jurisdiction(name: string): Namespace;
  idFromName(name: string): unknown;
  get(id: unknown): Stub;
}

/** Cloudflare: the outbox is a Durable Object, the fallback a Queue. */
export const bindings: Host = {
  outbox: (settings, env, log) => new OutboxClient(rpcTo(settings, env.LEAD_OUTBOX, log)),
  fallbackQueue: ({ outbox }, env) =>
    env.LEAD_QUEUE &&
    (async (enqueue: Enqueue) =>
      env.LEAD_QUEUE.send({ outbox, enqueue } satisfies QueueMessage, { contentType: "json" })),
};

/** Calls an outbox over RPC. */
function rpcTo({ outbox, jurisdiction }: Settings, namespace: Namespace | undefined, log: Log): OutboxRpc {
  let makeStub: (() => Stub) | undefined;
  const call: OutboxRpc = (method, argument) =>
    (makeStub ??= stubs(outbox, jurisdiction, namespace, log))().call(outbox, method, argument);
  return async (method, argument) => {
    try {
      return await call(method, argument);
    } catch (error) {
      const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
      if (!retryable || overloaded || !REPEATABLE.includes(method)) throw error;
      return call(method, argument);
    }
  };
}

/** Creates stubs of an outbox, one per call: a stub that failed once stays broken. */
function stubs(
  outbox: string,
  jurisdiction: string | undefined,
  namespace: Namespace | undefined,
  log: Log,
): () => Stub {
  if (!namespace) {
    log("binding_missing", "the binding LEAD_OUTBOX is missing");
    throw new StoreError("binding_missing");
  }
  const namespaceInPlace = jurisdiction === undefined ? namespace : inJurisdiction(namespace, jurisdiction, log);
  const id = namespaceInPlace.idFromName(outbox);
  return () => namespaceInPlace.get(id);
}

function inJurisdiction(namespace: Namespace, jurisdiction: string, log: Log): Namespace {
  try {
    return namespace.jurisdiction(jurisdiction);
  } catch {
    log("jurisdiction_unavailable", `the runtime has no jurisdiction ${jurisdiction}: a local workerd has none`);
    throw new Error("there is no outbox");
  }
}
