// What a call does not cost: nothing is made that it does not need, and nothing happens before it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { client, LEAD } from "./support/helpers.mjs";
import { entry, icloudReady } from "./support/package.mjs";

const run = promisify(execFile);

/** Counts what is made during some work, by globals that count. */
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
        (...given) => (count(), original(...given)),
    );
  }
  for (const name of ["AbortController", "Request", "Response", "Headers", "URL", "URLSearchParams"]) {
    replace(
      globalThis,
      name,
      (original, count) => new Proxy(original, { construct: (target, given) => (count(), new target(...given)) }),
    );
  }
  replace(
    AbortSignal,
    "timeout",
    (original, count) =>
      (...given) => (count(), original.apply(AbortSignal, given)),
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

/** A response that is there already, since making one would be counted. */
const answers = (count) => {
  const made = Array.from({ length: count }, () => new Response('{"_id":"1"}'));
  return async () => made.pop();
};

test("a call without a clock makes no timer, no controller, no request, no clone", async (t) => {
  const crm = client("http://127.0.0.1:1", { timeout: 0, totalTimeout: 0, fetch: answers(9), rateLimit: {} });
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

test("a call with a clock makes one timer and one controller", async (t) => {
  const crm = client("http://127.0.0.1:1", { fetch: answers(3) });
  await crm.leads.create(LEAD);
  assert.deepEqual(await counting(t, () => crm.leads.create(LEAD)), { setTimeout: 1, AbortController: 1 });
});

test("an idle limiter keeps no timer, and no call keeps the process", async () => {
  const script = `
    const { ICloudReady } = await import(${JSON.stringify(entry())});
    const crm = new ICloudReady({ accessToken: "t", baseURL: "http://127.0.0.1:1", fetch: async () => new Response('{"_id":"1"}') });
    await crm.leads.create(${JSON.stringify(LEAD)});
    console.log(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { timeout: 60_000 });
  assert.equal(stdout, "0\n");
});

test("importing and constructing read nothing, fetch nothing and compile nothing; many clients load one wasm", async () => {
  const { size } = await stat(new URL(entry("icloud-ready.wasm")));
  const script = `
    import fs from "node:fs/promises";
    import { syncBuiltinESMExports } from "node:module";
    const counts = { read: 0, fetch: 0, compile: 0, instance: 0, timer: 0 };
    const count = (owner, name, what, only = () => true) => {
      const original = owner[name];
      owner[name] = (...given) => ((counts[what] += only(...given)), original.apply(owner, given));
    };
    // Node reads scripts with it too.
    count(fs, "readFile", "read", (path) => String(path).endsWith(".wasm"));
    syncBuiltinESMExports();
    count(globalThis, "fetch", "fetch");
    count(globalThis, "setTimeout", "timer");
    // Node's own \`fetch\` compiles a module too.
    const ours = (source) => source.byteLength === ${size};
    for (const name of ["compile", "instantiate", "compileStreaming", "instantiateStreaming"]) count(WebAssembly, name, "compile", ours);
    for (const [name, what] of [["Module", "compile"], ["Instance", "instance"]]) {
      WebAssembly[name] = new Proxy(WebAssembly[name], { construct: (target, given) => (counts[what]++, new target(...given)) });
    }
    const told = [];
    const tell = () => told.push({ ...counts });
    const { ICloudReady, preload } = await import(${JSON.stringify(entry())});
    const answer = async () => new Response('{"_id":"1"}');
    const clients = Array.from({ length: 20 }, () => new ICloudReady({ accessToken: "t", baseURL: "http://127.0.0.1:1", fetch: answer }));
    clients.push(clients[0].withOptions({ timeout: 5_000 }));
    clients[0].leads.list();
    tell();
    await Promise.all(clients.map((crm) => crm.leads.create(${JSON.stringify(LEAD)})));
    await preload();
    await preload();
    tell();
    console.log(JSON.stringify(told));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { timeout: 60_000 });
  const [before, after] = JSON.parse(stdout);
  assert.deepEqual(before, { read: 0, fetch: 0, compile: 0, instance: 0, timer: 0 });
  assert.deepEqual([after.read, after.compile, after.instance], [1, 1, 1]);
});

test("methods work torn off", async () => {
  const crm = client("http://127.0.0.1:1", { fetch: answers(6) });
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
