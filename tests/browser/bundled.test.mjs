// The package's browser entry as a bundler leaves it: in one script, the wasm's copy in a chunk.

import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { serve } from "../../www/server.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { blankPages, packageFolder } from "./support/places.mjs";
import { accessToken, startSandbox } from "./support/sandbox.mjs";

useChromium();

/** Bundles the package for the browser into a site's folder; gives it and the copy's script. */
async function bundle(test) {
  const site = await mkdtemp(join(tmpdir(), "icloud-ready-bundle-"));
  test.after(() => rm(site, { recursive: true }));
  await build({
    // From within, the package's own name leads through its `exports`, as it does for its users.
    stdin: { contents: 'export { ICloudReady } from "icloud-ready";', resolveDir: packageFolder },
    conditions: ["browser"],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    outdir: join(site, "assets"),
    entryNames: "app",
    chunkNames: "chunk-[hash]",
  });
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

/** Creates a lead by the bundle; gives the page. */
async function create(test, site, expected) {
  const sandbox = await startSandbox(test);
  const served = await serve({ connect: [new URL(sandbox.url).origin], folder: packageFolder, site });
  test.after(() => served.close());
  await sandbox.change({ cors: [new URL(served.url).origin] });
  const page = await openPage(test, { expected });
  await page.goto(`${served.url}blank.html`);
  const created = await page.evaluate(
    async ([baseURL, token]) => {
      const { ICloudReady } = await import("/assets/app.js");
      const crm = new ICloudReady({ baseURL, accessToken: () => token });
      return crm.leads.create({ leadInformation: { firstName: "Mona", phone: "+201001234567" } });
    },
    [sandbox.url, accessToken],
  );
  assert.deepEqual(await sandbox.leads(), [created]);
  return page;
}

test("without the wasm beside it, the copy is loaded", async (test) => {
  const { site, copy } = await bundle(test);
  const page = await create(test, site, networkErrors);
  assert.equal(page.asked(".wasm").length, 1);
  assert.equal(page.asked(copy).length, 1);
});

test("with the wasm where the script looks for it, the copy is not", async (test) => {
  const { site, copy } = await bundle(test);
  await copyFile(join(packageFolder, "icloud-ready.wasm"), join(site, "icloud-ready.wasm"));
  const page = await create(test, site);
  assert.equal(page.asked(".wasm").length, 1);
  assert.equal(page.asked(copy).length, 0);
});
