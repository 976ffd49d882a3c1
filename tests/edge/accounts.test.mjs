// Several accounts on Cloudflare, and Durable Object bindings that fail.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { captureLog } from "./support/log.mjs";
import { arrived, counted, crm } from "./support/crm.mjs";
import { CONFIG } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, ORIGIN, postJson } from "./support/requests.mjs";
import { bundle, SETTINGS, startWorker } from "../../tools/workerd.mjs";

const { createForwarder } = await import(join(packageFolder, "runtime/forwarder-node.js"));

test("workerd: one Worker serves two accounts, and never mixes their leads", async (test) => {
  const [cairo, dubai] = [await crm(test), await crm(test)];
  const { url, close } = await startWorker({
    ...SETTINGS,
    modules: await bundle(fileURLToPath(new URL("support/worker/accounts.js", import.meta.url))),
    bindings: { CONFIG: { origins: [ORIGIN], cairo: cairo.config.crm, dubai: dubai.config.crm } },
    durableObjects: { LEAD_OUTBOX: { className: "LeadOutbox", useSQLite: true } },
  });
  test.after(close);
  const lead = (firstName) => ({ leadInformation: { firstName, phone: "+201001234567" } });
  // The same ids in both accounts: they are two leads.
  const ids = Array.from({ length: 10 }, (_, index) => `account-lead-${index}`);
  for (const submissionId of ids) {
    for (const [path, name] of [
      ["cairo", "Mona"],
      ["dubai", "Omar"],
    ]) {
      const response = await postJson(`${url}/${path}/leads`, body({ submissionId, lead: lead(name) }));
      assert.deepEqual([response.status, (await response.json()).status], [202, "accepted"]);
    }
  }
  for (const [sandbox, name] of [
    [cairo, "Mona"],
    [dubai, "Omar"],
  ]) {
    await arrived(sandbox, ids);
    assert.equal(Object.keys(await counted(sandbox)).length, 10);
    assert.ok((await sandbox.leads()).every(({ leadInformation }) => leadInformation.firstName === name));
  }
});

/** A Durable Object binding with errors that workerd does not produce here: `answer` responds for the object. */
function binding(response) {
  const calls = [];
  const namespace = (place) => ({
    jurisdiction: (name) => namespace(name),
    idFromName: (name) => `${place}:${name}`,
    get: (id) => {
      const stub = {};
      return {
        call: async (_outbox, method) => (calls.push([id, method, stub]), JSON.stringify(response(calls.length))),
      };
    },
  });
  return { calls, LEAD_OUTBOX: namespace("anywhere") };
}

const accepted = { outcome: "accepted", submissionId: "a-lead-0001" };
const post = (forwarder, env) =>
  forwarder.fetch(
    new Request("https://leads.example/leads", {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN },
      body: JSON.stringify(body()),
    }),
    env,
  );

test("leads are stored in the configured jurisdiction", async () => {
  for (const [jurisdiction, place] of [
    ["eu", "eu"],
    [undefined, "anywhere"],
  ]) {
    const env = binding(() => accepted);
    assert.equal((await post(createForwarder({ ...CONFIG, outbox: "cairo", jurisdiction }), env)).status, 202);
    assert.deepEqual(
      env.calls.map(([id, method]) => [id, method]),
      [[`${place}:cairo`, "enqueue"]],
    );
  }
});

test("a request to a moved Durable Object is retried once through a new stub; a request to an overloaded one is not", async (test) => {
  captureLog(test);
  for (const [error, asks, status] of [
    [{ retryable: true }, 2, 202],
    [{ retryable: true, overloaded: true }, 1, 503],
    [{}, 1, 503],
  ]) {
    const env = binding((time) => {
      if (time === 1) throw Object.assign(new Error("broken"), error);
      return accepted;
    });
    assert.equal((await post(createForwarder(CONFIG), env)).status, status, JSON.stringify(error));
    assert.equal(new Set(env.calls.map(([, , stub]) => stub)).size, asks);
  }
});
