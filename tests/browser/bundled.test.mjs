// The package's browser entry as a bundler emits it, in one script with the wasm's inline copy in a chunk; and the lead
// form.

import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { serve } from "../../www/server.mjs";
import { blankPages, leave, networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { ACCESS_TOKEN } from "../../tools/sandbox.mjs";
import { startSandbox } from "./support/sandbox.mjs";

useChromium();

/** Bundles a script that imports the package for browsers into a site's folder; returns the folder. */
async function bundleInto(test, contents) {
  const site = await mkdtemp(join(tmpdir(), "icloud-ready-bundle-"));
  test.after(() => rm(site, { recursive: true }));
  await build({
    // Inside the package, its own name resolves through its `exports`, as it does for users.
    stdin: { contents, resolveDir: packageFolder },
    conditions: ["browser"],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    outdir: join(site, "assets"),
    entryNames: "app",
    chunkNames: "chunk-[hash]",
  });
  return site;
}

/** A site with the client; returns it and the script of the inline copy. */
async function bundle(test) {
  const site = await bundleInto(test, 'export { ICloudReady } from "icloud-ready";');
  for (const name of await readdir(blankPages)) await copyFile(join(blankPages, name), join(site, name));

  const wasm = await readFile(join(packageFolder, "icloud-ready.wasm"), "base64");
  const copies = [];
  for (const name of await readdir(join(site, "assets"))) {
    if ((await readFile(join(site, "assets", name), "utf8")).includes(wasm)) copies.push(name);
  }
  assert.equal(copies.length, 1);
  assert.notEqual(copies[0], "app.js");
  return { site, copy: copies[0] };
}

/** Creates a lead through the bundle; returns the page. */
async function create(test, site, expected) {
  const sandbox = await startSandbox(test);
  const served = await serve({ connect: [new URL(sandbox.url).origin], folder: packageFolder, site });
  test.after(() => served.close());
  await sandbox.switches({ cors: [new URL(served.url).origin] });
  const page = await openPage(test, { expected });
  await page.goto(`${served.url}blank.html`);
  const created = await page.evaluate(
    async ([baseURL, token]) => {
      const { ICloudReady } = await import("/assets/app.js");
      const crm = new ICloudReady({ baseURL, accessToken: () => token });
      return crm.leads.create({ leadInformation: { firstName: "Mona", phone: "+201001234567" } });
    },
    [sandbox.url, ACCESS_TOKEN],
  );
  assert.deepEqual(await sandbox.leads(), [created]);
  return page;
}

test("without the wasm file next to the script, the bundled copy is loaded", async (test) => {
  const { site, copy } = await bundle(test);
  const page = await create(test, site, networkErrors);
  assert.equal(page.requested(".wasm").length, 1);
  assert.equal(page.requested(copy).length, 1);
});

test("with the wasm file where the script expects it, the bundled copy is not loaded", async (test) => {
  const { site, copy } = await bundle(test);
  await copyFile(join(packageFolder, "icloud-ready.wasm"), join(site, "icloud-ready.wasm"));
  const page = await create(test, site);
  assert.equal(page.requested(".wasm").length, 1);
  assert.equal(page.requested(copy).length, 0);
});

test("the lead form loads its deferred parts from the bundle, including the wasm of the checks", async (test) => {
  const site = await bundleInto(test, 'import "icloud-ready/lead-form";');
  const forwarder = await startForwarder(test);
  const schema = JSON.stringify({ fields: ["firstName", "phone", { name: "interests", options: ["Villa"] }] });
  await writeFile(
    join(site, "form.html"),
    markup({ endpoint: forwarder.url, lang: "fr", attributes: `schema='${schema}'`, scripts: ["/assets/app.js"] }),
  );
  const served = await serve({ connect: [new URL(forwarder.url).origin], folder: packageFolder, site });
  test.after(() => leave(test).then(served.close));
  // The wasm is not next to the script, and what a server returns in its place has another hash.
  const page = await openPage(test, { expected: /Failed to load resource|integrity/ });
  await page.goto(`${served.url}form.html`);
  const form = new LeadForm(page);
  await form.input("interests").check();
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  const [{ lead, context }] = forwarder.requests;
  assert.deepEqual(lead, { leadInformation: visitor, interests: ["Villa"] });
  assert.deepEqual([context.locale, context.phone.check], ["fr", "strict"]);
  assert.deepEqual(page.requests.filter((request) => request.url().includes("/icloud-ready/")).length, 0);
});
