// A redirect would send the credentials to another URL: none is followed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, failure, LEAD } from "./support/helpers.mjs";
import { record } from "./support/recorder.mjs";
import { ACCESS_TOKEN, startSandbox } from "../../tools/sandbox.mjs";

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} to another origin is not followed, and that origin receives nothing`, async (t) => {
    const second = await record(t, { body: { _id: "1" } });
    const first = await record(t, { status, headers: { location: `${second.url}/leads` }, body: "" });
    for (const credential of [
      { accessToken: "t" },
      { apiKey: "k", organizationId: "o" },
      { accessToken: async () => "t" },
    ]) {
      const crm = client(first, credential);
      for (const [call, writes] of [
        [() => crm.leads.create(LEAD), true],
        [() => crm.leads.retrieve("1"), false],
        [() => crm.leads.list(), false],
        [() => crm.leads.patch("1", {}), true],
        [() => crm.leads.delete("1"), true],
        [() => crm.request({ method: "POST", path: "/x" }), true],
      ]) {
        first.clear();
        const error = await failure(call, "APIError");
        assert.equal(error.code, "redirect");
        assert.equal(error.status, status);
        assert.equal(error.ambiguous, writes);
        assert.equal(first.requests.length, 1);
        assert.ok(!error.message.includes(second.origin));
      }
    }
    assert.equal(second.requests.length, 0);
  });
}

test("a redirect within the same origin is not followed either", async (t) => {
  const recorder = await record(t, { status: 307, headers: { location: "/api/v2/other" }, body: "" });
  await failure(client(recorder).leads.retrieve("1"), "APIError");
  assert.equal(recorder.requests.length, 1);
});

test("sign-in and lookups follow no redirect", async (t) => {
  const second = await record(t, { body: { token: "t" } });
  const sandbox = await startSandbox(t);
  const location = `${second.url}/leads`;
  const crm = client(sandbox, { accessToken: ACCESS_TOKEN, reconcileDelays: [1] });
  await sandbox.faults([
    { method: "POST", path: "/leads", action: { kind: "cut", when: "after" } },
    { method: "GET", action: { kind: "redirect", status: 307, location } },
  ]);
  const error = await failure(crm.leads.create(LEAD, { submissionId: "submission-1" }), "ConnectionError");
  assert.equal(error.ambiguous, true);
  assert.equal(error.cause.code, "redirect");
  assert.equal((await sandbox.leads()).length, 1);

  const first = await record(t, { status: 307, headers: { location }, body: "" });
  const { ICloudReady } = (await import("./support/package.mjs")).icloudReady;
  await failure(new ICloudReady({ baseURL: first.url }).signIn({ email: "e", password: "p" }), "APIError");
  assert.equal(second.requests.length, 0);
});
