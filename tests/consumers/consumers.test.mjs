// Projects that install the package and build and run with nothing beyond their own template.

import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { cell } from "../runtimes/support/cell.mjs";
import { report, run } from "../runtimes/support/project.mjs";
import { serve } from "../runtimes/support/site.mjs";
import { serving, template, tool } from "./support/template.mjs";

useChromium();

const OFFLINE = { WRANGLER_SEND_METRICS: "false", CI: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
const node = process.execPath;

/** What a page's `run` gives. */
async function inPage(test, url, settings) {
  // Where a bundler leaves the wasm behind, Chromium says that it is not there.
  const page = await openPage(test, { expected: networkErrors });
  await page.goto(url);
  await page.waitForFunction(() => globalThis.run);
  return page.evaluate((settings) => run(settings), settings);
}

/** What the page in a folder of built files gives. */
async function built(test, folder, settings) {
  const { url } = await serve(test, { folder });
  return inPage(test, url, settings);
}

cell("vite, its development server", async (settings, test) => {
  const cwd = await template(test, "vite");
  const url = await serving(test, tool("vite/bin/vite.js"), ["--host", "127.0.0.1", "--strictPort", "--port"], cwd);
  return inPage(test, url, settings);
});

cell("vite, its build", async (settings, test) => {
  const cwd = await template(test, "vite");
  await run(node, [tool("vite/bin/vite.js"), "build"], cwd);
  return built(test, join(cwd, "dist"), settings);
});

const without = ["slim"];

cell(
  "webpack",
  async (settings, test) => {
    const cwd = await template(test, "webpack");
    await run(node, [tool("webpack-cli/bin/cli.js"), "--mode", "production"], cwd);
    await cp(join(cwd, "index.html"), join(cwd, "dist/index.html"));
    return built(test, join(cwd, "dist"), settings);
  },
  { without },
);

cell(
  "rollup",
  async (settings, test) => {
    const cwd = await template(test, "rollup");
    await run(node, [tool("rollup/dist/bin/rollup"), "--config"], cwd);
    await cp(join(cwd, "index.html"), join(cwd, "dist/index.html"));
    return built(test, join(cwd, "dist"), settings);
  },
  { without },
);

for (const [name, options] of [
  ["modules", ["--format=esm", "--splitting"]],
  ["one script", ["--format=iife"]],
]) {
  cell(
    `esbuild for browsers, as ${name}`,
    async (settings, test) => {
      const cwd = await template(test, "esbuild");
      await run(
        tool("esbuild/bin/esbuild"),
        ["src/index.js", "--bundle", "--minify", "--outdir=dist", ...options],
        cwd,
      );
      await cp(join(cwd, "index.html"), join(cwd, "dist/index.html"));
      return built(test, join(cwd, "dist"), settings);
    },
    { without },
  );
}

for (const [format, extension] of [
  ["esm", "mjs"],
  ["cjs", "cjs"],
]) {
  cell(
    `esbuild for Node.js, as ${format}`,
    async (settings, test) => {
      const cwd = await template(test, "esbuild");
      const output = `dist/server.${extension}`;
      const options = ["--bundle", "--platform=node", `--format=${format}`, `--outfile=${output}`];
      await run(tool("esbuild/bin/esbuild"), ["src/server.js", ...options], cwd);
      return report(node, [output, JSON.stringify(settings)], cwd);
    },
    { without },
  );
}

for (const [environment, document] of [
  ["node", "undefined"],
  ["jsdom", "object"],
]) {
  cell(
    `vitest in ${environment}`,
    async (settings, test) => {
      const cwd = await template(test, "vitest");
      await writeFile(join(cwd, "settings.json"), JSON.stringify({ ...settings, document }));
      await run(node, [tool("vitest/vitest.mjs"), "run", `--environment=${environment}`], cwd);
      return JSON.parse(await readFile(join(cwd, "report.json"), "utf8"));
    },
    { without },
  );
}

cell("wrangler, its development server", async (settings, test) => {
  const cwd = await template(test, "wrangler");
  const url = await serving(
    test,
    tool("wrangler/bin/wrangler.js"),
    ["dev", "--ip", "127.0.0.1", "--port"],
    cwd,
    OFFLINE,
  );
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(settings) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the worker answered ${answer.status}: ${text}`);
  return JSON.parse(text);
});

cell("require() from CommonJS", async (settings, test) => {
  const cwd = await template(test, "commonjs");
  return report(node, ["index.js", JSON.stringify(settings)], cwd);
});

for (const [name, folder, file, flags] of [
  ["Jest, CommonJS", "jest", "scenario.test.cjs", []],
  ["Jest, ES modules", "jest", "scenario.test.mjs", ["--experimental-vm-modules"]],
  ["ts-jest, module commonjs", "ts-jest", "scenario.test.ts", []],
]) {
  cell(
    name,
    async (settings, test) => {
      const cwd = await template(test, folder);
      await writeFile(join(cwd, "settings.json"), JSON.stringify(settings));
      const scenario = await readFile(join(cwd, "scenario.mjs"), "utf8");
      await writeFile(
        join(cwd, "scenario.cjs"),
        `${scenario.replaceAll("export ", "")}module.exports = { scenario };\n`,
      );
      await run(node, [...flags, tool("jest/bin/jest.js"), file], cwd);
      return JSON.parse(await readFile(join(cwd, "report.json"), "utf8"));
    },
    { without: file.endsWith(".cjs") ? [] : without },
  );
}

test("errors of the two builds are instances of each other's classes", async (test) => {
  const cwd = await template(test, "commonjs");
  await writeFile(
    join(cwd, "both.mjs"),
    `import * as esm from "icloud-ready";
     import { createRequire } from "node:module";
     const cjs = createRequire(import.meta.url)("icloud-ready");
     const fail = ({ ICloudReady }) => new ICloudReady({ accessToken: "x" }).leads.create({}).catch((error) => error);
     const [one, other] = [await fail(esm), await fail(cjs)];
     console.log(JSON.stringify([
       esm.ICloudReady !== cjs.ICloudReady,
       one instanceof cjs.ValidationError && cjs.isICloudReadyError(one),
       other instanceof esm.ValidationError && esm.isICloudReadyError(other),
     ]));`,
  );
  assert.deepEqual(await report(node, ["both.mjs"], cwd), [true, true, true]);
});
