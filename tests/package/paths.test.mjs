// No id and no path can change which endpoint is called, or on which server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";

const IDS = [
  "../admin",
  "a/b",
  "%2e%2e",
  "%2E",
  "a?b",
  "a#b",
  "a\\b",
  "..%2f",
  "x".repeat(10_240),
  "a\u0000",
  "😀",
  "\ud800",
  " a",
  "\r\na",
  "a%00",
  "{id}",
  "...",
  "..;",
  "%",
  "+",
  "&=",
  "//",
  "http://evil",
  "@",
  ":",
  "é",
  "\u202ea",
  "constructor",
  "__proto__",
];
const REFUSED = ["", ".", "..", " ", "\r\n", "\u0000", "\u00a0", "\u202e"];
const NO_IDS = [undefined, null, 5, 0, NaN, {}, [], ["a"], true, Symbol("s"), 1n, () => "id", new String("boxed")];

/** Every call that takes ids, as `[call, path with * for each id, names of the ids]`. */
const CALLS = [
  [(crm, a) => crm.leads.retrieve(a), "/leads/*", ["id"]],
  [(crm, a) => crm.leads.update(a, {}), "/leads/*", ["id"]],
  [(crm, a) => crm.leads.convert(a), "/leads/*/convert", ["id"]],
  [(crm, a) => crm.leads.delete(a), "/leads/deleted/*", ["id"]],
  [(crm, a, b) => crm.leads.notes.update(a, b, {}), "/leads/*/notes/*", ["leadId", "noteId"]],
  [(crm, a, b) => crm.leads.activities.delete(a, b), "/leads/*/activities/*", ["leadId", "activityId"]],
  [(crm, a) => crm.customers.delete(a), "/customers/*", ["id"]],
  [
    (crm, a, b) => crm.request({ method: "GET", path: "/x/{a}/{b}", params: { a, b } }),
    "/x/*/*",
    ["params.a", "params.b"],
  ],
];

test("an id never changes the shape of the path", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const crm = client(recorder);
  for (const [call, path, names] of CALLS) {
    for (const id of IDS) {
      recorder.clear();
      await call(crm, id, id);
      const [{ target }] = recorder.requests;
      const segments = target.split("/");
      assert.equal(segments.length, `/api/v2${path}`.split("/").length, target);
      `/api/v2${path}`.split("/").forEach((segment, index) => {
        if (segment !== "*") return assert.equal(segments[index], segment);
        assert.match(segments[index], /^([\w.~-]|%[0-9A-F]{2})+$/);
        assert.equal(decodeURIComponent(segments[index]), id.toWellFormed?.() ?? id.replace("\ud800", "\ufffd"));
        assert.doesNotMatch(segments[index], /^(\.|%2e){1,2}$/i);
      });
    }
    recorder.clear();
    for (const id of [...REFUSED, ...NO_IDS]) {
      // The type of `params` allows numbers.
      if (typeof id === "number" && names[0].startsWith("params")) continue;
      const error = await failure(() => call(crm, id, id), "ValidationError");
      assert.deepEqual(
        error.issues.map(({ path, code }) => [path, code]),
        names.map((name) => [name, "format"]),
        String(id),
      );
    }
    assert.equal(recorder.requests.length, 0);
  }
});

test("one invalid id of two is reported by its name", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  const error = await failure(crm.leads.notes.delete("1", ".."), "ValidationError");
  assert.deepEqual(
    error.issues.map(({ path }) => path),
    ["noteId"],
  );
  assert.equal(recorder.requests.length, 0);
});

const BAD_PATHS = [
  "//evil",
  "/\\evil",
  "\\evil",
  "/../x",
  "/x/..",
  "/./x",
  "/%2e%2e/x",
  "/%2E./x",
  "/.%2e",
  "/a?x",
  "/a#x",
  "https://evil",
  "http:/x",
  "",
  "x",
  " /x",
  "/x y",
  "/x\n",
  "/x\u0000",
  "/x//y",
  "/\t/evil",
  "/x\u007f",
  "javascript:1",
  "?x",
  "#x",
  "/{a}/..",
  // Some servers decode a path before they resolve it.
  "/..%2fx",
  "/x%2F..",
  "/%2e%2e%2Fx",
  "/x%5c..%5Cx",
  "/x/.%2f",
  "/%2f.",
];

test("a path that could lead elsewhere is rejected", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const path of [...BAD_PATHS, undefined, null, 5, {}, ["/x"], Symbol("s"), new URL("https://evil/")]) {
    const error = await failure(() => crm.request({ method: "GET", path, params: { a: "b" } }), "ValidationError");
    assert.ok(
      error.issues.some((issue) => issue.path === "path" && issue.code === "format"),
      `${String(path)}: ${error.message}`,
    );
    if (typeof path === "string" && path.length > 2) assert.ok(!error.message.includes(path), error.message);
  }
  assert.equal(recorder.requests.length, 0);
});

test("a parameter cannot complete a dot segment or an escape of the path", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  for (const [path, a] of [
    ["/{a}.", "."],
    ["/.{a}", "."],
    ["/%2{a}", "e"],
    ["/x/%2e{a}", "."],
    ["/{a}", "."],
  ]) {
    await failure(() => crm.request({ method: "GET", path, params: { a } }), "ValidationError");
  }
  assert.equal(recorder.requests.length, 0);
});

test("params and query of the wrong type are reported by their names", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  const call = (input) => crm.request({ method: "GET", path: "/x/{a}", params: { a: "1" }, ...input });
  for (const [input, path] of [
    [{ params: {} }, "params.a"],
    [{ params: { a: null } }, "params.a"],
    [{ params: { a: {} } }, "params.a"],
    [{ params: { a: "" } }, "params.a"],
    [{ query: { b: {} } }, "query.b"],
    [{ query: { b: [1] } }, "query.b"],
    [{ query: { b: null } }, "query.b"],
    [{ query: "b=1" }, "query"],
    [{ method: "TRACE" }, "method"],
    [{ method: "get" }, "method"],
    [{ method: undefined }, "method"],
    [{ method: "GET\r\nX: y" }, "method"],
  ]) {
    const error = await failure(() => call(input), "ValidationError");
    assert.deepEqual(
      error.issues.map((issue) => [issue.path, issue.code]),
      [[path, "format"]],
      JSON.stringify(input),
    );
  }
  assert.equal(recorder.requests.length, 0);
});

test("valid values are sent encoded, below the base URL's path", async (t) => {
  const recorder = await record(t);
  const crm = client(`${recorder.url}/prefix/`);
  await crm.request({
    method: "GET",
    path: "/a/{b}/c",
    params: { b: "d/é" },
    query: { "k&": "v=", n: 1, t: true, u: undefined },
  });
  await crm.request({ method: "DELETE", path: "/salesStages/5/" });
  await crm.request({ method: "GET", path: "/a/{n}", params: { n: 5 } });
  await crm.request({ method: "GET", path: "/a%2fb..%2f...%5cc/{n}", params: { n: "../d" } });
  assert.deepEqual(
    recorder.requests.map(({ method, target }) => `${method} ${target}`),
    [
      "GET /api/v2/prefix/a/d%2F%C3%A9/c?k%26=v%3D&n=1&t=true",
      "DELETE /api/v2/prefix/salesStages/5/",
      "GET /api/v2/prefix/a/5",
      "GET /api/v2/prefix/a%2fb..%2f...%5cc/..%2Fd",
    ],
  );
});
