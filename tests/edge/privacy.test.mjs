// What visitors say of themselves is in no log, metric or error, however much goes wrong.
import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { freePort } from "../support/port.mjs";
import { start } from "./support/crash.mjs";
import { crm } from "./support/crm.mjs";
import { CONFIG, inMemory, adminClient, node } from "./support/platforms.mjs";
import { body, postForm, postJson } from "./support/requests.mjs";

const MARKED = /Secretperson|9998887|secret@example|sandbox-api-key|an-admin-token|203\.0\.113\.77/;
const SECRET = {
  leadInformation: { firstName: "Secretperson", phone: "+201009998887", email: "secret@example.com" },
  leadOwner: "Secretperson",
};

/** What is said on the console from now on. */
function listening(test) {
  const said = [];
  for (const method of ["log", "info", "warn", "error", "debug"])
    test.mock.method(console, method, (...words) => said.push(words.join(" ")));
  return said;
}

test("a key's function whose error quotes the key pauses the outbox, and the key is not leaked", async (test) => {
  const said = listening(test);
  const { leads, admin } = await node(
    test,
    { crm: CONFIG.crm },
    {
      key() {
        throw new Error("no answer from sandbox-api-key");
      },
    },
  );
  await postJson(leads);
  await waitUntil("the pause", async () => (await admin("../health")).body.pauseReason === "token_error");
  await waitUntil("the alert", () => /"kind":"paused","reason":"token_error"/.test(said.join("\n")));
  assert.doesNotMatch(said.join("\n"), MARKED);
});

test("an option's function whose error quotes a secret is answered and reported without it", async (test) => {
  const said = listening(test);
  const failing = () => {
    throw new Error("no binding sandbox-api-key");
  };
  for (const option of ["adminToken", "crm", "origins"]) {
    const { leads } = await inMemory(test, { [option]: failing });
    const answer = await postJson(leads);
    assert.equal(answer.status, 500, option);
    assert.doesNotMatch(`${[...answer.headers].join()} ${await answer.text()}`, MARKED);
    assert.match(said.at(-1), new RegExp(`\\b${option} is a function that threw Error`));
  }
  assert.equal(said.length, 3);
  assert.doesNotMatch(said.join("\n"), MARKED);
});

for (const kind of ["node", "workerd"]) {
  test(`${kind}: leads, faults, refusals and crashes leave personal data in the outbox only`, async (test) => {
    const sandbox = await crm(test);
    const folder = await mkdtemp(join(tmpdir(), "icloud-ready-privacy-"));
    const said = [];
    const options = { folder, port: await freePort(), config: { ...CONFIG, ...sandbox.config } };
    const server = await start(kind, options, (text) => said.push(text));
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
    const answers = [];
    const note = async (answer) => answers.push(`${[...answer.headers].join()} ${await answer.text()}`);
    for (let index = 0; index < 6; index++)
      await note(await postJson(leads, body({ lead: SECRET }), { "cf-connecting-ip": "203.0.113.77" }));
    await note(await postJson(leads, body({ lead: { ...SECRET, dealSize: "Secretperson" } })));
    await note(await postJson(leads, '{"lead":"Secretperson'));
    await note(await postJson(leads, body({ lead: SECRET }), { origin: "https://secretperson.example" }));
    await note(
      await postForm(leads, { "leadInformation.firstName": "Mona", "leadInformation.phone": "+201001112223" }),
    );
    // The alert of the dead letter is there, so the output is captured.
    await waitUntil("the alert", async () => /icloud-ready forwarder: alert/.test(said.join("\n")));
    await waitUntil("the end", async () =>
      (await list()).every(({ state }) => state === "delivered" || state === "dead"),
    );
    const health = await fetch(`${url}/health`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } });
    const metrics = await fetch(`${url}/admin/metrics`, { headers: { authorization: `Bearer ${CONFIG.adminToken}` } });
    answers.push(
      await health.text(),
      await metrics.text(),
      JSON.stringify(await list()),
      JSON.stringify(await admin("leads/unknown-0001")),
    );
    assert.doesNotMatch(answers.join("\n"), MARKED);
    assert.doesNotMatch(said.join("\n"), MARKED);
    if (kind === "node") {
      for (const end of ["", "-wal", "-shm"])
        assert.equal((await stat(join(folder, `outbox.sqlite${end}`))).mode & 0o777, 0o600);
    }
  });
}
