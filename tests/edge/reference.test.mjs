// The operator's reference in docs/forwarder.md against the code.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { CONFIG, node } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { reach } from "./support/requests.mjs";

const text = await readFile(new URL("../../docs/forwarder.md", import.meta.url), "utf8");

/** The first cells of the table in a section of the reference, each without its backticks and what follows them. */
function documented(section) {
  const [, body = ""] = text.split(`\n### ${section}\n`);
  const rows = body
    .split("\n#")[0]
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  assert.ok(rows.length, section);
  return rows.map((row) => /^\| `([^`]+)`/.exec(row)[1]);
}

const sorted = (names) => [...new Set(names)].sort();
const declarations = (file) => readFile(join(packageFolder, "dist/forwarder", file), "utf8");
const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

test("every state", async () => {
  const [, union] = /type LeadState = ([^;]+);/.exec(await declarations("outbox/contract.d.ts"));
  assert.deepEqual(sorted(documented("States")), sorted(matches(union, /"(\w+)"/g)));
});

test("every alert", async () => {
  const kinds = matches(await declarations("outbox/contract.d.ts"), /kind: ((?:"\w+"(?: \| )?)+);/g).flatMap((kinds) =>
    matches(kinds, /"(\w+)"/g),
  );
  // `origin`, `path` and `token` are the kinds of a refusal.
  const alerts = kinds.filter((kind) => !["origin", "path", "token"].includes(kind));
  assert.deepEqual(sorted(documented("Alerts")), sorted(alerts));
});

test("every reason", async () => {
  const folder = new URL("../../src/outbox/", import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => file.endsWith(".rs") && file !== "schema.rs",
  );
  const source = (await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")))).join("\n");
  const reasons = documented("Reasons");
  // Those that the code names where it sets them; the others are constants.
  const set = [
    ...matches(source, /reason: Some\("(\w+)"\)/g),
    ...matches(source, /reason, status\) = \(Some\("(\w+)"\)/g),
    ...matches(source, /misconfigured\(\s*"(\w+)"/g),
    ...matches(source, /reason = '(\w+)'/g),
    ...matches(source, /ELSE '(\w+)' END/g).filter((name) => name.includes("_")),
    ...matches(source, /Some\("(\w+)"\), self\.expiry_warning/g),
  ];
  assert.ok(set.length > 10, String(set));
  assert.deepEqual(
    set.filter((reason) => !reasons.includes(reason)),
    [],
  );
  assert.deepEqual(
    reasons.filter((reason) => !source.includes(`"${reason}"`) && !source.includes(`'${reason}'`)),
    [],
  );
});

test("every metric", async (test) => {
  const { url } = await node(test);
  const metrics = await (
    await reach(`${url}/admin/metrics`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } })
  ).text();
  const names = documented("Metrics").map((name) => name.replace(/\{.*/, ""));
  assert.deepEqual(sorted(names), sorted(matches(metrics, /^(icloud_ready_\w+)/gm)));
});

test("every admin route", async (test) => {
  const source = await readFile(join(packageFolder, "dist/forwarder/http/admin.js"), "utf8");
  const routes = documented("Admin API");
  const [, commands] = /COMMANDS = \[([^\]]+)\]/.exec(source);
  for (const command of matches(commands, /"(\w+)"/g))
    assert.ok(routes.includes(`POST /admin/leads/ID/${command}`), command);
  for (const kind of matches(source, /kind === "(\w+)"/g))
    assert.ok(
      routes.some((route) => route.includes(`/admin/${kind}`)),
      kind,
    );
  const { url } = await node(test);
  for (const route of routes) {
    const [method, path] = route.split(" ");
    const wrong = await fetch(`${url}${path}`, {
      method: method === "GET" ? "POST" : "GET",
      headers: { authorization: `Bearer ${CONFIG.adminToken}` },
    });
    // The path exists, with another method than this; a path of a lead may be one without that lead.
    assert.ok(
      wrong.status === 405 || (path === "/admin/leads/ID" && wrong.status === 404),
      `${route}: ${wrong.status}`,
    );
  }
});
