import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { captureLog } from "./support/log.mjs";
import { CONFIG, inMemory } from "./support/platforms.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { body, FORM, ORIGIN, PERSON, postForm, postJson } from "./support/requests.mjs";

const { createForwarder } = await import(`${packageFolder}/runtime/forwarder-node.js`);
const secret = "a-secret-that-must-not-show";

const WRONG = {
  crm: [
    undefined,
    null,
    5,
    {},
    { apiKey: secret },
    { accessToken: "a", apiKey: "b", organizationId: "c" },
    { accessToken: "t", baseURL: "http://crm.example" },
  ],
  outbox: ["", "a b", 5, "x".repeat(65), "../x"],
  path: ["", "leads", "/", "/leads/", "/a//b", "/a?b", "/a b", "/*"],
  origins: [
    undefined,
    [],
    "https://a.example",
    ["*"],
    ["https://*"],
    ["https://*.com"],
    ["https://a.example/"],
    ["https://a.example/x"],
    ["http://a.example"],
    ["https://*.*.example"],
    ["https://a.*.example"],
    ["ftp://a.example"],
    ["a.example"],
    [""],
    [null],
    ["https://a.example?x"],
    ["https://u@a.example"],
    ["https://*.1.2.3.4"],
    ["null"],
  ],
  allowFields: [
    "status",
    ["customField"],
    ["-"],
    ["a b"],
    [5],
    ["__proto__"],
    ["leadInformation"],
    ["idengagerRequestId"],
  ],
  defaults: [5, [], { customField: "x" }, { leadInformation: {} }],
  redirects: ["https://a.example/", ["/x"], ["http://a.example/"], ["javascript:alert(1)"], [5]],
  thankYouURL: ["/thanks", "http://a.example", "javascript:alert(1)", 5],
  siteKeys: ["key", ["short"], ["with space and more"], [5]],
  challenge: [
    5,
    {},
    { provider: "other", secret },
    { provider: "turnstile" },
    { provider: "turnstile", secret: "" },
    { provider: "turnstile", secret, mode: "x" },
    { provider: "turnstile", secret, onUnavailable: "x" },
  ],
  rate: [5, { perMinute: 0 }, { burst: -1 }, { perMinute: "5" }, { perHour: 5 }, { perMinute: NaN }],
  clientAddress: [
    "x",
    {},
    { header: "x-forwarded-for" },
    { header: "a b", trustedProxies: 1 },
    { header: "x", trustedProxies: 0 },
    { header: "x", trustedProxies: ["nonsense"] },
    { header: "x", trustedProxies: ["1.2.3.4/33"] },
  ],
  adminToken: ["", "short", `${"x".repeat(31)}`, `${"x".repeat(31)} `, 5],
  retention: [5, { done: -1 }, { other: 1 }],
  ambiguous: ["x", 5],
  reconcileDelays: [5, [], [-1], ["1"]],
  limits: [5, { perMinute: 0 }, { other: 1 }],
  jurisdiction: ["", "EU!", 5],
  onAlert: ["x"],
  unheardOf: [5],
};

test("createForwarder rejects an invalid option by name, without its value", () => {
  for (const [option, values] of Object.entries(WRONG)) {
    for (const value of values) {
      const logged = `${option}: ${JSON.stringify(value)}`;
      assert.throws(
        () => createForwarder({ ...CONFIG, [option]: value }),
        (error) => {
          assert.equal(error.name, "ConfigurationError", `${logged}: ${error.stack}`);
          assert.equal(error.code, "configuration");
          assert.ok(!error.message.includes(secret), logged);
          return true;
        },
        logged,
      );
    }
  }
  assert.throws(() => createForwarder(), { name: "ConfigurationError" });
});

// The misspelled option, and the intended name.
const MISSPELLED = [
  [{ orgins: [ORIGIN] }, "origins"],
  [{ admintoken: CONFIG.adminToken }, "adminToken"],
  [{ thankYouUrl: ORIGIN }, "thankYouURL"],
  [{ allowfields: [] }, "allowFields"],
  [{ challange: { provider: "turnstile", secret } }, "challenge"],
  [{ rate: { perMinut: 5 } }, "perMinute"],
  [{ rate: () => ({ brust: 5 }) }, "burst", true],
  [{ retention: { dead_: 5 } }, "dead"],
  [{ limits: { perhour: 5 } }, "perHour"],
  [{ challenge: { provider: "turnstile", secret: () => secret, onUnavailabel: "mark" } }, "onUnavailable"],
  [{ challenge: { provider: "turnstile", secret, verifyUrl: ORIGIN } }, "verifyURL"],
  [{ clientAddress: { header: "x-forwarded-for", trustedProxys: 1 } }, "trustedProxies"],
  [{ crm: { ...CONFIG.crm, baseUrl: "http://127.0.0.1:9" } }, "baseURL"],
  [{ crm: { ...CONFIG.crm, organizationId: () => CONFIG.crm.organizationId, timeOut: 5 } }, "timeout"],
  [{ crm: () => ({ ...CONFIG.crm, orgnizationId: "x" }) }, "organizationId", true],
  [{ defaults: { lead_owner: "x" } }, "leadOwner"],
  [{ defaults: { leadowner: () => "x" } }, "leadOwner"],
  [{ allowFields: ["-leadinformation.title"] }, "leadInformation.title"],
];

test("a misspelled option is rejected with the nearest name, never its value", async (test) => {
  const names = (meant) => (error) => {
    assert.equal(error.name, "ConfigurationError", error.stack);
    assert.ok(error.message.includes(`did you mean "${meant}"?`), error.message);
    assert.ok(!error.message.includes(secret) && !error.message.includes(CONFIG.adminToken));
    return true;
  };
  const logged = captureLog(test);
  for (const [option, meant, late] of MISSPELLED) {
    if (!late) {
      assert.throws(() => createForwarder({ ...CONFIG, ...option }), names(meant), meant);
      continue;
    }
    // Values from functions are checked at the first request.
    const { leads } = await inMemory(test, option);
    assert.equal((await postJson(leads)).status, 500);
    assert.ok(logged.at(-1).includes(`did you mean "${meant}"?`), logged.at(-1));
  }
  const { serve } = await import(`${packageFolder}/runtime/forwarder/node.js`);
  await assert.rejects(serve({ ...CONFIG, file: "x.sqlite", port: 0, hots: "127.0.0.1" }), names("host"));
  await assert.rejects(serve({ ...CONFIG, file: "x.sqlite", port: 0, prot: 1 }), names("port"));
});

test("valid options are accepted, also as functions of env, and env is not read before it exists", () => {
  const never = () => assert.fail("called");
  createForwarder(CONFIG);
  createForwarder({
    crm: never,
    origins: never,
    adminToken: never,
    challenge: { provider: "turnstile", secret: never },
    defaults: { leadOwner: never },
  });
  createForwarder({ ...CONFIG, crm: { apiKey: never, organizationId: never, baseURL: never } });
  createForwarder({
    ...CONFIG,
    outbox: "a.b-c_1",
    path: "/a/b",
    origins: [
      "https://a.example",
      "https://*.a.example:8443",
      "http://127.0.0.1:3000",
      "http://[::1]:3000",
      "https://عقار.example",
    ],
    redirects: ["https://a.example/x?y#z"],
    thankYouURL: "http://localhost:3000/x",
    siteKeys: ["site-key-1"],
    retention: { delivered: 0 },
    reconcileDelays: [0],
    jurisdiction: "eu",
    onAlert() {},
    clientAddress: { header: "x-forwarded-for", trustedProxies: ["10.0.0.0/8", "fd00::/8", "1.2.3.4"] },
  });
});

test("an invalid configuration from env returns a configuration error, and the console has the details", async (test) => {
  const logged = captureLog(test);
  const { leads } = await inMemory(test, { adminToken: (env) => env.TOKEN }, { TOKEN: "short" });
  const response = await postJson(leads);
  assert.equal(response.status, 500);
  assert.equal((await response.json()).error.code, "configuration");
  assert.match(logged.join(), /adminToken/);
});

test("an option function that throws is reported with the option's name, on the console and when serve starts", async (test) => {
  const logged = captureLog(test);
  const origins = (env) => env.ORIGINS_NOT_SET.split(" ");
  for (const [option, name] of [
    [{ origins }, "origins"],
    [{ challenge: { provider: "turnstile", secret: (env) => env.NOT_SET.x } }, "challenge.secret"],
    [{ crm: { ...CONFIG.crm, organizationId: (env) => env.NOT_SET.x } }, "crm.organizationId"],
  ]) {
    const { leads } = await inMemory(test, option);
    const response = await postJson(leads);
    assert.deepEqual([response.status, (await response.json()).error.code], [500, "configuration"]);
    assert.ok(logged.at(-1).includes(`${name} is a function that threw TypeError`), logged.at(-1));
  }
  const { serve } = await import(`${packageFolder}/runtime/forwarder/node.js`);
  await assert.rejects(serve({ ...CONFIG, origins, file: "x.sqlite", port: 0 }), {
    name: "ConfigurationError",
    message: /origins is a function/,
  });
});

for (const example of ["node-forwarder/server.mjs", "edge-worker/index.js"]) {
  test(`the example ${example} without ORIGINS says which setting is missing`, async (test) => {
    const text = await readFile(new URL(`../../examples/${example}`, import.meta.url), "utf8");
    const [, origins] = /^ *origins: (.*),$/m.exec(text);
    const logged = captureLog(test);
    const { leads } = await inMemory(test, { origins: new Function(`return ${origins}`)() });
    assert.equal((await postJson(leads)).status, 500);
    assert.match(logged.join(), /origins must be a list of origins, at least one/);
  });
}

test("a default that makes every lead invalid returns 500, so that the page retries", async (test) => {
  const logged = captureLog(test);
  const { leads, count } = await inMemory(test, { allowFields: ["tags"], defaults: { tags: { [ORIGIN]: "web" } } });
  const response = await postJson(leads);
  assert.equal(response.status, 500);
  assert.equal((await response.json()).error.code, "configuration");
  assert.match(logged.join(), /defaults.*tags/);
  const form = await postForm(leads, FORM);
  assert.equal(form.status, 500);
  assert.match(await form.text(), /Please send them again in a moment[^]*value="Ahmed"/);
  // If the page sent the value, it is the page's mistake.
  const tagged = body({ lead: { leadInformation: PERSON, tags: "web" } });
  assert.equal((await postJson(leads, tagged, { origin: "https://a.portal.example" })).status, 400);
  assert.equal(await count(), 0);
});

test("if the outbox is unavailable, the page may retry, and the lead's data is not disclosed", async (test) => {
  const logged = captureLog(test);
  const { leads, outbox } = await inMemory(test);
  outbox.fail(true);
  const lead = { leadInformation: { firstName: "Secretperson", phone: "+201009999999" } };
  const response = await postJson(leads, body({ lead }));
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "5");
  assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
  const form = await postForm(leads, { ...FORM, "leadInformation.firstName": "Secretperson" });
  assert.equal(form.status, 503);
  assert.match(await form.text(), /value="Secretperson"/);
  assert.ok(logged.length);
  assert.doesNotMatch(logged.join(), /Secretperson|9999999/);
});

test("if the outbox is unavailable, the fallback queue stores the lead and enqueues it later", async (test) => {
  captureLog(test);
  const { leads, outbox, queued, forwarder, count } = await inMemory(test, {}, { queue: true });
  outbox.fail(true);
  const sent = body();
  const response = await postJson(leads, sent);
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { submissionId: sent.submissionId, status: "accepted" });
  assert.equal((await postForm(leads, FORM)).status, 303);
  assert.equal(queued.length, 2);
  assert.ok(
    queued.every(({ rate }) => rate === undefined),
    "an acknowledged lead could be rejected later",
  );
  const results = [];
  const messages = queued.map((enqueue, index) => ({
    body: { outbox: "default", enqueue },
    ack: () => results.push(`ack ${index}`),
    retry: () => results.push(`retry ${index}`),
  }));
  await forwarder.queue({ messages });
  assert.deepEqual(results.splice(0), ["retry 0", "retry 1"]);
  outbox.fail(false);
  await forwarder.queue({ messages });
  await forwarder.queue({ messages });
  assert.deepEqual(results, ["ack 0", "ack 1", "ack 0", "ack 1"]);
  assert.equal(await count(), 2);
});
