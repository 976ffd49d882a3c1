import { type Ask, AskedInbox } from "./asked.js";
import type { Host, Spared } from "./forwarder.js";
import type { Arrival, Inbox } from "./inbox.js";
import { report } from "./service.js";
import type { Settings } from "./settings.js";

/** What may be asked again of an object that was moved or restarted: twice is as good as once. */
const REPEATABLE: readonly (keyof Inbox)[] = ["knock", "put"];

/** The Durable Object, as the binding gives it. */
interface Stub {
  ask(outbox: string, method: keyof Inbox, argument: string): Promise<string>;
}

interface Namespace {
  jurisdiction(name: string): Namespace;
  idFromName(name: string): unknown;
  get(id: unknown): Stub;
}

/** Cloudflare: the outbox is a Durable Object, the spare way in a Queue. */
export const bindings: Host = {
  inbox: (settings, env) => new AskedInbox(remote(settings, env.LEAD_OUTBOX)),
  spare: ({ outbox }, env) =>
    env.LEAD_INLET &&
    (async (arrival: Arrival) => env.LEAD_INLET.send({ outbox, arrival } satisfies Spared, { contentType: "json" })),
};

/** Asks an outbox over RPC. */
function remote({ outbox, jurisdiction }: Settings, namespace: Namespace | undefined): Ask {
  let makeStub: (() => Stub) | undefined;
  const ask: Ask = (method, argument) => (makeStub ??= stubs(outbox, jurisdiction, namespace))().ask(outbox, method, argument);
  return async (method, argument) => {
    try {
      return await ask(method, argument);
    } catch (error) {
      const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
      if (!retryable || overloaded || !REPEATABLE.includes(method)) throw error;
      return ask(method, argument);
    }
  };
}

/** Makes stubs of an outbox, one for each call: one that failed once stays broken. */
function stubs(outbox: string, jurisdiction: string | undefined, namespace: Namespace | undefined): () => Stub {
  if (!namespace) {
    report("the binding LEAD_OUTBOX is missing");
    throw new Error("there is no outbox");
  }
  const place = jurisdiction === undefined ? namespace : placed(namespace, jurisdiction);
  const id = place.idFromName(outbox);
  return () => place.get(id);
}

function placed(namespace: Namespace, jurisdiction: string): Namespace {
  try {
    return namespace.jurisdiction(jurisdiction);
  } catch {
    report(`the runtime has no jurisdiction ${jurisdiction}: workerd on one's own machine has none`);
    throw new Error("there is no outbox");
  }
}
