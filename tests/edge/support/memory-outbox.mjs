// An outbox in memory, for failures that a real one cannot simulate: it can be unavailable or never respond.
import { createHash } from "node:crypto";

export function memoryOutbox() {
  const entries = new Map();
  const buckets = new Map();
  const known = new Set();
  const counters = {};
  let failing = false;
  const idOf = ({ submissionId, form, origin, canonical }) =>
    submissionId ??
    createHash("sha256")
      .update(`${form?.origin ?? origin} ${canonical}`)
      .digest("hex")
      .slice(0, 32);
  const limited = (rate) => {
    const used = (buckets.get(rate.client) ?? 0) + 1;
    buckets.set(rate.client, used);
    return used > rate.burst * (rate.form ? 10 : 1);
  };
  const marked = (rate) => (buckets.get(rate?.client) ?? 0) > (rate?.burst ?? Infinity);
  const reach = () => {
    if (failing) throw new Error("no such store, and a name: Secretperson");
  };
  return {
    entries,
    fail: (value) => (failing = value),
    async precheck(precheck) {
      reach();
      if (precheck.rate && limited(precheck.rate)) return { outcome: "limited", retryAfterMs: 7_000 };
      const submissionId = idOf(precheck);
      const known = entries.get(submissionId);
      const outcome = !known ? "new" : known.canonical === precheck.canonical ? "duplicate" : "conflict";
      return { outcome, submissionId, marked: marked(precheck.rate) };
    },
    async enqueue(lead) {
      reach();
      if (lead.rate && limited(lead.rate)) return { outcome: "limited", retryAfterMs: 7_000 };
      const submissionId = idOf(lead);
      const known = entries.get(submissionId);
      if (known)
        return known.canonical === lead.canonical
          ? { outcome: "accepted", submissionId, isNew: false }
          : { outcome: "conflict", submissionId };
      entries.set(submissionId, { ...lead, marks: [...lead.marks, ...(marked(lead.rate) ? ["rate"] : [])] });
      return { outcome: "accepted", submissionId, isNew: true };
    },
    async storeEvents({ kind, events }) {
      reach();
      const before = entries.size;
      for (const event of events) entries.set(`${kind}-${event.id ?? event.data}`, event);
      const stored = entries.size - before;
      return { stored, known: events.length - stored };
    },
    async recordRefusal({ rate, value }) {
      reach();
      return limited(rate)
        ? { outcome: "limited", retryAfterMs: 7_000 }
        : { outcome: "recorded", shouldLog: known.size < known.add(value).size, value };
    },
    async signOrigin(origin) {
      reach();
      return `signed ${origin}`;
    },
    async verifyOrigin({ origin, signature }) {
      reach();
      return signature === `signed ${origin}`;
    },
    async ready() {
      reach();
      return null;
    },
    async health() {
      reach();
      return {
        backlog: entries.size,
        oldestAgeMs: null,
        dead: 0,
        held: 0,
        poison: 0,
        paused: false,
        reconcile: "unknown",
      };
    },
    async recordAudit() {
      reach();
      return null;
    },
    async recordCounts(counts) {
      reach();
      for (const [name, value] of counts) counters[name] = (counters[name] ?? 0) + value;
      return null;
    },
    async metrics() {
      reach();
      return { leads_accepted_total: entries.size, ...counters };
    },
    async wake() {
      reach();
    },
  };
}
