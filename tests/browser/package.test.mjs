// The package in Chromium as a plain module script, without a bundler: pkg/ is served unchanged.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { serve } from "../../www/server.mjs";
import { blankPages, networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { ACCESS_TOKEN } from "../../tools/sandbox.mjs";
import { startSandbox } from "./support/sandbox.mjs";

useChromium();

/** A page with the package imported as `sdk` and a client as `crm`, and the sandbox behind it. */
async function start(test, options) {
  const sandbox = await startSandbox(test);
  const site = await serve({ connect: [new URL(sandbox.url).origin], folder: packageFolder, site: blankPages });
  test.after(() => site.close());
  await sandbox.switches({ cors: [new URL(site.url).origin] });
  const page = await openPage(test, options);
  await page.goto(`${site.url}blank.html`);
  await page.evaluate(
    async ([baseURL, token]) => {
      globalThis.sdk = await import("/icloud-ready/runtime/browser.js");
      globalThis.crm = new globalThis.sdk.ICloudReady({ baseURL, accessToken: async () => token });
      globalThis.lead = { leadInformation: { firstName: "Mona", phone: "+201001234567" } };
      /** What can be passed from the page to the test about an error. */
      globalThis.describe = (error) => {
        const classes = Object.keys(globalThis.sdk).filter(
          (name) => /Error$/.test(name) && error instanceof globalThis.sdk[name],
        );
        const { name, code, status, operation, attempts, ambiguous, cause, issues } = error;
        return { name, classes, code, status, operation, attempts, ambiguous, cause, issues };
      };
    },
    [sandbox.url, ACCESS_TOKEN],
  );
  return { page, sandbox };
}

test("the first call fetches the wasm once, and not the bundled copy", async (test) => {
  const { page } = await start(test);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  assert.equal(page.requested(".wasm").length, 0, "fetched at import or construction");

  await page.evaluate(() =>
    Promise.all([globalThis.crm.leads.create(globalThis.lead), globalThis.crm.leads.list(), globalThis.sdk.preload()]),
  );
  await page.evaluate(() => globalThis.crm.withOptions({ strict: true }).leads.list());

  assert.equal(page.requested(".wasm").length, 1);
  assert.equal(page.requested("/inline.js").length, 0);
});

test("the test CRM works in a page, and sends no request", async (test) => {
  const { page, sandbox } = await start(test);
  const { found, leads, statuses } = await page.evaluate(async () => {
    const { createTestCRM } = await import("/icloud-ready/dist/testing/index.js");
    const { ICloudReady } = globalThis.sdk;
    const test = createTestCRM();
    const options = { fetch: test.fetch, accessToken: async () => "test", reconcileDelays: [0, 0] };
    const client = new ICloudReady(options);
    test.fail({ error: "connection", when: "after" });
    const found = await client.leads.create(globalThis.lead, { submissionId: "submission-1" });
    return { found, leads: test.leads, statuses: test.requests.map(({ status }) => status ?? null) };
  });
  assert.deepEqual(leads, [found]);
  assert.equal(statuses[0], null, "the response was lost");
  assert.deepEqual(await sandbox.requests(), []);
});

test("a lead is created and returned as the server has it", async (test) => {
  const { page, sandbox } = await start(test);
  const created = await page.evaluate(() => globalThis.crm.leads.create(globalThis.lead));
  assert.match(created._id, /^[0-9a-f]{24}$/);
  assert.deepEqual(await sandbox.leads(), [created]);
  assert.deepEqual(await page.evaluate((id) => globalThis.crm.leads.retrieve(id), created._id), created);
});

test("a list is read across its pages", async (test) => {
  const { page, sandbox } = await start(test);
  await sandbox.seed("leads", 30);
  const { first, second, all } = await page.evaluate(async () => {
    const page = await globalThis.crm.leads.list({ limit: 20 });
    const next = await page.getNextPage();
    const all = [];
    for await (const { _id } of globalThis.crm.leads.list({ limit: 20 })) all.push(_id);
    return { first: page.data.length, second: next.data.length, all };
  });
  assert.deepEqual([first, second], [20, 10]);
  const there = (await sandbox.leads()).map(({ _id }) => _id);
  assert.deepEqual(all.toSorted(), there.toSorted());
});

test("errors have their class, and a lead's issues are reported before it is sent", async (test) => {
  const { page, sandbox } = await start(test, { expected: networkErrors });
  const unknown = await page.evaluate(() => globalThis.crm.leads.retrieve("0".repeat(24)).catch(globalThis.describe));
  assert.deepEqual(unknown.classes, ["APIError", "ICloudReadyError", "NotFoundError"]);
  assert.deepEqual([unknown.name, unknown.code, unknown.status], ["NotFoundError", "not_found", 404]);
  assert.deepEqual([unknown.operation, unknown.attempts, unknown.ambiguous], ["leads.retrieve", 1, false]);

  const before = (await sandbox.requests()).length;
  const invalid = await page.evaluate(() => globalThis.crm.leads.create({}).catch(globalThis.describe));
  assert.equal(invalid.name, "ValidationError");
  assert.deepEqual(
    invalid.issues.map(({ path, code }) => [path, code]),
    [
      ["leadInformation.firstName", "required"],
      ["leadInformation.phone", "required"],
    ],
  );
  assert.equal((await sandbox.requests()).length, before);
});

test("aborting ends a call that hangs", async (test) => {
  const { page, sandbox } = await start(test);
  await sandbox.faults([{ method: "POST", action: { kind: "hang", when: "before" } }]);
  await page.evaluate(() => {
    globalThis.controller = new AbortController();
    globalThis.call = globalThis.crm.leads
      .create(globalThis.lead, { signal: globalThis.controller.signal })
      .catch(globalThis.describe);
    // Not awaited yet.
    return undefined;
  });
  await waitUntil("the request", async () => (await sandbox.requests()).length);
  const error = await page.evaluate(() => {
    globalThis.controller.abort("the visitor left");
    return globalThis.call;
  });
  assert.deepEqual([error.name, error.code, error.cause], ["AbortError", "abort", "the visitor left"]);
  assert.equal((await sandbox.requests()).length, 1);
});

test("a credential in the page's code is rejected", async (test) => {
  const { page } = await start(test);
  const outcomes = await page.evaluate(() => {
    const organizationId = "686f894eaf67193dd6e124ce";
    const outcome = (options) => {
      try {
        new globalThis.sdk.ICloudReady(options);
        return "created";
      } catch (error) {
        return `${error.name}: ${error.message}`;
      }
    };
    return [
      outcome({ accessToken: "secret" }),
      outcome({ apiKey: "secret", organizationId }),
      outcome({ accessToken: "secret", dangerouslyAllowBrowser: true }),
      outcome({ apiKey: () => "secret", organizationId }),
      outcome({}),
    ];
  });
  for (const refused of outcomes.slice(0, 2)) {
    assert.match(refused, /^ConfigurationError: .*forwarder/);
    assert.doesNotMatch(refused, /secret/);
  }
  assert.deepEqual(outcomes.slice(2), ["created", "created", "created"]);
});

test("if the wasm cannot be fetched, its bundled copy is used", async (test) => {
  const html = "<!doctype html><title>Not here</title>";
  for (const [what, copies, response] of [
    ["a 404", 1, { status: 404, contentType: "text/html", body: html }],
    ["a page in its place", 1, { contentType: "text/html", body: html }],
    ["garbage", 1, { contentType: "application/wasm", body: "garbage" }],
    ["no connection", 1, undefined],
    ["a wrong type", 0, { contentType: "text/plain", path: `${packageFolder}/icloud-ready.wasm` }],
  ]) {
    await test.test(what, async (test) => {
      const { page, sandbox } = await start(test, { expected: networkErrors });
      await page.route("**/icloud-ready.wasm", (route) => (response ? route.fulfill(response) : route.abort()));
      await page.evaluate(() =>
        Promise.all([globalThis.crm.leads.create(globalThis.lead), globalThis.crm.leads.list()]),
      );
      await page.evaluate(() => globalThis.crm.leads.list());
      assert.equal((await sandbox.leads()).length, 1);
      assert.equal(page.requested(".wasm").length, 1);
      assert.equal(page.requested("/inline.js").length, copies);
    });
  }
});
