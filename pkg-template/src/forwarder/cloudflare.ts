import { DurableObject } from "cloudflare:workers";
import { now } from "../base/environment.js";
import { alertHandler } from "./outbox/alerts.js";
import type { OutboxApi, Value } from "./outbox/contract.js";
import { BATCH_DELAY_MS, Outbox } from "./outbox/outbox.js";
import { registered } from "./platforms/registry.js";
import { notifier } from "./outbox/notify.js";
import { consoleLog, createLog, type Log } from "./outbox/log.js";
import { withCode } from "./outbox/store-errors.js";

/** The alarm's delay during a run: it fires only if the runtime stops. */
const ALARM_GUARD_MS = 10_000;

/** The minimum time between alarms: each costs more than storing ten leads. */
const MIN_ALARM_GAP_MS = 1_000;

/** When an idle outbox checks for work again. */
const IDLE_POLL_MS = 3_600_000;

/**
 * The outbox as a Durable Object: one SQLite database, and an alarm that processes it. Export it from
 * the script of the worker, which calls `createForwarder`, and bind it as `LEAD_OUTBOX`.
 */
export class LeadOutbox extends DurableObject<any> {
  #outbox: Outbox | undefined;
  /** The configured log, once the configuration is known. */
  #log: Log = consoleLog;
  /** The time of the alarm as known to this process. */
  #alarmAt = Infinity;
  /** When the last run ended, on the monotonic clock. */
  #lastRunEndedAt = -Infinity;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env);
    void state.blockConcurrencyWhile(async () => {
      // A fired alarm is deleted, and a process that stopped while handling it may not have set the next one.
      const alarm = await state.storage.getAlarm();
      if (alarm !== null) this.#alarmAt = alarm;
      if ((alarm === null || this.#isAlarmLost()) && (await state.storage.get("outbox")) !== undefined)
        this.#setAlarm(Date.now());
    });
  }

  /**
   * Calls a method of the outbox; argument and result are JSON text. The first call sets the name of this object's
   * outbox.
   */
  call(name: string, method: keyof OutboxApi, argument: string): Promise<string> {
    return (this.#outbox ?? this.#open(name)).call(method, argument);
  }

  /** Runs until nothing is due. Never throws: after six failures the platform stops retrying an alarm. */
  async alarm(): Promise<void> {
    this.#alarmAt = Infinity;
    try {
      // Fires if the runtime stops during the run.
      await this.ctx.storage.setAlarm(Date.now() + ALARM_GUARD_MS);
      const name = await this.ctx.storage.get<string>("outbox");
      if (name !== undefined) await (this.#outbox ?? this.#open(name)).work();
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      this.#log("outbox_run_failed", "the outbox cannot work", { error: name });
      this.#alarmAt = Math.min(this.#alarmAt, Date.now() + ALARM_GUARD_MS);
    } finally {
      this.#lastRunEndedAt = now();
      const next = Math.min(this.#alarmAt, Date.now() + IDLE_POLL_MS);
      this.#alarmAt = Infinity;
      this.#setAlarm(next);
    }
  }

  #open(name: string): Outbox {
    const found = registered(name, this.env);
    if (!found) throw new Error("no createForwarder of this script has this outbox");
    // The alarm runs without knowing the name.
    void this.ctx.storage.put("outbox", name);
    const { sql } = this.ctx.storage;
    this.#log = createLog(found.config, name);
    this.#outbox = new Outbox({
      store: {
        // Cheaper than iterating when there are no rows.
        exec(text: string, params: Value[]) {
          try {
            return sql
              .exec(text, ...params)
              .toArray()
              .map(Object.values);
          } catch (error) {
            throw withCode(error);
          }
        },
        // Writes without an await between them already form one transaction.
        transaction: (steps) => steps(),
      },
      crm: found.settings.crm,
      settings: found.settings.store,
      sources: found.settings.sources,
      onAlert: alertHandler(found.config.onAlert, this.#log),
      log: this.#log,
      onNewLead: notifier(found.config.notify, this.#log),
      wake: (wait) =>
        this.#setAlarm(
          Date.now() +
            Math.max(Math.min(wait, IDLE_POLL_MS), BATCH_DELAY_MS, this.#lastRunEndedAt + MIN_ALARM_GAP_MS - now()),
        ),
    });
    return this.#outbox;
  }

  /** Sets the alarm, unless an earlier one is set and not lost. */
  #setAlarm(at: number): void {
    if (at >= this.#alarmAt && !this.#isAlarmLost()) return;
    this.#alarmAt = at;
    this.ctx.storage.setAlarm(at).catch(() => {
      this.#alarmAt = Infinity;
      this.#log("alarm_not_set", "an alarm could not be set");
    });
  }

  /**
   * Whether the alarm is unreliable: it is overdue, and may be lost even though the storage still has its time; or its
   * time is further away than any alarm is set, so the clock was set back.
   */
  #isAlarmLost(): boolean {
    const now = Date.now();
    return (
      this.#alarmAt < now - ALARM_GUARD_MS ||
      (this.#alarmAt < Infinity && this.#alarmAt > now + IDLE_POLL_MS + ALARM_GUARD_MS)
    );
  }
}
