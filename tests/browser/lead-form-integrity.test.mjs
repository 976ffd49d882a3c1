// The form from an untrusted CDN: with the integrity hashes of the build, browsers do not run a script that was
// tampered with.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { openPage, useChromium } from "./support/browser.mjs";
import { markup, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
const snippet = await readFile(join(packageFolder, "lead-form/snippet.html"), "utf8");
const hashes = JSON.parse(await readFile(join(packageFolder, "lead-form/integrity.json"), "utf8"));

const plain = "<form><input name=leadInformation.firstName><button>Send plainly</button></form>";

/** A CDN with one modified file. */
const tamperedWith = (file) => ({
  scripts: { "access-control-allow-origin": "*" },
  change(path, body) {
    if (path !== file) return body;
    const more = path.endsWith(".wasm") ? Buffer.from([0, 2, 1, 0x74]) : Buffer.from("\n;globalThis.isTampered = true");
    return Buffer.concat([body, more]);
  },
});

/** A page that loads the form from a CDN as the build documents it, except for the modified file. */
async function openFrom(test, tampered) {
  const cdn = await startPages(test, {}, tamperedWith(tampered));
  const forwarder = await startForwarder(test);
  const head = snippet.replaceAll(`https://cdn.example/icloud-ready@${version}`, `${cdn.url}/icloud-ready`);
  const attributes = `schema='${JSON.stringify({ fields: ["phone", "firstName", "city"] })}'`;
  const site = await startPages(test, {
    "/": markup({ endpoint: forwarder.url, scripts: [], head, attributes, inner: plain }),
  });
  const page = await openPage(test, { expected: tampered && /integrity|Failed to load resource/ });
  await page.goto(site.url);
  return { page, form: new LeadForm(page), forwarder, cdn };
}

const isTampered = (page) => page.evaluate(() => globalThis.isTampered ?? false);

test("every script that a page may load from the CDN is listed, and the form works with integrity hashes for all", async (test) => {
  const { page, form, forwarder, cdn } = await openFrom(test);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(forwarder.requests[0].context.phone.check, "strict", "the checks were loaded too");
  const scripts = cdn.requests.map((path) => path.replace("/icloud-ready/", "")).filter((path) => path.endsWith(".js"));
  assert.deepEqual(
    scripts.filter((path) => !hashes[path]),
    [],
  );
  assert.ok(scripts.length >= 5, scripts.join(" "));
  assert.deepEqual(page.complaints, []);
});

for (const file of ["lead-form.js", "lead-form/languages/en.js"]) {
  test(`a tampered ${file} does not run, and the plain form remains`, async (test) => {
    const { page, form } = await openFrom(test, file);
    const isRefused = () => page.complaints.some((message) => message.includes("integrity"));
    await waitUntil("a blocked script or a form", async () => isRefused() || form.submit.isVisible());
    assert.equal(await isTampered(page), false);
    await page.getByRole("button", { name: "Send plainly" }).waitFor();
  });
}

test("a tampered lead-form/deferred.js does not run, and the lead is kept", async (test) => {
  const { page, form, forwarder } = await openFrom(test, "lead-form/deferred.js");
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  assert.equal(await isTampered(page), false);
  assert.equal(forwarder.requests.length, 0);
});

test("a tampered lead-form/background.js does not run, and the lead is sent without attribution", async (test) => {
  const { page, form, forwarder } = await openFrom(test, "lead-form/background.js");
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(await isTampered(page), false);
  const { attribution, page: sentFrom, locale } = forwarder.requests[0].context;
  assert.deepEqual([attribution, sentFrom, locale], [undefined, undefined, "en"]);
});

for (const file of ["lead-form/checks.js", "validation.wasm"]) {
  test(`a tampered ${file} is not used, and the lead is sent`, async (test) => {
    const { page, form, forwarder, cdn } = await openFrom(test, file);
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-accepted");
    assert.equal(await isTampered(page), false);
    const isCopied = cdn.requests.includes("/icloud-ready/runtime/validation-inline.js");
    assert.equal(isCopied, file === "validation.wasm", "the wasm has a copy that is a script");
    assert.equal(forwarder.requests[0].context.phone.check, isCopied ? "strict" : "raw");
  });
}

test("control: without the hashes the tampered script runs", async (test) => {
  const site = await startPages(test, { "/": markup({ endpoint: "/leads" }) }, tamperedWith("lead-form.js"));
  const page = await openPage(test);
  await page.goto(site.url);
  await new LeadForm(page).shown();
  assert.equal(await isTampered(page), true);
});
