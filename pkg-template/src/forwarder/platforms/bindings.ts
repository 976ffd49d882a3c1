import { type OutboxRpc, OutboxClient } from "../outbox/client.js";
import type { Host, QueueMessage } from "../http/forwarder.js";
import type { Enqueue, OutboxApi } from "../outbox/contract.js";
import { logWarning } from "../outbox/log.js";
import type { Settings } from "../rules/settings.js";
import { StoreError } from "../outbox/store-errors.js";

/** Idempotent methods, which are retried if the object was moved or restarted. */
const REPEATABLE: readonly (keyof OutboxApi)[] = ["precheck", "enqueue", "recordRefusal"];

/** The Durable Object, as the binding gives it. */
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
  outbox: (settings, env) => new OutboxClient(rpcTo(settings, env.LEAD_OUTBOX)),
  fallbackQueue: ({ outbox }, env) =>
    env.LEAD_QUEUE &&
    (async (enqueue: Enqueue) =>
      env.LEAD_QUEUE.send({ outbox, enqueue } satisfies QueueMessage, { contentType: "json" })),
};

/** Calls an outbox over RPC. */
function rpcTo({ outbox, jurisdiction }: Settings, namespace: Namespace | undefined): OutboxRpc {
  let makeStub: (() => Stub) | undefined;
  const call: OutboxRpc = (method, argument) =>
    (makeStub ??= stubs(outbox, jurisdiction, namespace))().call(outbox, method, argument);
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

/** Makes stubs of an outbox, one for each call: one that failed once stays broken. */
function stubs(outbox: string, jurisdiction: string | undefined, namespace: Namespace | undefined): () => Stub {
  if (!namespace) {
    logWarning("the binding LEAD_OUTBOX is missing");
    throw new StoreError("binding_missing");
  }
  const namespaceInPlace = jurisdiction === undefined ? namespace : inJurisdiction(namespace, jurisdiction);
  const id = namespaceInPlace.idFromName(outbox);
  return () => namespaceInPlace.get(id);
}

function inJurisdiction(namespace: Namespace, jurisdiction: string): Namespace {
  try {
    return namespace.jurisdiction(jurisdiction);
  } catch {
    logWarning(`the runtime has no jurisdiction ${jurisdiction}: workerd on one's own machine has none`);
    throw new Error("there is no outbox");
  }
}
