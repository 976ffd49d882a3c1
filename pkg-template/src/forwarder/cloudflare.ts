import { DurableObject } from "cloudflare:workers";
import { alerting } from "./alerts.js";
import type { Inbox, Value } from "./inbox.js";
import { GATHER, Outbox } from "./outbox.js";
import { registered } from "./registry.js";
import { report } from "./service.js";

/** When an alarm comes again that was lost in mid-work, in milliseconds. */
const GUARD = 10_000;

/** The least time between alarms, in milliseconds: each costs more than storing ten leads. */
const PAUSE = 1_000;

/** When an outbox with nothing to do looks again, in milliseconds. */
const IDLE = 3_600_000;

/**
 * The outbox as a Durable Object: one SQLite database, and an alarm that works it off. Export it from
 * the worker's script, which calls `createForwarder`, and bind it as `LEAD_OUTBOX`.
 */
export class LeadOutbox extends DurableObject<any> {
  #outbox: Outbox | undefined;
  /** When the alarm is set for, as far as is known here. */
  #armed = Infinity;
  /** When the last alarm's work was over. */
  #rested = 0;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env);
    void state.blockConcurrencyWhile(async () => {
      // An alarm that fired is used up, and whoever died in it may have set no other.
      const alarm = await state.storage.getAlarm();
      if (alarm !== null) this.#armed = alarm;
      if ((alarm === null || this.#isOverdue()) && (await state.storage.get("outbox")) !== undefined) this.#arm(Date.now());
    });
  }

  /** Asks the outbox of that name, which this object is from its first asking on; in JSON text both ways. */
  ask(name: string, method: keyof Inbox, argument: string): Promise<string> {
    return (this.#outbox ?? this.#open(name)).ask(method, argument);
  }

  /** Works until nothing is due. Alarms that throw are given up after six times, so it never does. */
  async alarm(): Promise<void> {
    this.#armed = Infinity;
    try {
      // Should the runtime die in what follows, this one goes on.
      await this.ctx.storage.setAlarm(Date.now() + GUARD);
      const name = await this.ctx.storage.get<string>("outbox");
      if (name !== undefined) await (this.#outbox ?? this.#open(name)).work();
    } catch (error) {
      report(`the outbox cannot work: ${error instanceof Error ? error.name : typeof error}`);
      this.#armed = Math.min(this.#armed, Date.now() + GUARD);
    } finally {
      this.#rested = Date.now();
      const next = Math.min(this.#armed, Date.now() + IDLE);
      this.#armed = Infinity;
      this.#arm(next);
    }
  }

  #open(name: string): Outbox {
    const found = registered(name, this.env);
    if (!found) throw new Error("no createForwarder of this script has this outbox");
    // The alarm wakes this object without a name.
    void this.ctx.storage.put("outbox", name);
    const { sql } = this.ctx.storage;
    this.#outbox = new Outbox({
      store: {
        // Where there are no rows, nothing is made to go through them with.
        exec: (text: string, params: Value[]) => sql.exec(text, ...params).toArray().map(Object.values),
        // Without an await between them writes are one transaction already.
        transaction: (steps) => steps(),
      },
      crm: found.settings.crm,
      settings: found.settings.store,
      onAlert: alerting(found.config),
      wake: (at) => this.#arm(Math.max(at, Date.now() + GATHER, this.#rested + PAUSE)),
    });
    return this.#outbox;
  }

  /** Sets the alarm, unless an earlier one is set that can still be believed in. */
  #arm(at: number): void {
    if (at >= this.#armed && !this.#isOverdue()) return;
    this.#armed = at;
    this.ctx.storage.setAlarm(at).catch(() => {
      this.#armed = Infinity;
      report("an alarm could not be set");
    });
  }

  /** Whether the alarm should have come: it may be lost, though the storage still knows its time. */
  #isOverdue(): boolean {
    return this.#armed < Date.now() - GUARD;
  }
}
