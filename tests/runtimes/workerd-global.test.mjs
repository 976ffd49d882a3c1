// One client for all requests of a worker: what becomes of the others when the caller of the first
// goes away while the client loads, refreshes its token, or waits for the limiter.

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
  test(`during the load${slim ? " of a promised module" : ""}`, { timeout }, async (test) => {
    const { sandbox, create, state } = await start(test, { slim });
    const first = create("first", "own");
    await others(sandbox, create);
    assert.equal((await first).status, 500);
    assert.deepEqual((await state()).failed, ["AbortError"]);
  });
}

// A caller that went away: the runtime drops what it runs for it, with or without telling the call.
for (const signal of ["none", "request"]) {
  test(`during the refresh of a token, the call's signal: ${signal}`, { timeout }, async (test) => {
    const { sandbox, server, create } = await start(test);
    assert.equal((await create("before")).status, 200);
    await sandbox.tokens({ revoke: [server.token] });
    server.holdToken();
    const first = create("first", signal, server.leave);
    await server.tokenHeld;
    const rest = others(sandbox, create, 1);
    server.tellToLeave();
    assert.equal(await (await first).text(), "gone");
    await rest;
  });

  test(`during the limiter's wait, the call's signal: ${signal}`, { timeout }, async (test) => {
    const { sandbox, server, create, state } = await start(test, { options: { maxRetries: 0 } });
    const action = { kind: "status", status: 429, headers: { "retry-after": "10" } };
    await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action }]);
    // The limiter is closed from now on, for as long as all of them need to come.
    assert.match(await (await create("before")).text(), /^RateLimitError/);
    const first = create("first", signal, server.leave);
    await waitUntil("the calls that begin", async () => (await state()).begun === 2);
    const rest = others(sandbox, create);
    await waitUntil("the calls that begin", async () => (await state()).begun === 1 + COUNT);
    server.tellToLeave();
    assert.equal(await (await first).text(), "gone");
    await rest;
  });
}

test("creates with one submission id in many requests make one lead", { timeout }, async (test) => {
  const { sandbox, create, state } = await start(test);
  await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "delay", ms: 3_000 } }]);
  const answers = Array.from({ length: COUNT }, () => create("same", "none", undefined, "submission-1"));
  const leads = await Promise.all(answers.map(async (answer) => (await answer).json()));
  assert.equal(new Set(leads.map(({ _id }) => _id)).size, 1);
  assert.deepEqual([(await sandbox.leads()).length, (await state()).failed], [1, []]);
});

for (const signal of ["none", "request"]) {
  test(
    `the caller of the first of two creates with one submission id goes away, its signal: ${signal}`,
    { timeout },
    async (test) => {
      const { sandbox, server, create, state } = await start(test, { options: { timeout: 3_000 } });
      assert.equal((await create("before", "none", undefined, "submission-0")).status, 200);
      await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "hang", when: "after" } }]);
      const first = create("same", signal, server.leave, "submission-1");
      await waitUntil("the leads", async () => (await sandbox.leads()).length === 2);
      const rest = Array.from({ length: 3 }, () => create("same", "none", undefined, "submission-1"));
      await waitUntil("the calls that begin", async () => (await state()).begun === 5);
      server.tellToLeave();
      assert.equal(await (await first).text(), "gone");
      for (const answer of rest) assert.equal((await answer).status, 200);
      assert.equal((await sandbox.leads()).length, 2);
    },
  );
}

/** A worker with a global client, its sandbox, and a server for it. */
async function start(test, { slim = false, options = {} } = {}) {
  const sandbox = await startSandbox(test);
  const server = await serve(test, sandbox);
  const settings = { slim, options, baseURL: sandbox.url, tokens: server.tokens };
  const texts = { "settings.mjs": `export default ${JSON.stringify(settings)};\n` };
  const worker = await bundled(test, await folder(test, ["cells/global.mjs"], texts), "global.mjs");
  return {
    sandbox,
    server,
    /** Has it create a lead. `leave`: what its caller asks for when to go away. */
    create: (name, signal = "none", leave = undefined, id = undefined) =>
      worker(`/?${new URLSearchParams({ name, signal, ...(id && { id }) })}`, { headers: leave ? { leave } : {} }),
    state: async () => (await worker("/state")).json(),
  };
}

/** All requests but the first: each must answer with its own lead, made once. */
async function others(sandbox, create, before = 0) {
  const names = Array.from({ length: COUNT - 1 }, (_, index) => `lead ${index}`);
  const one = async (name) => {
    const answer = await create(name);
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    assert.equal(JSON.parse(text).leadInformation.firstName, name);
  };
  await Promise.all(names.map(one));
  const there = (await sandbox.leads()).slice(before).map(({ leadInformation }) => leadInformation.firstName);
  assert.deepEqual(there.sort(), names.sort());
}
