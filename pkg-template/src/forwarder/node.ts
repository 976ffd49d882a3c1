import { wrong } from "../settings.js";
import { alerting } from "./alerts.js";
import { AskedInbox } from "./asked.js";
import type { ForwarderConfig } from "./config.js";
import { assemble } from "./forwarder.js";
import { listen } from "./http.js";
import { Outbox } from "./outbox.js";
import { settingsFor } from "./settings.js";
import { openFile } from "./sqlite.js";

/** What `serve` is given; functions of `env` get `process.env`. */
export interface ServeConfig extends ForwarderConfig {
  /** The outbox: a SQLite file, made if it is not there, readable by its owner alone. */
  file: string;
  /** 0 takes a free one. */
  port: number;
  /** The address to listen on. Default `127.0.0.1`, for a proxy on the same machine. */
  host?: string | undefined;
}

/** A forwarder that serves. */
export interface Serving {
  /** Where, as `http://127.0.0.1:8080`. */
  url: string;
  /** Ends when the requests under way are answered; leads that wait are there at the next start. */
  close(): Promise<void>;
}

/** The longest that a timer waits, in milliseconds. */
const LONGEST = 60_000;

/**
 * Serves a forwarder on Node.js, Bun or Deno, with its outbox in a SQLite file. Visitors are counted
 * by the connection's address unless `clientAddress` says otherwise.
 *
 * @throws {ConfigurationError} for options that are wrong, or where there is no SQLite.
 */
export async function serve({ file, port, host = "127.0.0.1", ...given }: ServeConfig): Promise<Serving> {
  if (typeof file !== "string" || !file) throw wrong("file", "must be the path of the outbox's file");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw wrong("port", "must be a port's number");
  if (typeof host !== "string" || !host) throw wrong("host", "must be an address to listen on");
  const config: ForwarderConfig = { clientAddress: "socket", ...given };
  const env = (globalThis as { process?: { env?: object } }).process?.env ?? {};
  const forwarder = assemble(config, {
    inbox: () => new AskedInbox((method, argument) => outbox.ask(method, argument)),
    socket: (context) => (context as { address?: string }).address,
  });
  const settings = settingsFor(config, env);
  const store = await openFile(file);
  const timer = new Timer(() => outbox.work());
  const outbox = new Outbox({ store, crm: settings.crm, settings: settings.store, onAlert: alerting(config), wake: (at) => timer.wake(at) });
  try {
    const { url, close } = await listen((request, address) => forwarder.fetch(request, env, { address }), { port, host });
    timer.wake(Date.now());
    return {
      url,
      async close() {
        await close();
        outbox.stop();
        await timer.stop();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Has work done when it is due, one at a time. */
class Timer {
  readonly #work: () => Promise<void>;
  #due = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Asks for work at a time, or earlier. */
  wake(at: number): void {
    if (this.#stopped || at >= this.#due) return;
    this.#due = at;
    if (!this.#working) this.#set();
  }

  /** Ends after the work under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  #set(): void {
    clearTimeout(this.#timer);
    // Never long: after a pause of the machine, or when its clock is set, the time is another.
    const wait = Math.min(Math.max(this.#due - Date.now(), 0), LONGEST);
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      this.#working = this.#work().finally(() => {
        this.#working = undefined;
        if (!this.#stopped) this.#set();
      });
    }, wait);
  }
}
