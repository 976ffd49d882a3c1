// Projects that install the package and build and run with only their own template.

import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { ACCESS_TOKEN, startSandbox } from "../../tools/sandbox.mjs";
import { networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { cell } from "../runtimes/support/cell.mjs";
import { startForwarder } from "../browser/support/forwarder.mjs";
import { visitor } from "../browser/support/form-page.mjs";
import { LeadForm } from "../browser/support/lead-form.mjs";
import { report, run } from "../runtimes/support/project.mjs";
import { serve } from "../runtimes/support/site.mjs";
import { serving, template, tool } from "./support/template.mjs";

useChromium();

const OFFLINE = { WRANGLER_SEND_METRICS: "false", CI: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
const node = process.execPath;

/** The result of a page's `run`. */
async function inPage(test, url, settings) {
  // If a bundler omits the wasm, Chromium logs that it is missing.
  const page = await openPage(test, { expected: networkErrors });
  await page.goto(url);
  await page.waitForFunction(() => globalThis.run);
  return page.evaluate((settings) => run(settings), settings);
}

/** The result of the page in a folder of built files. */
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
  const response = await fetch(url, { method: "POST", body: JSON.stringify(settings) });
  const text = await response.text();
  if (!response.ok) throw new Error(`the Worker responded with ${response.status}: ${text}`);
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

test("LeadForm in a Vite app sends a lead", async (test) => {
  const cwd = await template(test, "vite-react");
  await run(node, [tool("vite/bin/vite.js"), "build"], cwd);
  const forwarder = await startForwarder(test);
  const { url } = await serve(test, { folder: join(cwd, "dist") });
  const page = await openPage(test, { expected: networkErrors });
  await page.goto(`${url}?endpoint=${forwarder.url}`);
  const form = new LeadForm(page);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  const { submissionId } = await page.evaluate(() => globalThis.accepted);
  assert.equal(forwarder.leads.get(submissionId).lead.leadInformation.firstName, visitor.firstName);
});

test("LeadForm renders from CommonJS: on a server, and in jsdom without the element", async (test) => {
  const cwd = await template(test, "commonjs");
  await writeFile(
    join(cwd, "render.js"),
    `const { JSDOM } = require("jsdom");
     const { createElement } = require("react");
     const { renderToString } = require("react-dom/server");
     const app = () => createElement(require("icloud-ready/react").LeadForm, { country: "EG", draft: true });
     const onServer = renderToString(app());
     const { window } = new JSDOM('<div id="app"></div>');
     const errors = [];
     window.addEventListener("error", ({ message }) => errors.push(message));
     for (const name of ["document", "navigator", "HTMLElement", "customElements", "CSSStyleSheet"])
       Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
     globalThis.window = window;
     for (const file of Object.keys(require.cache)) if (file.includes("icloud-ready/")) delete require.cache[file];
     const place = window.document.querySelector("#app");
     const { flushSync } = require("react-dom");
     const root = require("react-dom/client").createRoot(place);
     flushSync(() => root.render(app()));
     console.log(JSON.stringify([onServer, place.innerHTML, errors]));
     process.exit();`,
  );
  const html = '<icloud-ready-lead-form country="EG" draft=""></icloud-ready-lead-form>';
  assert.deepEqual(await report(node, ["render.js"], cwd), [html, html, []]);
});

test("Node.js through a proxy: the recipe of the README", async (test) => {
  const targets = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    targets.push(request.url);
    const [host, port] = request.url.split(":");
    const upstream = connect(port, host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on("error", () => end.destroy());
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  test.after(() => (proxy.closeAllConnections(), proxy.close()));
  const sandbox = await startSandbox(test);
  const cwd = await template(test, "commonjs");
  const readme = await readFile(new URL("../../pkg-template/README.md", import.meta.url), "utf8");
  const [, recipe] = /```js\n([^`]*EnvHttpProxyAgent[^`]*)```/.exec(readme);
  const script = recipe
    .replace("{ accessToken,", `{ accessToken: "${ACCESS_TOKEN}", baseURL: "${sandbox.url}",`)
    .concat("console.log(JSON.stringify((await crm.leads.list()).data)); process.exit();");
  await writeFile(join(cwd, "proxy.mjs"), script);
  const variable = `http://127.0.0.1:${proxy.address().port}`;
  const environment = { http_proxy: variable, HTTP_PROXY: variable, no_proxy: "", NO_PROXY: "" };
  assert.deepEqual(await report(node, ["proxy.mjs"], cwd, environment), []);
  assert.deepEqual([...new Set(targets)], [new URL(sandbox.url).host]);
});

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
