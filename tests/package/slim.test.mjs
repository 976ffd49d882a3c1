// The wasm as a caller can pass it to `icloud-ready/slim`.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { LEAD } from "./support/helpers.mjs";
import { entry, freshCopy } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const file = new URL(entry("icloud-ready.wasm"));
const bytes = await readFile(file);
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

/** Each form, created where `served` is the wasm's URL over HTTP. */
const FORMS = {
  "a module": () => new WebAssembly.Module(bytes),
  "bytes of Node's": () => bytes,
  "an array of bytes": () => new Uint8Array(buffer),
  "a buffer": () => buffer,
  "a response": () => new Response(bytes, { headers: { "content-type": "text/plain" } }),
  "a file's address": () => file,
  "an address": (served) => new URL(served),
  "a promise of a module": async () => new WebAssembly.Module(bytes),
  "a promise of a response": async () => new Response(bytes),
  "a promise of an address": async (served) => new URL(served),
};

/** A client of a copy whose wasm is not loaded yet. */
async function slim(t) {
  const { folder, remove } = await freshCopy(["package.json", "dist", "wasm"]);
  t.after(remove);
  const { ICloudReady } = await import(new URL("dist/slim.js", folder));
  const recorder = await record(t, ({ path }) => (path.endsWith(".wasm") ? { body: bytes } : { body: { _id: "1" } }));
  const served = `${recorder.origin}/icloud-ready.wasm`;
  const client = (wasm, more) => new ICloudReady({ baseURL: recorder.url, accessToken: "t", wasm, ...more });
  const { wasm } = await import(new URL("dist/loader/modules/client.js", folder));
  return { client, recorder, served, isLoaded: () => wasm.ready() === undefined };
}

for (const [name, form] of Object.entries(FORMS)) {
  test(name, async (t) => {
    const { client, served } = await slim(t);
    assert.equal((await client(form(served)).leads.create(LEAD))._id, "1");
  });
}

test("a URL without wasm is an error, and a later call recovers", async (t) => {
  const { client, recorder, served } = await slim(t);
  const crm = client(new URL(served));
  const script = recorder.script;
  for (const response of [{ status: 404, body: "<html>" }, { body: "<html>" }, { cut: true }]) {
    recorder.script = response;
    await assert.rejects(crm.leads.create(LEAD), ({ name, attempts, message }) => {
      assert.deepEqual([name, attempts], ["ConnectionError", 0]);
      return message.includes("icloud-ready.wasm") && message.includes("wasm-unsafe-eval");
    });
  }
  recorder.script = script;
  recorder.clear();
  await Promise.all(Array.from({ length: 5 }, () => crm.leads.create(LEAD)));
  assert.equal(recorder.requests.filter(({ path }) => path.endsWith(".wasm")).length, 1);
});

test("a load that timed out and completes later does not affect calls in progress", { timeout: 120_000 }, async (t) => {
  const { client, recorder, isLoaded } = await slim(t);
  const [early, late, response] = [deferred(), deferred(), deferred()];
  await assert.rejects(client(early.promise, { timeout: 20 }).leads.create(LEAD), { code: "timeout" });
  const second = client(late.promise);
  const waiting = second.leads.create(LEAD);
  early.resolve(bytes);
  await waitUntil("the first load", isLoaded);
  recorder.script = () => response.promise;
  const underWay = second.leads.create(LEAD);
  await waitUntil("the call", () => recorder.requests.length === 1);
  late.resolve(bytes);
  await waitUntil("the call that waited for the second load", () => recorder.requests.length === 2);
  response.resolve({ body: { _id: "1" } });
  assert.deepEqual(await Promise.all([underWay, waiting]), [{ _id: "1" }, { _id: "1" }]);
});

function deferred() {
  let resolve;
  const promise = new Promise((resolved) => (resolve = resolved));
  return { promise, resolve };
}
