// One client for all requests of a Worker: what happens to the others when the caller of the first disconnects while
// the client loads, refreshes its token, or waits for the limiter.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { startSandbox } from "../../tools/sandbox.mjs";
import { serve } from "./support/global-server.mjs";
import { folder } from "./support/project.mjs";
import { bundled } from "./support/workerd.mjs";

const COUNT = 50;
const timeout = 300_000;

for (const slim of [false, true]) {
  test(
    `calls survive a caller that leaves while the wasm loads${slim ? " from a promised module" : ""}`,
    { timeout },
    async (test) => {
      const { sandbox, create, state } = await start(test, { slim });
      const first = create("first", "own");
      await others(sandbox, create);
      assert.equal((await first).status, 500);
      assert.deepEqual((await state()).failed, ["AbortError"]);
    },
  );
}

// The caller disconnected: the runtime drops what it runs for it, with or without aborting the call.
for (const signal of ["none", "request"]) {
  test(
    `calls survive a caller that leaves during a token refresh, its signal: ${signal}`,
    { timeout },
    async (test) => {
      const { sandbox, server, create } = await start(test);
      assert.equal((await create("before")).status, 200);
      await sandbox.tokens({ revoke: [server.token] });
      server.holdToken();
      const first = create("first", signal, server.leave);
      await server.tokenHeld;
      const rest = others(sandbox, create, 1);
      server.signalLeave();
      assert.equal(await (await first).text(), "gone");
      await rest;
    },
  );

  test(
    `calls survive a caller that leaves while waiting for the limiter, its signal: ${signal}`,
    { timeout },
    async (test) => {
      const { sandbox, server, create, state } = await start(test, { options: { maxRetries: 0 } });
      const action = { kind: "status", status: 429, headers: { "retry-after": "10" } };
      await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action }]);
      // The limiter is closed from now on, for as long as all of them need to arrive.
      assert.match(await (await create("before")).text(), /^RateLimitError/);
      const first = create("first", signal, server.leave);
      await waitUntil("the calls that begin", async () => (await state()).begun === 2);
      const rest = others(sandbox, create);
      await waitUntil("the calls that begin", async () => (await state()).begun === 1 + COUNT);
      server.signalLeave();
      assert.equal(await (await first).text(), "gone");
      await rest;
    },
  );
}

test("creates with one submission id in many requests make one lead", { timeout }, async (test) => {
  const { sandbox, create, state } = await start(test);
  await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "delay", ms: 6_000 } }]);
  const responses = Array.from({ length: COUNT }, () => create("same", "none", undefined, "submission-1"));
  const leads = await Promise.all(responses.map(async (response) => (await response).json()));
  assert.equal(new Set(leads.map(({ _id }) => _id)).size, 1);
  assert.deepEqual([(await sandbox.leads()).length, (await state()).failed], [1, []]);
});

for (const signal of ["none", "request"]) {
  test(
    `calls survive the caller of the first of two creates with one submission id leaving, its signal: ${signal}`,
    { timeout },
    async (test) => {
      const { sandbox, server, create, state } = await start(test, { options: { timeout: 6_000 } });
      assert.equal((await create("before", "none", undefined, "submission-0")).status, 200);
      await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "hang", when: "after" } }]);
      const first = create("same", signal, server.leave, "submission-1");
      await waitUntil("the leads", async () => (await sandbox.leads()).length === 2);
      const rest = Array.from({ length: 3 }, () => create("same", "none", undefined, "submission-1"));
      await waitUntil("the calls that begin", async () => (await state()).begun === 5);
      server.signalLeave();
      assert.equal(await (await first).text(), "gone");
      for (const response of rest) assert.equal((await response).status, 200);
      assert.equal((await sandbox.leads()).length, 2);
    },
  );
}

/** A Worker with a global client, its sandbox, and a server for it. */
async function start(test, { slim = false, options = {} } = {}) {
  const sandbox = await startSandbox(test);
  const server = await serve(test, sandbox);
  const settings = { slim, options, baseURL: sandbox.url, tokens: server.tokens };
  const texts = { "settings.mjs": `export default ${JSON.stringify(settings)};\n` };
  const worker = await bundled(test, await folder(test, ["cells/global.mjs"], texts), "global.mjs");
  return {
    sandbox,
    server,
    /** Makes it create a lead. `leave`: the URL that its caller requests before it disconnects. */
    create: (name, signal = "none", leave = undefined, id = undefined) =>
      worker(`/?${new URLSearchParams({ name, signal, ...(id && { id }) })}`, { headers: leave ? { leave } : {} }),
    state: async () => (await worker("/state")).json(),
  };
}

/** All requests but the first: each must return its own lead, created once. */
async function others(sandbox, create, before = 0) {
  const names = Array.from({ length: COUNT - 1 }, (_, index) => `lead ${index}`);
  const one = async (name) => {
    const response = await create(name);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.equal(JSON.parse(text).leadInformation.firstName, name);
  };
  await Promise.all(names.map(one));
  const there = (await sandbox.leads()).slice(before).map(({ leadInformation }) => leadInformation.firstName);
  assert.deepEqual(there.sort(), names.sort());
}
