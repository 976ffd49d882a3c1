// Visitors' personal data is in no log, metric or error, whatever fails.
import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { freePort } from "../support/port.mjs";
import { start } from "./support/server-process.mjs";
import { crm } from "./support/crm.mjs";
import { captureLog } from "./support/log.mjs";
import { CONFIG, inMemory, adminClient, node } from "./support/platforms.mjs";
import { body, postForm, postJson, reach } from "./support/requests.mjs";

const MARKED = /Secretperson|9998887|secret@example|sandbox-api-key|an-admin-token|203\.0\.113\.77/;
const SECRET = {
  leadInformation: { firstName: "Secretperson", phone: "+201009998887", email: "secret@example.com" },
  leadOwner: "Secretperson",
};

test("a key function whose error quotes the key pauses the outbox, and the key is not leaked", async (test) => {
  const logged = captureLog(test);
  const { leads, admin } = await node(
    test,
    { crm: CONFIG.crm },
    {
      key() {
        throw new Error("no response from sandbox-api-key");
      },
    },
  );
  await postJson(leads);
  await waitUntil("the pause", async () => (await admin("../health")).body.pauseReason === "token_error");
  await waitUntil("the alert", () => /"kind":"paused","reason":"token_error"/.test(logged.join("\n")));
  assert.doesNotMatch(logged.join("\n"), MARKED);
});

test("an option function whose error quotes a secret does not leak it in responses or logs", async (test) => {
  const logged = captureLog(test);
  const failing = () => {
    throw new Error("no binding sandbox-api-key");
  };
  for (const option of ["adminToken", "crm", "origins"]) {
    const { leads } = await inMemory(test, { [option]: failing });
    const response = await postJson(leads);
    assert.equal(response.status, 500, option);
    assert.doesNotMatch(`${[...response.headers].join()} ${await response.text()}`, MARKED);
    assert.match(logged.at(-1), new RegExp(`\\b${option} is a function that threw Error`));
  }
  assert.equal(logged.length, 3);
  assert.doesNotMatch(logged.join("\n"), MARKED);
});

for (const kind of ["node", "workerd"]) {
  test(`${kind}: leads, faults, rejections and crashes leave personal data in the outbox only`, async (test) => {
    const sandbox = await crm(test);
    const folder = await mkdtemp(join(tmpdir(), "icloud-ready-privacy-"));
    const logged = [];
    const options = { folder, port: await freePort(), config: { ...CONFIG, ...sandbox.config } };
    const server = await start(kind, options, (text) => logged.push(text));
    test.after(async () => {
      server.kill();
      await server.gone;
      await rm(folder, { recursive: true, maxRetries: 5 });
    });
    const { leads, url, admin, list } = adminClient(server.url, {});
    await sandbox.faults([
      {
        path: "/leads",
        times: 1,
        action: { kind: "status", status: 400, body: { message: "Secretperson is refused" } },
      },
      { path: "/leads", times: 1, action: { kind: "status", status: 500, body: "Secretperson" } },
      { path: "/leads", times: 1, action: { kind: "html" } },
      { path: "/leads", times: 1, action: { kind: "cut", when: "after" } },
    ]);
    const responses = [];
    const note = async (response) => responses.push(`${[...response.headers].join()} ${await response.text()}`);
    for (let index = 0; index < 6; index++)
      await note(await postJson(leads, body({ lead: SECRET }), { "cf-connecting-ip": "203.0.113.77" }));
    await note(await postJson(leads, body({ lead: { ...SECRET, dealSize: "Secretperson" } })));
    await note(await postJson(leads, '{"lead":"Secretperson'));
    await note(await postJson(leads, body({ lead: SECRET }), { origin: "https://secretperson.example" }));
    await note(
      await postForm(leads, { "leadInformation.firstName": "Mona", "leadInformation.phone": "+201001112223" }),
    );
    // The alert of the dead letter is logged, so the output is captured.
    await waitUntil("the alert", async () => /"event":"alert"/.test(logged.join("\n")));
    await waitUntil("the end", async () =>
      (await list()).every(({ state }) => state === "delivered" || state === "dead"),
    );
    const health = await reach(`${url}/health`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } });
    const metrics = await reach(`${url}/admin/metrics`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } });
    responses.push(
      await health.text(),
      await metrics.text(),
      JSON.stringify(await list()),
      JSON.stringify(await admin("leads/unknown-0001")),
    );
    assert.doesNotMatch(responses.join("\n"), MARKED);
    assert.doesNotMatch(logged.join("\n"), MARKED);
    if (kind === "node") {
      for (const end of ["", "-wal", "-shm"])
        assert.equal((await stat(join(folder, `outbox.sqlite${end}`))).mode & 0o777, 0o600);
    }
  });
}
