import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG, double } from "./support/doors.mjs";
import { PACKAGE } from "./support/places.mjs";
import { body, FORM, ORIGIN, PERSON, postForm, postJson } from "./support/requests.mjs";

const { createForwarder } = await import(`${PACKAGE}/runtime/forwarder-node.js`);
const secret = "a-secret-that-must-not-show";

const WRONG = {
  crm: [undefined, null, 5, {}, { apiKey: secret }, { accessToken: "a", apiKey: "b", organizationId: "c" }, { accessToken: "t", baseURL: "http://crm.example" }],
  outbox: ["", "a b", 5, "x".repeat(65), "../x"],
  path: ["", "leads", "/", "/leads/", "/a//b", "/a?b", "/a b", "/*"],
  origins: [
    undefined, [], "https://a.example", ["*"], ["https://*"], ["https://*.com"], ["https://a.example/"], ["https://a.example/x"], ["http://a.example"],
    ["https://*.*.example"], ["https://a.*.example"], ["ftp://a.example"], ["a.example"], [""], [null], ["https://a.example?x"], ["https://u@a.example"], ["https://*.1.2.3.4"], ["null"],
  ],
  allowFields: ["status", ["customField"], ["-"], ["a b"], [5], ["__proto__"], ["leadInformation"], ["idengagerRequestId"]],
  defaults: [5, [], { customField: "x" }, { leadInformation: {} }],
  redirects: ["https://a.example/", ["/x"], ["http://a.example/"], ["javascript:alert(1)"], [5]],
  thankYouURL: ["/thanks", "http://a.example", "javascript:alert(1)", 5],
  siteKeys: ["key", ["short"], ["with space and more"], [5]],
  challenge: [5, {}, { provider: "other", secret }, { provider: "turnstile" }, { provider: "turnstile", secret: "" }, { provider: "turnstile", secret, mode: "x" }, { provider: "turnstile", secret, onUnavailable: "x" }],
  rate: [5, { perMinute: 0 }, { burst: -1 }, { perMinute: "5" }, { perHour: 5 }, { perMinute: NaN }],
  clientAddress: ["x", {}, { header: "x-forwarded-for" }, { header: "a b", trustedProxies: 1 }, { header: "x", trustedProxies: 0 }, { header: "x", trustedProxies: ["nonsense"] }, { header: "x", trustedProxies: ["1.2.3.4/33"] }],
  adminToken: ["", "short", `${"x".repeat(31)}`, `${"x".repeat(31)} `, 5],
  retention: [5, { done: -1 }, { other: 1 }],
  ambiguous: ["x", 5],
  settle: [5, [], [-1], ["1"]],
  limits: [5, { perMinute: 0 }, { other: 1 }],
  jurisdiction: ["", "EU!", 5],
  onAlert: ["x"],
  unheardOf: [5],
};

test("a wrong option is refused when the forwarder is made, by name, and without the value", () => {
  for (const [option, values] of Object.entries(WRONG)) {
    for (const value of values) {
      const said = `${option}: ${JSON.stringify(value)}`;
      assert.throws(() => createForwarder({ ...CONFIG, [option]: value }), (error) => {
        assert.equal(error.name, "ConfigurationError", `${said}: ${error.stack}`);
        assert.equal(error.code, "configuration");
        assert.ok(!error.message.includes(secret), said);
        return true;
      }, said);
    }
  }
  assert.throws(() => createForwarder(), { name: "ConfigurationError" });
});

test("what is right is taken, functions of env too, and nothing is asked of env before there is one", () => {
  const never = () => assert.fail("called");
  createForwarder(CONFIG);
  createForwarder({ crm: never, origins: never, adminToken: never, challenge: { provider: "turnstile", secret: never }, defaults: { leadOwner: never } });
  createForwarder({ ...CONFIG, crm: { apiKey: never, organizationId: never, baseURL: never } });
  createForwarder({
    ...CONFIG, outbox: "a.b-c_1", path: "/a/b", origins: ["https://a.example", "https://*.a.example:8443", "http://127.0.0.1:3000", "http://[::1]:3000", "https://عقار.example"],
    redirects: ["https://a.example/x?y#z"], thankYouURL: "http://localhost:3000/x", siteKeys: ["site-key-1"], retention: { done: 0 }, settle: [0], jurisdiction: "eu", onAlert() {},
    clientAddress: { header: "x-forwarded-for", trustedProxies: ["10.0.0.0/8", "fd00::/8", "1.2.3.4"] },
  });
});

test("an env that makes a wrong configuration is answered as such, and told on the console", async (test) => {
  const said = [];
  test.mock.method(console, "warn", (line) => said.push(line));
  const { leads } = await double(test, { adminToken: (env) => env.TOKEN }, { TOKEN: "short" });
  const answer = await postJson(leads);
  assert.equal(answer.status, 500);
  assert.equal((await answer.json()).error.code, "configuration");
  assert.match(said.join(), /adminToken/);
});

test("a default that makes every lead wrong is no fault of the page's: it is told to come again", async (test) => {
  const said = [];
  test.mock.method(console, "warn", (line) => said.push(line));
  const { leads, count } = await double(test, { allowFields: ["tags"], defaults: { tags: { [ORIGIN]: "web" } } });
  const answer = await postJson(leads);
  assert.equal(answer.status, 500);
  assert.equal((await answer.json()).error.code, "configuration");
  assert.match(said.join(), /defaults.*tags/);
  const form = await postForm(leads, FORM);
  assert.equal(form.status, 500);
  assert.match(await form.text(), /Please send them again in a moment[^]*value="Ahmed"/);
  // Where the page chose it, it is the page's.
  const tagged = body({ lead: { leadInformation: PERSON, tags: "web" } });
  assert.equal((await postJson(leads, tagged, { origin: "https://a.portal.example" })).status, 400);
  assert.equal(await count(), 0);
});

test("an outbox out of reach: the page is told to come again, nothing of the lead is told to anyone", async (test) => {
  const said = [];
  for (const method of ["log", "info", "warn", "error", "debug"]) test.mock.method(console, method, (...words) => said.push(words.join(" ")));
  const { leads, inbox } = await double(test);
  inbox.fail(true);
  const lead = { leadInformation: { firstName: "Secretperson", phone: "+201009999999" } };
  const answer = await postJson(leads, body({ lead }));
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "5");
  assert.equal(answer.headers.get("access-control-allow-origin"), ORIGIN);
  const form = await postForm(leads, { ...FORM, "leadInformation.firstName": "Secretperson" });
  assert.equal(form.status, 503);
  assert.match(await form.text(), /value="Secretperson"/);
  assert.ok(said.length);
  assert.doesNotMatch(said.join(), /Secretperson|9999999/);
});

test("an outbox out of reach: a spare queue takes the lead, and hands it over later", async (test) => {
  test.mock.method(console, "warn", () => {});
  const { leads, inbox, spared, forwarder, count } = await double(test, {}, { spare: true });
  inbox.fail(true);
  const sent = body();
  const answer = await postJson(leads, sent);
  assert.equal(answer.status, 202);
  assert.deepEqual(await answer.json(), { submissionId: sent.submissionId, status: "accepted" });
  assert.equal((await postForm(leads, FORM)).status, 303);
  assert.equal(spared.length, 2);
  assert.ok(spared.every(({ rate }) => rate === undefined), "what was acknowledged may be refused later");
  const told = [];
  const messages = spared.map((arrival, index) => ({
    body: { outbox: "default", arrival },
    ack: () => told.push(`ack ${index}`),
    retry: () => told.push(`retry ${index}`),
  }));
  await forwarder.queue({ messages });
  assert.deepEqual(told.splice(0), ["retry 0", "retry 1"]);
  inbox.fail(false);
  await forwarder.queue({ messages });
  await forwarder.queue({ messages });
  assert.deepEqual(told, ["ack 0", "ack 1", "ack 0", "ack 1"]);
  assert.equal(await count(), 2);
});
