// Counts the leads of the last days by source: `bun run sources.ts 7`.

import { ICloudReady } from "icloud-ready";

const days = Number(process.argv[2] ?? 7);
const since = new Date(Date.now() - days * 86_400_000).toISOString();
const counts = new Map<string, number>();

const crm = ICloudReady.fromEnv(Bun.env);
for await (const { createdAt, leadSource } of crm.leads.list({ limit: 100 })) {
  // The most recent come first.
  if (createdAt && createdAt < since) break;
  const source = leadSource || "unknown";
  counts.set(source, (counts.get(source) ?? 0) + 1);
}
for (const [source, count] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`${count}\t${source}`);
