// What a developer sees: warnings, hooks, causes and the place in their own code.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { fakeClock } from "./support/clock.mjs";
import { LEAD, client, failure } from "./support/helpers.mjs";
import { entry, icloudReady } from "./support/package.mjs";
import { header, record } from "./support/recorder.mjs";

const { ICloudReady } = icloudReady;

/** A logger that records its messages by level. */
function logging() {
  const lines = { debug: [], info: [], warn: [], error: [] };
  const logger = Object.fromEntries(Object.keys(lines).map((level) => [level, (line) => void lines[level].push(line)]));
  return { lines, logger };
}

test("an error's stack includes the caller's line", async (t) => {
  const recorder = await record(t, { status: 503 });
  const crm = client(recorder, { maxRetries: 0 });
  async function theCaller(call) {
    return await call();
  }
  async function iteration() {
    for await (const lead of crm.leads.list()) assert.ok(lead);
  }
  async function many() {
    recorder.script = { status: 403 };
    for await (const result of crm.leads.createMany([LEAD])) assert.equal(result.status, "failed");
  }
  const calls = [
    async function viaCall() {
      await crm.leads.retrieve("1");
    },
    async function viaValidation() {
      await crm.leads.create({});
    },
    async function viaRequest() {
      await crm.request({ method: "GET", path: "/x" });
    },
    async function viaSignIn() {
      await new ICloudReady({ baseURL: recorder.url }).signIn({ email: "e", password: "p" });
    },
    async function viaAbort() {
      await crm.leads.retrieve("1", { signal: AbortSignal.abort() });
    },
    iteration,
    many,
  ];
  for (const call of calls) {
    const error = await failure(theCaller(call));
    assert.match(error.stack, new RegExp(`^${error.name}: `));
    assert.match(
      error.stack,
      new RegExp(`at async ${call.name} |at ${call.name} |at async ${call.name}\\b`),
      error.stack,
    );
    assert.match(error.stack, /diagnostics\.test\.mjs/, error.stack);
  }
});

test("a connection error includes the system's error code", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  const refused = await failure(
    client(`http://127.0.0.1:${port}/api`, { maxRetries: 0 }).leads.retrieve("1"),
    "ConnectionError",
  );
  assert.match(refused.message, /\(ECONNREFUSED\)/);
  const unknown = await failure(
    client("https://crm.invalid/api", { maxRetries: 0 }).leads.retrieve("1"),
    "ConnectionError",
  );
  assert.match(unknown.message, /\((ENOTFOUND|EAI_AGAIN)\)/);
  // A custom `fetch` may reject with anything, and its code is not reported as the package's.
  for (const cause of [null, "text", new Error("x"), { code: 5 }, { code: "not one" }]) {
    const crm = client("https://crm.example", { maxRetries: 0, fetch: () => Promise.reject(cause) });
    assert.doesNotMatch((await failure(crm.leads.retrieve("1"), "ConnectionError")).message, /\(/);
  }
});

test("warnings reach the logger with path and code, without values", async (t) => {
  const recorder = await record(t, ({ method }) => ({ body: method === "GET" ? [] : { _id: "1" } }));
  const { lines, logger } = logging();
  const crm = client(recorder, { logger });
  const lead = {
    leadInformation: { firstName: "A", phone: "secret-phone", e_mail: "x" },
    campaign_name: "secret-campaign",
    history: [2 ** 60],
  };
  await crm.leads.create(lead);
  await crm.request({ method: "POST", path: "/x", body: { deep: [{ id: 2 ** 53 }] } });
  const warned = lines.warn.map((line) => line.replace(/ (is|are) .*\(/, " (")).sort();
  assert.deepEqual(warned, [
    "leads.create: campaign_name (spelling)",
    "leads.create: history.0 (precision)",
    "leads.create: leadInformation.e_mail (spelling)",
    "leads.create: leadInformation.phone (phone)",
    "request: deep.0.id (precision)",
  ]);
  assert.doesNotMatch(lines.warn.join(), /secret|1152921504606846976/);
  assert.equal(recorder.requests.length, 2);
  // Warnings are not part of a later error.
  recorder.script = { status: 400 };
  const error = await failure(crm.leads.create(lead), "BadRequestError");
  assert.doesNotMatch(error.message, /phone|campaign/);
});

test("a strict client rejects misspelled names and rounded integers", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder, { strict: true });
  for (const [lead, path, code] of [
    [{ ...LEAD, campaign_name: "x" }, "campaign_name", "spelling"],
    [{ ...LEAD, dealSize: 2 ** 53 }, "dealSize", "precision"],
    [{ ...LEAD, dealSize: -1e21 }, "dealSize", "precision"],
  ]) {
    const error = await failure(crm.leads.create(lead), "ValidationError");
    assert.deepEqual(
      error.issues.map(({ path, code, severity }) => [path, code, severity]),
      [[path, code, "error"]],
    );
  }
  assert.equal(recorder.requests.length, 0);
  const { validateLead } = await import(entry("validation"));
  const issues = await validateLead({
    ...LEAD,
    dealSize: 2 ** 53,
    region: "9007199254740993",
    leadRating: 2 ** 53 - 1,
  });
  assert.deepEqual(
    issues.map(({ path, code, severity }) => [path, code, severity]),
    [["dealSize", "precision", "warning"]],
  );
});

test("a wait in the limiter is logged once, before it starts", async (t) => {
  const { ICloudReady } = icloudReady;
  const clock = fakeClock(t);
  const { lines, logger } = logging();
  const waits = [];
  const fetch = async () => Response.json({ _id: "1" });
  const crm = new ICloudReady({
    accessToken: "t",
    fetch,
    rateLimit: { perMinute: 1 },
    onWait: (event) => waits.push(event),
    logger,
  });
  await icloudReady.preload();
  await clock.within(1_000, crm.leads.retrieve("1"));
  assert.deepEqual(waits, []);
  const second = crm.leads.retrieve("1");
  await clock.within(1_000, second);
  assert.deepEqual(
    waits.map(({ operation, reason, ...rest }) => [operation, reason, Object.keys(rest)]),
    [["leads.retrieve", "rate_limit", ["delayMs"]]],
  );
  assert.ok(waits[0].delayMs > 50_000 && waits[0].delayMs <= 60_000 && Object.isFrozen(waits[0]));
  assert.ok(
    lines.debug.some((line) => /^leads\.retrieve: rate_limit, waiting \d+ ms$/.test(line)),
    lines.debug.join(),
  );
  assert.deepEqual((await clock.within(120_000, second)).value, { _id: "1" });
  assert.equal(waits.length, 1);
});

test("a server that asks for a long pause: server_error with retryAfterMs", async (t) => {
  const recorder = await record(t, { status: 503, headers: { "retry-after": "120" } });
  const error = await failure(client(recorder).leads.retrieve("1"), "ServerError");
  assert.deepEqual([error.code, error.retryAfterMs, error.attempts], ["server_error", 120_000, 1]);
});

test("blank ids are rejected, unusual ones cause a warning", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const { lines, logger } = logging();
  const crm = client(recorder, { logger });
  for (const id of ["", " ", "\t", "\u00a0", "\u200b"]) await failure(crm.leads.retrieve(id), "ValidationError");
  lines.warn.length = 0;
  await crm.leads.retrieve("686f894eaf67193dd6e124ce");
  await crm.leads.retrieve("promo123");
  assert.deepEqual(lines.warn, []);
  await crm.leads.retrieve("secret id");
  assert.deepEqual(lines.warn, ["leads.retrieve: unusual id"]);
  lines.warn.length = 0;
  const options = { apiKey: "k", logger };
  for (const organizationId of ["", " ", "\t"])
    assert.throws(() => new ICloudReady({ ...options, organizationId }), /organizationId/);
  new ICloudReady({ ...options, organizationId: "686f894eaf67193dd6e124ce" });
  assert.deepEqual(lines.warn, []);
  new ICloudReady({ ...options, organizationId: "abc" }).withOptions({ timeout: 5 });
  assert.deepEqual(lines.warn, ["unusual organizationId"]);
});

test("missing settings are named", async (t) => {
  const recorder = await record(t);
  const crm = client(recorder);
  const error = await failure(crm.leads.create(), "ValidationError");
  assert.deepEqual(
    error.issues.map(({ path, code }) => [path, code]),
    [["", "required"]],
  );
  assert.match(error.message, /leads\.create: .*the body is required/);
  await failure(async () => {
    await crm.leads.createMany().next();
  }, "ConfigurationError").then(({ message }) => assert.match(message, /iterable/));
  assert.match(
    (await failure(crm.leads.create(LEAD, { checkExisting: true }), "ConfigurationError")).message,
    /submissionId/,
  );
  assert.equal(recorder.requests.length, 0);
});

test("fromEnv accepts options, and explains itself where there is no environment", async (t) => {
  const recorder = await record(t, { body: { _id: "1" } });
  const env = { ICLOUDREADY_API_KEY: "k", ICLOUDREADY_BASE_URL: "https://other.example" };
  await ICloudReady.fromEnv(env, {
    baseURL: recorder.url,
    timeout: undefined,
    headers: { "x-mine": "1" },
  }).leads.retrieve("1");
  assert.equal(header(recorder.requests[0], "x-mine"), "1");
  assert.throws(() => ICloudReady.fromEnv(env, { timout: 5 }), /did you mean "timeout"/);
  const { env: own } = process;
  t.after(() => {
    process.env = own;
  });
  delete process.env;
  assert.throws(() => ICloudReady.fromEnv(), /for servers/);
});

test("without WebAssembly the error says so", () => {
  const script = `
    delete globalThis.WebAssembly;
    const { ICloudReady } = await import(${JSON.stringify(entry())});
    const error = await new ICloudReady({ accessToken: "t" }).leads.retrieve("1").catch((error) => error);
    console.log(error.name, error.message);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  assert.match(stdout, /^ConnectionError leads\.retrieve: this runtime has no WebAssembly/, stderr);
});

test("sixty calls on one signal add one listener, and an abort ends all of them", async (t) => {
  const recorder = await record(t, { hang: true });
  const warnings = [];
  const note = (warning) => warnings.push(warning);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const crm = client(recorder);
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 60 }, () => crm.leads.retrieve("1", { signal }).catch((error) => error.name));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(getEventListeners(signal, "abort").length <= 1);
  controller.abort();
  assert.deepEqual(new Set(await Promise.all(calls)), new Set(["AbortError"]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(warnings, []);
});
