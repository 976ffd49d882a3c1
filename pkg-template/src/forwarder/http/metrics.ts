/** The help text of each metric, by its name without labels and histogram suffixes. */
const HELP: Record<string, string> = {
  attempts_total: "Requests to the CRM, by kind and by why they failed.",
  backlog: "Leads that are neither delivered, dead nor held.",
  build_info: "The version of the package and of the tables.",
  capacity_bytes: "Bytes of text that leads may have that are not delivered.",
  capacity_leads: "Leads that may be stored that are not delivered.",
  connections: "Open connections of this process.",
  crm_calls: "Requests that count towards the CRM's limits, by window.",
  delivery_age_seconds: "How old leads were when the CRM confirmed them.",
  free_disk_bytes: "Free space on the disk of the outbox's file.",
  leads: "Leads in the outbox, by state.",
  leads_accepted_total: "Leads acknowledged to pages.",
  leads_conflict_total: "Leads whose id was sent with another body.",
  leads_dead_total: "Leads that the CRM refused.",
  leads_delivered_total: "Leads that the CRM has.",
  leads_duplicate_total: "Duplicates of a known lead.",
  leads_refused_total: "Leads and connections refused because a limit was reached, by limit.",
  lookups_total: "Lookups in the CRM.",
  oldest_age_seconds: "Age of the oldest lead of the backlog, without those that fail alone.",
  origin_refused_total: "Requests of pages whose origin is not listed.",
  path_not_found_total: "Requests of pages to unknown paths.",
  paused: "1 while sending is paused or slowed.",
  poison_leads: "Leads that fail while the CRM accepts others.",
  reconcile_unavailable: "1 while the key cannot read leads.",
  request_duration_seconds: "How long requests with leads took.",
  requests_rate_limited_total: "Requests over the limit of their address.",
  responses_total: "Responses, by route and status.",
  send_duration_seconds: "How long sending a lead to the CRM took.",
  sends_total: "Leads sent to the CRM, attempts included.",
  stored_bytes: "Bytes of text of leads that are not delivered.",
  stored_leads: "Leads that are stored and not delivered.",
  source_auth_failed_total: "Deliveries to sources that failed the verification.",
  source_backfilled_total: "Leads that were found by reading a form, by source.",
  source_duplicates_total: "Events that were delivered again, by source.",
  source_events_total: "Events that a source delivered, without duplicates, by source.",
  source_fetches_total: "Requests to the platform for a lead, by source.",
  source_fetching: "Events that are not leads yet, by source.",
  source_held: "Leads that wait for an operator, by source.",
  source_paused: "1 while fetching is paused, by source.",
  source_unreadable_total: "Verified events without a readable id, which cannot be stored, by source.",
  admin_auth_failed_total: "Requests to /admin or /health with a wrong token.",
};

/** A metric with its samples. */
interface MetricFamily {
  type: "counter" | "gauge" | "histogram";
  lines: string[];
  /** For a histogram: the non-cumulative count of each bucket, and the sum. */
  buckets: [bound: string, count: number][];
  sum: number;
}

/**
 * Metrics in the text format of Prometheus. The keys of `metrics` are names with labels, such as
 * `leads{state="pending"}`; bucket counts are not cumulative.
 */
export function metricsText(metrics: Record<string, number>): string {
  const families = new Map<string, MetricFamily>();
  const family = (name: string, type: MetricFamily["type"]) => {
    const found = families.get(name) ?? { type, lines: [], buckets: [], sum: 0 };
    families.set(name, found);
    return found;
  };
  for (const [series, value] of Object.entries(metrics)) {
    const [name = ""] = series.split("{");
    const [, base = "", part, bound = ""] = /^(\w+)_(bucket|sum)(?:\{le="(.+)"\})?$/.exec(series) ?? [];
    if (part === "bucket") family(base, "histogram").buckets.push([bound, value]);
    else if (part === "sum") family(base, "histogram").sum = value;
    else family(name, name.endsWith("_total") ? "counter" : "gauge").lines.push(line(series, value));
  }
  const parts = [...families].map(([name, { type, lines, ...histogram }]) => {
    const help = HELP[name] === undefined ? "" : `# HELP icloud_ready_${name} ${HELP[name]}\n`;
    const all = type === "histogram" ? histogramLines(name, histogram) : lines;
    return `${help}# TYPE icloud_ready_${name} ${type}\n${all.join("")}`;
  });
  return parts.join("");
}

function line(series: string, value: number): string {
  return `icloud_ready_${series} ${value}\n`;
}

function histogramLines(name: string, { buckets, sum }: Pick<MetricFamily, "buckets" | "sum">): string[] {
  const limit = (bound: string) => (bound === "+Inf" ? Infinity : Number(bound));
  let count = 0;
  const lines = [...buckets]
    .sort(([one], [other]) => limit(one) - limit(other))
    .map(([bound, value]) => line(`${name}_bucket{le="${bound}"}`, (count += value)));
  // Sums of fractions have many insignificant digits.
  return [...lines, line(`${name}_sum`, Number(sum.toFixed(6))), line(`${name}_count`, count)];
}
