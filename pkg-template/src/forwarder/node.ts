import { now } from "../base/environment.js";
import { createError, isICloudReadyError } from "../base/errors.js";
import { wasm } from "../loader/modules/forwarder.js";
import { configError } from "../base/options.js";
import { forwardedBy } from "./rules/client-address.js";
import { alertHandler } from "./outbox/alerts.js";
import { OutboxClient } from "./outbox/client.js";
import type { ForwarderConfig } from "./rules/config.js";
import { assemble } from "./http/forwarder.js";
import { listen } from "./platforms/node-server.js";
import { callWasm } from "./outbox/wasm.js";
import { Outbox } from "./outbox/outbox.js";
import { logWarning } from "./outbox/log.js";
import { settingsFor } from "./rules/settings.js";
import { openFile } from "./platforms/sqlite.js";
import { causeOf } from "./outbox/store-errors.js";
import { withTimeout } from "./outbox/with-timeout.js";

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
  /**
   * Takes no more requests and ends when those under way are answered, after 10 s at most, and those to the CRM too,
   * after 30 s more at most. Leads that wait are there at the next start.
   */
  close(): Promise<void>;
}

/** How long requests to the CRM that are under way may take while the server closes, in milliseconds. */
const SEND_TIMEOUT_MS = 30_000;

/** The longest that a timer waits, in milliseconds. */
const MAX_TIMER_MS = 60_000;

/**
 * Serves a forwarder on Node.js, Bun or Deno, with its outbox in a SQLite file. Visitors are counted
 * by the connection's address unless `clientAddress` says otherwise.
 *
 * @throws {ConfigurationError} for options that are wrong, where there is no SQLite, or for a file that is no outbox's.
 */
export async function serve({ file, port, host = "127.0.0.1", ...given }: ServeConfig): Promise<Serving> {
  const env = (globalThis as { process?: { env?: object } }).process?.env ?? {};
  const { clientAddress: chosen } = given;
  const chosenAddress = () => (typeof chosen === "function" ? chosen(env) : chosen);
  const config: ForwarderConfig = {
    ...given,
    clientAddress: typeof chosen === "function" ? () => chosenAddress() ?? "socket" : (chosen ?? "socket"),
  };
  const wrongOptions = new Set<string>();
  const forwarder = assemble(config, {
    wrongOptions,
    options: { file: 1, port: 1, host: 1 },
    outbox: () => new OutboxClient((method, argument) => outbox.call(method, argument)),
    socket: (context) => (context as { address?: string }).address,
  });
  if (typeof file !== "string" || !file) throw configError("file", "must be the path of the outbox's file");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw configError("port", "must be a port number");
  if (typeof host !== "string" || !host) throw configError("host", "must be an address to listen on");
  const settings = settingsFor(config, env);
  await wasm.ready();
  const version = callWasm((wasm) => wasm.schemaVersion());
  const store = await openFile(file, { version, check: (store) => callWasm((wasm) => wasm.checkStore(store)) }).catch(
    (error: unknown) => {
      if (isICloudReadyError(error)) throw error;
      const cause = causeOf(error);
      throw createError(
        "configuration",
        `the outbox's file ${file} cannot be opened: ${cause === "unknown" ? (error as Error).message : cause}`,
        error,
      );
    },
  );
  const timer = new Timer(() => outbox.work());
  const outbox = new Outbox({
    store,
    crm: settings.crm,
    settings: settings.store,
    onAlert: alertHandler(config.onAlert),
    wake: (wait) => timer.wake(wait),
  });
  try {
    try {
      await outbox.open();
      store.stamp(version);
    } catch (error) {
      // A store that is unavailable now may be there later.
      if (isICloudReadyError(error)) throw error;
    }
    let mayBeProxied = chosenAddress() === undefined;
    const respond = (request: Request, address: string | undefined) => {
      const header = mayBeProxied ? forwardedBy(request.headers, address) : undefined;
      if (header !== undefined) {
        mayBeProxied = false;
        wrongOptions.add("clientAddress");
        logWarning(proxyWarning(header));
      }
      return forwarder.fetch(request, env, { address });
    };
    const { url, close } = await listen(respond, { port, host });
    timer.wake(0);
    return {
      url,
      async close() {
        await close();
        outbox.stop();
        // What is not answered by then is looked up at the next start.
        await withTimeout(timer.stop(), SEND_TIMEOUT_MS, () => {});
        store.close();
      },
    };
  } catch (error) {
    outbox.stop();
    store.close();
    throw error;
  }
}

function proxyWarning(header: string): string {
  const message = `requests come through a proxy, which adds ${header}, but visitors are counted by the connection, so all of them share one limit`;
  return `${message}: set clientAddress, as in { header: "x-forwarded-for", trustedProxies: 1 }`;
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

  /** Asks for work in so many milliseconds, or earlier. */
  wake(wait: number): void {
    const time = now();
    // One that is overdue may be late for as long as timers are.
    if (this.#stopped || (this.#due > time && time + wait >= this.#due)) return;
    this.#due = time + wait;
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
    const wait = Math.min(Math.max(this.#due - now(), 0), MAX_TIMER_MS);
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      this.#working = this.#work().finally(() => {
        this.#working = undefined;
        if (!this.#stopped) this.#set();
      });
    }, wait);
  }
}
