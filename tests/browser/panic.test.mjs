// What happens to calls when the wasm panics: the package built with the feature `panic-test`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../www/server.mjs";
import { blankPages, openPage, useChromium } from "./support/browser.mjs";
import { panicPackage } from "../../tools/paths.mjs";
import { ACCESS_TOKEN } from "../../tools/sandbox.mjs";
import { startSandbox } from "./support/sandbox.mjs";

useChromium();

// A call that is not settled would wait forever.
test("a panic fails the calls in progress, and the next call works", { timeout: 300_000 }, async (test) => {
  const sandbox = await startSandbox(test);
  const site = await serve({ connect: [new URL(sandbox.url).origin], folder: panicPackage, site: blankPages });
  test.after(() => site.close());
  await sandbox.switches({ cors: [new URL(site.url).origin] });
  const page = await openPage(test);
  await page.goto(`${site.url}blank.html`);
  await sandbox.faults([{ method: "GET", path: "/leads", times: 2, action: { kind: "delay", ms: 4_000 } }]);

  const outcome = await page.evaluate(
    async ([baseURL, token]) => {
      const { ICloudReady, InternalError } = await import("/icloud-ready/runtime/browser.js");
      // The panic is inside a call that the package makes, so the test patches how it makes them.
      const { callWasm } = await import("/icloud-ready/dist/loader/instance.js");
      const { Core } = await import("/icloud-ready/wasm/client.js");
      const crm = new ICloudReady({ baseURL, accessToken: () => token });
      const lead = { leadInformation: { firstName: "Mona", phone: "+201001234567" } };
      await crm.leads.create(lead);

      const calls = [crm.leads.list().then(), crm.withOptions({ strict: true }).leads.list().then()];
      await new Promise((resolve) => setTimeout(resolve, 300));
      const panic = callWasm(() => new Core(0, 0, new Float64Array()).panicForTest());
      const failed = await Promise.all(calls.map((call) => call.catch((error) => error)));

      const created = await crm.leads.create(lead);
      // The late responses to the failed calls arrive meanwhile, and must be ignored.
      await new Promise((resolve) => setTimeout(resolve, 4_200));
      const { data } = await crm.leads.list();
      return {
        panic,
        failed: failed.map((error) => [error instanceof InternalError, error.name, error.code, error.operation]),
        created: created._id,
        listed: data.map(({ _id }) => _id),
      };
    },
    [sandbox.url, ACCESS_TOKEN],
  );

  assert.equal(outcome.panic, undefined);
  const internal = [true, "InternalError", "internal", "leads.list"];
  assert.deepEqual(outcome.failed, [internal, internal]);
  const there = (await sandbox.leads()).map(({ _id }) => _id);
  assert.equal(there.length, 2);
  assert.equal(outcome.created, there[1]);
  assert.deepEqual(outcome.listed.toSorted(), there.toSorted());
});
