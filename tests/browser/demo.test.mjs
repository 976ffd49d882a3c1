// The demo: outages lose no lead, the page says where each one is, and no other page can cause an outage.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { startDemo } from "../../www/demo/server/demo.mjs";
import { axeScript, violations } from "./support/axe.mjs";
import { leave, openPage, useChromium } from "./support/browser.mjs";
import { startSandbox } from "./support/sandbox.mjs";

useChromium();

async function openDemo(test, options) {
  const sandbox = await startSandbox(test);
  const folder = await mkdtemp(join(tmpdir(), "icloud-ready-demo-"));
  const demo = await startDemo({ api: sandbox.url, control: sandbox.control, folder });
  test.after(async () => {
    await leave(test);
    await demo.close();
    await rm(folder, { recursive: true, force: true });
  });
  const page = await openPage(test, options);
  await page.addInitScript({ path: axeScript });
  await page.goto(demo.url);
  const text = (id) => page.locator(`#${id}`).innerText();
  /** Waits until the balance is this. */
  const balance = (expected) =>
    waitUntil(
      `the balance ${JSON.stringify(expected)}`,
      async () => {
        const found = await Promise.all(Object.keys(expected).map(text));
        return found.join() === Object.values(expected).join();
      },
      { describe: () => page.locator(".rail").innerText() },
    );
  const station = (name) => page.locator(`#station-${name} .state`);
  await page.locator('#connection[data-state="live"]').waitFor();
  await balance({ total: 1, waiting: 0, delivered: 1, lost: 0 });
  const form = page.frameLocator("#frame").locator("icloud-ready-lead-form");
  await form.locator('[part="submit"]').waitFor();
  return { demo, sandbox, page, form, text, balance, station };
}

test("a Facebook lead arrives once, also while the forwarder is down", async (test) => {
  const { page, sandbox, balance } = await openDemo(test);
  await page.getByRole("button", { name: "A Facebook lead arrives" }).click();
  await balance({ total: 2, waiting: 0, delivered: 2, lost: 0 });
  await page.getByRole("button", { name: "Kill the process" }).click();
  await page.getByRole("button", { name: "A Facebook lead arrives" }).click();
  await page.getByRole("button", { name: "Start it again" }).click();
  await balance({ total: 3, waiting: 0, delivered: 3, lost: 0 });
  const sources = (await sandbox.leads()).map(({ leadSource }) => leadSource);
  assert.equal(sources.filter((source) => source === "facebook_ads").length, 2);
});

test("ten leads that are sent while the CRM is down arrive when it is back", async (test) => {
  const { page, form, sandbox, balance, station } = await openDemo(test);
  await page.getByRole("button", { name: "Down" }).click();
  await station("crm").getByText("503").waitFor();
  await page.getByRole("button", { name: "Send ten leads" }).click();
  await balance({ total: 11, waiting: 10, delivered: 1, lost: 0 });
  await form.getByText("Thank you. We have your request.").waitFor();
  await station("forwarder").getByText("10 leads stored on disk").waitFor();
  assert.equal(await page.locator('#leads [data-place="forwarder"]').count(), 10);
  assert.equal((await sandbox.leads()).length, 1);

  await page.getByRole("button", { name: "Up" }).click();
  await balance({ total: 11, waiting: 0, delivered: 11, lost: 0 });
  const ids = (await sandbox.leads()).map(({ customField }) => JSON.parse(customField).submissionId);
  assert.equal(ids.length, 11, "no lead twice");
  assert.equal(new Set(ids).size, 11);
  assert.equal(await page.locator('#leads [data-place="crm"]').count(), 11);
  assert.doesNotMatch(await page.locator("#leads").innerText(), /[{}]/, "no JSON");
});

test("leads that are sent while the forwarder is dead stay in the browser until it is back", async (test) => {
  const { page, form, sandbox, balance, station } = await openDemo(test, {
    expected: /ERR_CONNECTION_REFUSED|Failed to load resource/,
  });
  await page.getByRole("button", { name: "Kill the process" }).click();
  await station("forwarder").getByText("The process is dead").waitFor();
  await page.getByRole("button", { name: "Send ten leads" }).click();
  await balance({ total: 11, waiting: 10, delivered: 1, lost: 0 });
  await form.getByText("Your request is saved").waitFor();
  await station("page").getByText("10 leads stored in this browser").waitFor();

  await page.getByRole("button", { name: "Start it again" }).click();
  await balance({ total: 11, waiting: 0, delivered: 11, lost: 0 });
  assert.equal((await sandbox.leads()).length, 11);
});

test("a killed forwarder continues with what it had stored, and lost responses cause no duplicates", async (test) => {
  const { page, sandbox, balance, station } = await openDemo(test);
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  await press("Down");
  await station("crm").getByText("503").waitFor();
  await press("Send ten leads");
  await station("forwarder").getByText("10 leads stored on disk").waitFor();
  await press("Kill the process");
  await station("forwarder").getByText("The process is dead").waitFor();
  await press("Silent");
  await station("crm").getByText("never arrive").waitFor();
  await press("Start it again");
  // The leads arrive, and the forwarder does not learn it.
  await waitUntil("ten more leads in the CRM", async () => (await sandbox.leads()).length >= 11);
  await press("Up");
  await station("crm").getByText("Accepts leads").waitFor();
  await balance({ total: 11, waiting: 0, delivered: 11, lost: 0 });
  await station("forwarder").getByText("Nothing waits").waitFor();
  assert.equal((await sandbox.leads()).length, 11);
});

test("only the demo's own page causes outages", async (test) => {
  const { demo, page } = await openDemo(test);
  assert.doesNotMatch(page.url(), new RegExp(demo.token), "the token is removed from the address");
  /** `fetch` would set the host and the origin itself. */
  const send = (path, { method = "POST", headers = {}, body = "{}" } = {}) =>
    new Promise((resolve, reject) => {
      const { host } = new URL(demo.origin);
      const sent = { host, origin: demo.origin, "x-demo-token": demo.token, ...headers };
      const request = httpRequest(demo.origin + path, { method, headers: sent }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      });
      request.on("error", reject).end(method === "GET" ? undefined : body);
    });
  const kill = '{"forwarder":"kill"}';
  assert.equal(await send("/api/control", { body: '{"crm":"up"}' }), 200, "the control");
  assert.equal(await send("/api/control", { method: "GET" }), 405);
  assert.equal(await send("/api/state", { method: "GET" }), 405);
  for (const path of ["/api/control", "/api/state"]) {
    assert.equal(await send(path, { headers: { "x-demo-token": "" }, body: kill }), 403);
    assert.equal(await send(path, { headers: { "x-demo-token": demo.token.slice(1) }, body: kill }), 403);
    assert.equal(await send(path, { headers: { origin: "http://elsewhere.example" }, body: kill }), 403);
    assert.equal(await send(path, { headers: { host: "elsewhere.example" }, body: kill }), 403);
  }
  for (const body of ["[", "1", "null", '{"crm":"gone"}', '{"crm":"constructor"}', '{"forwarder":"x"}', '{"x":1}'])
    assert.equal(await send("/api/control", { body }), 400, body);
  assert.equal(await send("/api/other"), 404);
  await page.locator('#station-forwarder[data-state="ok"]').waitFor();
});

test("the demo's page is accessible, and fits every screen", async (test) => {
  const { page, balance } = await openDemo(test, { viewport: { width: 1280, height: 900 } });
  await page.getByRole("button", { name: "Send ten leads" }).click();
  await balance({ total: 11, waiting: 0, delivered: 11, lost: 0 });
  await page.locator("summary").first().click();
  assert.deepEqual(await violations(page), []);
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels at a width of ${width}`);
  }
});
