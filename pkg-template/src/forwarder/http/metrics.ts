/** What a metric counts, by its name without labels. */
const HELP: Record<string, string> = {
  leads: "Leads in the outbox, by state.",
  leads_accepted_total: "Leads acknowledged to pages.",
  leads_delivered_total: "Leads that the CRM has.",
};

/** Metrics in the text format of Prometheus. `metrics` is by name with labels, as `leads{state="pending"}`. */
export function metricsText(metrics: Record<string, number>): string {
  const families = new Map<string, string[]>();
  for (const [series, value] of Object.entries(metrics)) {
    const [name = ""] = series.split("{");
    families.set(name, [...(families.get(name) ?? []), `icloud_ready_${series} ${value}\n`]);
  }
  const parts = [...families].map(([name, lines]) => {
    const help = HELP[name] === undefined ? "" : `# HELP icloud_ready_${name} ${HELP[name]}\n`;
    const type = name.endsWith("_total") ? "counter" : "gauge";
    return `${help}# TYPE icloud_ready_${name} ${type}\n${lines.join("")}`;
  });
  return parts.join("");
}
