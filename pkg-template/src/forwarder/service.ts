import type { Arrival, Inbox } from "./inbox.js";
import { Refusal } from "./refusal.js";
import type { Settings } from "./settings.js";

/** What a request is served with. */
export interface Service {
  settings: Settings;
  inbox: Inbox;
  /** A second way in, for when the outbox is out of reach: resolves once the lead is kept there. */
  spare: ((arrival: Arrival) => Promise<void>) | undefined;
  /** The other end of the connection, where the runtime tells it. */
  socket: string | undefined;
}

/** How long the outbox may take, in milliseconds. */
const PATIENCE = 10_000;

/** Asks the outbox something; one that takes too long is out of reach. */
export async function reached<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), PATIENCE);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    // What failed may quote what was stored, so no more is said.
    report("the outbox is out of reach");
    throw new Refusal("unavailable");
  } finally {
    clearTimeout(timer);
  }
}

/** Says on the console what whoever runs the forwarder should know; never anything about a visitor. */
export function report(said: string): void {
  console.warn(`icloud-ready forwarder: ${said}`);
}
