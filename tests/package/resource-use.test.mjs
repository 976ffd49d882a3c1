// The cost of a call: it creates only objects that it needs, and nothing happens before it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { client, LEAD } from "./support/helpers.mjs";
import { entry, icloudReady } from "./support/package.mjs";

const run = promisify(execFile);

/** Counts the objects created during some work, with counting globals. */
async function counting(t, work) {
  const counts = {};
  const restore = [];
  const replace = (owner, name, make) => {
    const original = owner[name];
    owner[name] = make(original, () => (counts[name] = (counts[name] ?? 0) + 1));
    restore.push(() => (owner[name] = original));
  };
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    replace(
      globalThis,
      name,
      (original, count) =>
        (...args) => (count(), original(...args)),
    );
  }
  for (const name of ["AbortController", "Request", "Response", "Headers", "URL", "URLSearchParams"]) {
    replace(
      globalThis,
      name,
      (original, count) => new Proxy(original, { construct: (target, args) => (count(), new target(...args)) }),
    );
  }
  replace(
    AbortSignal,
    "timeout",
    (original, count) =>
      (...args) => (count(), original.apply(AbortSignal, args)),
  );
  replace(
    Response.prototype,
    "clone",
    (original, count) =>
      function () {
        count();
        return original.call(this);
      },
  );
  try {
    await work();
  } finally {
    restore.reverse().forEach((undo) => undo());
  }
  return counts;
}

/** A response that exists already, since creating one would be counted. */
const responses = (count) => {
  const ready = Array.from({ length: count }, () => new Response('{"_id":"1"}'));
  return async () => ready.pop();
};

test("a call without timeouts creates no timer, AbortController, Request or clone", async (t) => {
  const crm = client("http://127.0.0.1:1", { timeout: 0, totalTimeout: 0, fetch: responses(9), rateLimit: {} });
  await crm.leads.create(LEAD);
  const { signal } = new AbortController();
  const counts = await counting(t, async () => {
    await crm.leads.create(LEAD);
    await crm.leads.retrieve("1", { signal });
    await crm.leads.create(LEAD, { submissionId: "submission-1" });
    await crm.request({ method: "GET", path: "/x/{a}", params: { a: "b" }, query: { c: "d" } });
  });
  assert.deepEqual(counts, {});
});

test("a call with a timeout creates one timer, and reuses the AbortController of an earlier call", async (t) => {
  const crm = client("http://127.0.0.1:1", { fetch: responses(3) });
  await crm.leads.create(LEAD);
  assert.deepEqual(await counting(t, () => crm.leads.create(LEAD)), { setTimeout: 1 });
});

test("a signal serves one request at a time, only a few in all, and none after it aborted", async () => {
  const uses = new Map();
  const inUse = new Set();
  const abortedBefore = [];
  let isSlow = false;
  const crm = client("http://127.0.0.1:1", {
    maxRetries: 0,
    rateLimit: false,
    fetch: async (_, { signal }) => {
      assert.ok(!inUse.has(signal), "two requests at once have one signal");
      if (signal.aborted) abortedBefore.push(signal);
      inUse.add(signal);
      uses.set(signal, (uses.get(signal) ?? 0) + 1);
      await (isSlow ? once(signal, "abort") : delay(1));
      inUse.delete(signal);
      return new Response('{"_id":"1"}');
    },
  });
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 8 }, () => crm.leads.create(LEAD)));
    isSlow = round % 5 === 0;
    if (isSlow) await assert.rejects(crm.leads.create(LEAD, { timeout: 100 }), { code: "timeout" });
    isSlow = false;
  }
  assert.deepEqual(abortedBefore, []);
  assert.ok(uses.size >= 10, `${uses.size} signals`);
  assert.ok(Math.max(...uses.values()) <= 16, `one signal served ${Math.max(...uses.values())} requests`);
});

test("an idle limiter has no timer, and no call keeps the process alive", async () => {
  const script = `
    const { ICloudReady } = await import(${JSON.stringify(entry())});
    const crm = new ICloudReady({ accessToken: "t", baseURL: "http://127.0.0.1:1", fetch: async () => new Response('{"_id":"1"}') });
    await crm.leads.create(${JSON.stringify(LEAD)});
    console.log(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { timeout: 60_000 });
  assert.equal(stdout, "0\n");
});

test("importing and constructing read, fetch and compile nothing; many clients load one wasm", async () => {
  const { size } = await stat(new URL(entry("icloud-ready.wasm")));
  const script = `
    import fs from "node:fs";
    const counts = { read: 0, fetch: 0, compile: 0, instance: 0, timer: 0 };
    const count = (owner, name, what, only = () => true) => {
      const original = owner[name];
      owner[name] = (...args) => ((counts[what] += only(...args)), original.apply(owner, args));
    };
    // Node reads scripts with it too.
    count(fs, "readFileSync", "read", (path) => String(path).endsWith(".wasm"));
    count(globalThis, "fetch", "fetch");
    count(globalThis, "setTimeout", "timer");
    // Node's own \`fetch\` compiles a module too.
    const ours = (source) => source.byteLength === ${size};
    for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming"]) count(WebAssembly, name, "compile", ours);
    for (const [name, what] of [["Module", "compile"], ["Instance", "instance"]]) {
      WebAssembly[name] = new Proxy(WebAssembly[name], { construct: (target, args) => (counts[what]++, new target(...args)) });
    }
    const snapshots = [];
    const snapshot = () => snapshots.push({ ...counts });
    const { ICloudReady, preload } = await import(${JSON.stringify(entry())});
    const answer = async () => new Response('{"_id":"1"}');
    const clients = Array.from({ length: 20 }, () => new ICloudReady({ accessToken: "t", baseURL: "http://127.0.0.1:1", fetch: answer }));
    clients.push(clients[0].withOptions({ timeout: 5_000 }));
    clients[0].leads.list();
    snapshot();
    await Promise.all(clients.map((crm) => crm.leads.create(${JSON.stringify(LEAD)})));
    await preload();
    await preload();
    snapshot();
    console.log(JSON.stringify(snapshots));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { timeout: 60_000 });
  const [before, after] = JSON.parse(stdout);
  assert.deepEqual(before, { read: 0, fetch: 0, compile: 0, instance: 0, timer: 0 });
  assert.deepEqual([after.read, after.compile, after.instance], [1, 1, 1]);
});

test("destructured methods work", async () => {
  const crm = client("http://127.0.0.1:1", { fetch: responses(6) });
  const { create, retrieve, list, createMany, notes } = crm.leads;
  const { request, withOptions, signIn } = crm;
  assert.equal((await create(LEAD))._id, "1");
  assert.equal((await retrieve("1"))._id, "1");
  assert.equal(typeof list().toArray, "function");
  assert.equal((await createMany([LEAD]).next()).value.status, "created");
  assert.equal((await notes.create("1", {}))._id, "1");
  assert.equal((await request({ method: "GET", path: "/x" }))._id, "1");
  assert.equal((await withOptions({ timeout: 50_000 }).leads.retrieve("1"))._id, "1");
  assert.equal(typeof signIn, "function");
  await icloudReady.preload();
});
