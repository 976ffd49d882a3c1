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
import { DiskGuard } from "./platforms/disk-guard.js";
import { ConnectionLimit } from "./platforms/connection-limit.js";
import { Counts } from "./http/counts.js";
import { callWasm } from "./outbox/wasm.js";
import { Outbox } from "./outbox/outbox.js";
import { createLog } from "./outbox/log.js";
import { notifier } from "./outbox/notify.js";
import { settingsFor } from "./rules/settings.js";
import { openFile } from "./platforms/sqlite.js";
import { causeOf } from "./outbox/store-errors.js";
import type { Store } from "./outbox/contract.js";
import { withTimeout } from "./outbox/with-timeout.js";

/** The options of `serve`; functions of `env` get `process.env`. */
export interface ServeConfig extends ForwarderConfig {
  /** The SQLite file of the outbox, created if it does not exist and readable only by its owner. */
  file: string;
  /** 0 selects a free port. */
  port: number;
  /** The address to listen on. Default `127.0.0.1`, for a proxy on the same machine. */
  host?: string | undefined;
}

/** A running forwarder. */
export interface Serving {
  /** The URL, such as `http://127.0.0.1:8080`. */
  url: string;
  /**
   * Stops accepting requests. Resolves after requests in progress are answered, for at most 10 s, and after requests to
   * the CRM end, for at most another 30 s. Pending leads are sent after the next start.
   */
  close(): Promise<void>;
}

/** How long `close` waits for requests to the CRM, in milliseconds. */
const SEND_TIMEOUT_MS = 30_000;

/** The longest delay of a timer, in milliseconds. */
const MAX_TIMER_MS = 60_000;

/**
 * Serves a forwarder on Node.js, Bun or Deno, with its outbox in a SQLite file. Rate limits use the address of the
 * connection unless `clientAddress` is set.
 *
 * @throws {ConfigurationError} for invalid options, if the runtime has no SQLite, or if the file is not an outbox.
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
  const counts = new Counts();
  const client = new OutboxClient((method, argument) => outbox.call(method, argument));
  const forwarder = assemble(config, {
    wrongOptions,
    counts,
    gauges: () => ({ connections: connections.open, ...disk.gauges() }),
    options: { file: 1, port: 1, host: 1 },
    outbox: () => client,
    socket: (context) => (context as { address?: string }).address,
  });
  if (typeof file !== "string" || !file) throw configError("file", "must be the path of the outbox's file");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw configError("port", "must be a port number");
  if (typeof host !== "string" || !host) throw configError("host", "must be an address to listen on");
  const settings = settingsFor(config, env);
  const { capacity } = settings;
  const log = createLog(config, settings.outbox);
  const onAlert = alertHandler(config.onAlert, log);
  const disk = await DiskGuard.of(file, capacity.freeDisk);
  const connections = new ConnectionLimit(capacity.connections, onAlert, () =>
    counts.add('leads_refused_total{limit="connections"}'),
  );
  await wasm.ready();
  const version = callWasm((wasm) => wasm.schemaVersion());
  const identity = {
    version,
    check: (store: Pick<Store, "exec">) => callWasm((wasm) => wasm.checkStore(store as Store)),
  };
  const store = await openFile(file, identity, log).catch((error: unknown) => {
    if (isICloudReadyError(error)) throw error;
    const cause = causeOf(error);
    throw createError(
      "configuration",
      `the outbox's file ${file} cannot be opened: ${cause === "unknown" ? (error as Error).message : cause}`,
      error,
    );
  });
  const timer = new WakeTimer(() => outbox.work());
  const outbox = new Outbox({
    store,
    crm: settings.crm,
    settings: settings.store,
    sources: settings.sources,
    onAlert,
    log,
    onNewLead: notifier(config.notify, log),
    isDiskLow: () => disk.isLow(),
    wake: (wait) => timer.wake(wait),
  });
  try {
    try {
      await outbox.open();
      store.stamp(version);
    } catch (error) {
      // A store that is unavailable now may become available later.
      if (isICloudReadyError(error)) throw error;
    }
    let mayBeProxied = chosenAddress() === undefined;
    const respond = (request: Request, address: string | undefined) => {
      const header = mayBeProxied ? forwardedBy(request.headers, address) : undefined;
      if (header !== undefined) {
        mayBeProxied = false;
        wrongOptions.add("clientAddress");
        log("client_address_proxied", proxyWarning(header), { header });
      }
      return forwarder.fetch(request, env, { address });
    };
    const { url, close } = await listen(respond, { port, host, connections });
    timer.wake(0);
    log("server_started", `leads are taken at ${url}${settings.path}`, { url });
    return {
      url,
      async close() {
        await close();
        await counts.handOver(client);
        outbox.stop();
        // Leads without a response by then are looked up after the next start.
        await withTimeout(timer.stop(), SEND_TIMEOUT_MS, () => {});
        store.close();
        log("server_stopped", "the server is stopped");
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

/** Runs work when it is due, one run at a time. */
class WakeTimer {
  readonly #work: () => Promise<void>;
  #due = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Schedules a run in `wait` milliseconds or earlier. */
  wake(wait: number): void {
    const time = now();
    // An overdue timer is not relied on: timers can be late.
    if (this.#stopped || (this.#due > time && time + wait >= this.#due)) return;
    this.#due = time + wait;
    if (!this.#working) this.#set();
  }

  /** Resolves after the current run. */
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
