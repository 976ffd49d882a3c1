// The operator's reference in docs/forwarder.md against the code.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { CONFIG, node } from "./support/platforms.mjs";
import { SOURCES } from "./support/senders.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { reach } from "./support/requests.mjs";

const text = await readFile(new URL("../../docs/forwarder.md", import.meta.url), "utf8");

/** The first two cells of the table in a section of the reference, without backticks and what follows them. */
function rowsOf(section) {
  const [, body = ""] = text.split(`\n### ${section}\n`);
  const rows = body
    .split("\n#")[0]
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  assert.ok(rows.length, section);
  return rows.map((row) => {
    const [, first, second] = /^\| `([^`]+)`[^|]*\| *([^|]*?) *\|/.exec(row);
    return [first, second];
  });
}

const documented = (section) => rowsOf(section).map(([name]) => name);
const part = (path) => import(join(packageFolder, path));

const sorted = (names) => [...new Set(names)].sort();
const declarations = (file) => readFile(join(packageFolder, "dist/forwarder", file), "utf8");
const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

test("every state is documented", async () => {
  const [, union] = /type LeadState = ([^;]+);/.exec(await declarations("outbox/contract.d.ts"));
  assert.deepEqual(sorted(documented("States")), sorted(matches(union, /"(\w+)"/g)));
});

test("every alert is documented", async () => {
  const [, union] = /type Alert = ([^]+?);\n(?:export|\/\*\*)/.exec(await declarations("outbox/contract.d.ts"));
  const kinds = matches(union, /kind: ((?:"\w+"(?: \| )?)+);/g).flatMap((kinds) => matches(kinds, /"(\w+)"/g));
  assert.deepEqual(sorted(documented("Alerts")), sorted(kinds));
});

test("every reason is documented", async () => {
  const folder = new URL("../../src/outbox/", import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => file.endsWith(".rs") && file !== "schema.rs",
  );
  const source = (await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")))).join("\n");
  const reasons = documented("Reasons");
  // Reasons that the code sets as literals; the others are constants.
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

test("every metric is documented", async (test) => {
  const { url } = await node(test, { sources: SOURCES });
  const metrics = await (
    await reach(`${url}/admin/metrics`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } })
  ).text();
  const names = documented("Metrics").map((name) => name.replace(/\{.*/, ""));
  assert.deepEqual(sorted(names), sorted(matches(metrics, /^# TYPE (icloud_ready_\w+)/gm)));
  // Each says what it means.
  assert.deepEqual(sorted(names), sorted(matches(metrics, /^# HELP (icloud_ready_\w+) \S/gm)));
});

test("every admin route is documented, with its token, and exists", async (test) => {
  const { ADMIN_ROUTES } = await part("dist/forwarder/http/admin/routes.js");
  const rows = rowsOf("Admin API");
  const routes = rows.map(([route, role]) => `${route} ${role}`);
  const expected = ADMIN_ROUTES.map(({ method, path, role }) => `${method} /admin${path} ${role}`);
  assert.deepEqual(sorted(routes), sorted(expected));
  const { url } = await node(test);
  for (const [route] of rows) {
    const [method, path] = route.split(" ");
    const notAllowed = await reach(`${url}${path}`, {
      method: method === "GET" ? "POST" : "PUT",
      headers: { authorization: `Bearer ${CONFIG.adminToken}` },
    });
    assert.equal(notAllowed.status, 405, route);
    assert.equal(notAllowed.headers.get("allow"), method, route);
  }
});

test("every log event is documented with its level", async () => {
  const { LOG_EVENTS } = await part("dist/forwarder/outbox/log.js");
  assert.deepEqual(Object.fromEntries(rowsOf("Log events")), LOG_EVENTS);
  // None is declared and never logged.
  const folder = new URL("../../pkg-template/src/forwarder/", import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  const source = (await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")))).join("\n");
  for (const event of Object.keys(LOG_EVENTS)) assert.match(source, new RegExp(`og\\(\\s*"${event}"`), event);
});
