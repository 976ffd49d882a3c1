// The monitoring example: rules and dashboard use metrics that exist, and promtool accepts rules and metrics.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CONFIG, node } from "./support/platforms.mjs";
import { postJson, reach } from "./support/requests.mjs";
import { SOURCES } from "./support/senders.mjs";

const folder = fileURLToPath(new URL("../../examples/monitoring/", import.meta.url));
const file = (name) => readFile(folder + name, "utf8");

async function promtool(args, input = "") {
  const child = spawn("promtool", args, { cwd: folder });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const closed = once(child, "close").catch(() => []);
  const isFound = await new Promise((resolve) =>
    child.on("spawn", () => resolve(true)).on("error", () => resolve(false)),
  );
  if (!isFound) return undefined;
  child.stdin.end(input);
  const [code] = await closed;
  return { code, output };
}

const skip = (await promtool(["--version"])) ? false : "promtool is missing; run: apt-get install prometheus";

async function metricsOf(test) {
  const { url, leads } = await node(test, { sources: SOURCES });
  await postJson(leads);
  const headers = { authorization: `Bearer ${CONFIG.adminToken}` };
  return (await reach(`${url}/admin/metrics`, { headers })).text();
}

const names = (text) => new Set([...text.matchAll(/\bicloud_ready_\w+/g)].map(([name]) => name));

test("every metric is on the dashboard, and every metric of the dashboard and the rules exists", async (test) => {
  const metrics = names((await metricsOf(test)).replaceAll(/^#.*$/gm, ""));
  const dashboard = names(JSON.stringify(JSON.parse(await file("dashboard.json")).panels));
  for (const name of [...dashboard, ...names(await file("rules.yml"))]) assert.ok(metrics.has(name), name);
  const families = [...metrics].filter((name) => !/_(sum|count)$/.test(name));
  for (const name of families) assert.ok(dashboard.has(name), `${name} is not on the dashboard`);
});

test("promtool accepts the rules, and their unit tests pass", { skip }, async () => {
  for (const args of [
    ["check", "rules", "rules.yml"],
    ["test", "rules", "rules.test.yml"],
    ["check", "config", "--syntax-only", "prometheus.yml"],
  ]) {
    const { code, output } = await promtool(args);
    assert.equal(code, 0, output);
  }
});

test("promtool accepts the metrics", { skip }, async (test) => {
  const { code, output } = await promtool(["check", "metrics"], await metricsOf(test));
  assert.equal(code, 0, output);
});
