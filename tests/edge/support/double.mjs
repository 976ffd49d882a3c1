// An outbox in memory, for what a real one cannot be made to do: to be out of reach, or never answer.
import { createHash } from "node:crypto";

export function doubleInbox() {
  const entries = new Map();
  const buckets = new Map();
  let failing = false;
  const idOf = ({ submissionId, form, origin, canonical }) =>
    submissionId ?? createHash("sha256").update(`${form?.origin ?? origin} ${canonical}`).digest("hex").slice(0, 32);
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
    async knock(knock) {
      reach();
      if (knock.rate && limited(knock.rate)) return { verdict: "limited", retryAfterMs: 7_000 };
      const submissionId = idOf(knock);
      const known = entries.get(submissionId);
      const verdict = !known ? "new" : known.canonical === knock.canonical ? "same" : "conflict";
      return { verdict, submissionId, marked: marked(knock.rate) };
    },
    async put(arrival) {
      reach();
      if (arrival.rate && limited(arrival.rate)) return { verdict: "limited", retryAfterMs: 7_000 };
      const submissionId = idOf(arrival);
      const known = entries.get(submissionId);
      if (known) return { verdict: known.canonical === arrival.canonical ? "accepted" : "conflict", submissionId };
      entries.set(submissionId, { ...arrival, marks: [...arrival.marks, ...(marked(arrival.rate) ? ["rate"] : [])] });
      return { verdict: "accepted", submissionId };
    },
    async health() {
      reach();
      return { backlog: entries.size, oldestAgeMs: null, parked: false, reconcile: "unknown" };
    },
    async metrics() {
      reach();
      return { leads_accepted_total: entries.size };
    },
    async poke() {
      reach();
    },
  };
}
