import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { captureLog } from "./support/log.mjs";
import { inMemory, platforms } from "./support/platforms.mjs";
import { body, FORM, postForm, postJson } from "./support/requests.mjs";
import { startTurnstile } from "./support/turnstile.mjs";

const token = (token) => ({ challenge: { provider: "turnstile", token } });

for (const [name, open] of platforms) {
  const challenged = async (test, changes) => {
    const turnstile = await startTurnstile(test);
    const forwarder = await open(test, {
      challenge: { provider: "turnstile", secret: "a-secret", verifyURL: turnstile.url, ...changes },
    });
    return { ...forwarder, turnstile };
  };

  test(`${name}: a missing, spent, expired or rejected token marks the lead`, async (test) => {
    const { leads, inspect } = await challenged(test, {});
    for (const [changes, marks] of [
      [token("good-1"), []],
      [token("good-1"), ["unverified"]],
      [token("expired-1"), ["unverified"]],
      [token("bad"), ["unverified"]],
      [token("x".repeat(5_000)), ["unverified"]],
      [{ challenge: { provider: "other", token: "good-2" } }, ["unverified"]],
      [{}, ["unverified"]],
    ]) {
      const sent = body(changes);
      assert.equal((await postJson(leads, sent)).status, 202);
      const found = await inspect(sent.submissionId);
      assert.deepEqual(found.marks, marks, JSON.stringify(changes).slice(0, 60));
      assert.notEqual(found.state, "held");
    }
    const form = { ...FORM, submissionId: "turnstile-form-1", "cf-turnstile-response": "good-form" };
    assert.equal((await postForm(leads, form)).status, 303);
    assert.deepEqual((await inspect(form.submissionId)).marks, []);
  });

  test(`${name}: a duplicate lead is recognized before its token is verified`, async (test) => {
    const { leads, turnstile, inspect, count } = await challenged(test, { mode: "require" });
    const sent = body(token("good-once"));
    assert.equal((await postJson(leads, sent)).status, 202);
    assert.equal(turnstile.requests, 1);
    const again = await postJson(leads, sent);
    assert.equal(again.status, 202);
    assert.deepEqual(await again.json(), { submissionId: sent.submissionId, status: "accepted" });
    assert.equal(turnstile.requests, 1);
    assert.equal(await count(), 1);
    assert.deepEqual((await inspect(sent.submissionId)).marks, []);
  });

  test(`${name}: the second request of a double click is not rejected because the first spent the token`, async (test) => {
    const { leads, turnstile, count } = await challenged(test, { mode: "require" });
    let first;
    // Both are being verified before the first result arrives.
    turnstile.before = (number) => (number === 1 ? waitUntil("the second", () => turnstile.requests === 2) : first);
    const click = () => postForm(leads, { ...FORM, "cf-turnstile-response": "good-once" });
    first = click();
    await waitUntil("the first", () => turnstile.requests === 1);
    const second = click();
    assert.deepEqual([(await first).status, (await second).status], [303, 303]);
    assert.equal(await count(), 1);
  });

  test(`${name}: only "require" rejects; an invalid lead spends no token`, async (test) => {
    const { leads, turnstile, count } = await challenged(test, { mode: "require" });
    const response = await postJson(leads, body(token("bad")));
    assert.equal(response.status, 403);
    assert.equal((await response.json()).error.code, "challenge_failed");
    const form = await postForm(leads, FORM);
    assert.equal(form.status, 403);
    assert.match(form.headers.get("content-type"), /^text\/html/);
    const before = turnstile.requests;
    assert.equal((await postJson(leads, body({ lead: {}, ...token("good-2") }))).status, 400);
    assert.equal(turnstile.requests, before);
    const retried = body(token("bad"));
    assert.equal((await postJson(leads, retried)).status, 403);
    assert.equal((await postJson(leads, { ...retried, ...token("good-3") })).status, 202);
    assert.equal(await count(), 1);
  });

  test(`${name}: if the provider gives no result, the lead is marked, or rejected with Retry-After`, async (test) => {
    const { leads, turnstile, inspect } = await challenged(test, { mode: "require" });
    for (turnstile.mode of ["down", "html", "secret"]) {
      const sent = body(token("good-1"));
      assert.equal((await postJson(leads, sent)).status, 202, turnstile.mode);
      assert.deepEqual((await inspect(sent.submissionId)).marks, ["unverified"]);
    }
    const strict = await challenged(test, { mode: "mark", onUnavailable: "refuse" });
    strict.turnstile.mode = "down";
    const response = await postJson(strict.leads, body(token("good-1")));
    assert.equal(response.status, 503);
    assert.ok(Number(response.headers.get("retry-after")) >= 1);
    assert.equal(await strict.count(), 0);
  });

  test(`${name}: "hold" keeps the lead from the CRM`, async (test) => {
    const { leads, inspect } = await challenged(test, { mode: "hold" });
    const [held, sent] = [body(token("bad")), body(token("good-1"))];
    await postJson(leads, held);
    await postJson(leads, sent);
    const found = await inspect(held.submissionId);
    assert.deepEqual(found.marks, ["unverified"]);
    assert.ok(found.hold ?? found.state === "held");
    const other = await inspect(sent.submissionId);
    assert.ok(!(other.hold ?? other.state === "held"));
  });
}

test("a lead whose token was spent, but which could not be stored, is retried with both", async (test) => {
  captureLog(test);
  const turnstile = await startTurnstile(test);
  const { leads, outbox, inspect } = await inMemory(test, {
    challenge: { provider: "turnstile", secret: "a-secret", verifyURL: turnstile.url, mode: "require" },
  });
  for (const mode of ["up", "down"]) {
    // The store is unavailable once the token is verified.
    turnstile.mode = "up";
    turnstile.before = () => outbox.fail(true);
    const sent = body(token(`good-${mode}`));
    assert.equal((await postJson(leads, sent)).status, 503);
    turnstile.before = undefined;
    outbox.fail(false);
    // The result is known, although the provider may be unavailable or the token expired by then.
    turnstile.mode = mode;
    assert.equal((await postJson(leads, sent)).status, 202);
    assert.deepEqual((await inspect(sent.submissionId)).marks, []);
    // Another lead cannot use it.
    turnstile.mode = "up";
    assert.equal((await postJson(leads, body(token(`good-${mode}`)))).status, 403);
  }
});

test("a secret that the provider rejects raises an alert, once an hour", async (test) => {
  const alerts = [];
  const turnstile = await startTurnstile(test);
  const { leads } = await inMemory(test, {
    challenge: { provider: "turnstile", secret: "another-secret", verifyURL: turnstile.url },
    onAlert: (alert) => alerts.push(alert),
  });
  for (let time = 0; time < 3; time++) assert.equal((await postJson(leads, body(token("good")))).status, 202);
  assert.deepEqual(alerts, [{ kind: "challenge_secret_rejected" }]);
});
