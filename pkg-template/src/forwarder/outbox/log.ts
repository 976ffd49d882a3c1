import { ignoreErrors } from "../../base/options.js";

/** How severe an event is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** The target of log events: an object with a method for each level, such as a pino logger. */
export type Logger = { [Level in LogLevel]: (event: LogRecord, message: string) => unknown };

/** An event. It contains no personal data. */
export interface LogRecord {
  /** Its name. */
  event: LogEvent;
  /** The name of the outbox. */
  outbox?: string;
  /** The lead's submission id. */
  submissionId?: string;
  /** The number of the attempt. */
  attempt?: number;
  /** The cause as a code. */
  cause?: string;
  /** The duration in milliseconds. */
  durationMs?: number;
  [detail: string]: unknown;
}

/** All events, each with its level; also listed in the operator's reference. */
export const LOG_EVENTS = {
  admin_action: "info",
  admin_auth_failed: "warn",
  alarm_not_set: "warn",
  alert: "warn",
  attempt: "info",
  binding_missing: "error",
  client_address_proxied: "warn",
  configuration_invalid: "error",
  crm_unreachable: "warn",
  defaults_invalid: "error",
  deletion_deferred: "warn",
  file_copied: "error",
  file_replaced: "error",
  file_restored: "warn",
  handler_failed: "error",
  internal_error: "error",
  jurisdiction_unavailable: "error",
  lead_accepted: "info",
  lead_refused: "info",
  origin_refused: "warn",
  outbox_run_failed: "error",
  outbox_unavailable: "error",
  path_not_found: "warn",
  queue_message_deferred: "warn",
  server_started: "info",
  server_stopped: "info",
  source_auth_failed: "warn",
  source_map_failed: "warn",
  source_unreadable: "warn",
  store_refused: "error",
} as const satisfies Record<string, LogLevel>;

/** The name of an event. */
export type LogEvent = keyof typeof LOG_EVENTS;

/** The levels, least severe first. @internal */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** The logging options of a forwarder. */
export interface LogOptions {
  logger?: Logger | undefined;
  logLevel?: LogLevel | undefined;
}

/** Logs an event. @internal */
export interface Log {
  (event: LogEvent, message: string, details?: Omit<LogRecord, "event">): void;
  /** Whether an event of this name is logged. */
  has(event: LogEvent): boolean;
}

/** Logs one line of JSON per event. */
const consoleLogger = Object.fromEntries(
  LOG_LEVELS.map((level) => [
    level,
    (event: LogRecord, message: string) =>
      console[level](JSON.stringify({ time: new Date().toISOString(), level, ...event, message })),
  ]),
) as Logger;

/** The log of a forwarder: a custom logger filters levels itself; the console gets warnings and errors. @internal */
export function createLog({ logger, logLevel }: LogOptions = {}, outbox?: string): Log {
  const least = LOG_LEVELS.indexOf(logLevel ?? (logger ? "debug" : "warn"));
  const target = logger ?? consoleLogger;
  const has = (event: LogEvent) => LOG_LEVELS.indexOf(LOG_EVENTS[event]) >= least;
  const log = (event: LogEvent, message: string, details?: Omit<LogRecord, "event">) => {
    if (!has(event)) return;
    const record = { event, ...(outbox === undefined ? {} : { outbox }), ...details };
    ignoreErrors(() => target[LOG_EVENTS[event]](record, message));
  };
  return Object.assign(log, { has });
}

/** The log used when no configuration is known. @internal */
export const consoleLog = createLog();
