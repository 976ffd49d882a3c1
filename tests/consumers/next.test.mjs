// A Next.js app: a client component, a route handler in Node.js and one in the edge runtime.

import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { API_KEY, ORGANIZATION, startSandbox } from "../../tools/sandbox.mjs";
import { networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { prepare } from "../runtimes/support/cell.mjs";
import { run } from "../runtimes/support/project.mjs";
import { checkForm } from "./support/form-app.mjs";
import { folder, serving, template } from "./support/template.mjs";

const project = process.env.ICLOUD_READY_TARBALL_DIR;
const OFFLINE = { NEXT_TELEMETRY_DISABLED: "1" };

useChromium();

/** Installs an app's dependencies and the package, builds the app and starts it; returns its URL. */
async function buildAndStart(test, cwd, options, environment = {}) {
  const [tarball] = (await readdir(project)).filter((name) => name.endsWith(".tgz"));
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["ci", "--ignore-scripts", ...quiet], cwd);
  await run("npm", ["install", "--no-save", "--ignore-scripts", ...quiet, join(project, tarball)], cwd);
  const next = join(cwd, "node_modules/next/dist/bin/next");
  await run(process.execPath, [next, "build", ...options], cwd, OFFLINE);
  const args = ["start", "--hostname", "127.0.0.1", "--port"];
  return serving(test, next, args, cwd, { ...OFFLINE, ...environment });
}

for (const bundler of ["--turbopack", "--webpack"]) {
  test(`next build ${bundler}`, { timeout: 900_000 }, async (test) => {
    const cwd = await template(test, "next");
    const url = await buildAndStart(test, cwd, [bundler]);
    await test.test("a client component", async (test) => {
      const { settings, judge } = await prepare(test);
      const page = await openPage(test, { expected: networkErrors });
      await page.goto(url);
      await page.waitForFunction(() => globalThis.run);
      await judge(await page.evaluate((settings) => run(settings), settings), ["slim"]);
    });
    for (const [name, path] of [
      ["a route handler", "api/leads"],
      ["a route handler in the edge runtime", "api/edge"],
    ]) {
      await test.test(name, async (test) => {
        const { settings, judge } = await prepare(test);
        const response = await fetch(url + path, { method: "POST", body: JSON.stringify(settings) });
        const text = await response.text();
        if (!response.ok) throw new Error(`the app responded with ${response.status}: ${text}`);
        await judge(JSON.parse(text), ["slim"]);
      });
    }
  });
}

test(
  "the example nextjs: the form on a page that a server rendered creates a lead",
  { timeout: 900_000 },
  async (test) => {
    const sandbox = await startSandbox(test);
    const cwd = await folder(test, "nextjs");
    await cp(fileURLToPath(new URL("../../examples/nextjs", import.meta.url)), cwd, { recursive: true });
    // With versions that are pinned.
    for (const file of ["package.json", "package-lock.json", ".npmrc"])
      await cp(fileURLToPath(new URL(`templates/next/${file}`, import.meta.url)), join(cwd, file));
    const url = await buildAndStart(test, cwd, [], {
      ICLOUDREADY_BASE_URL: sandbox.url,
      ICLOUDREADY_API_KEY: API_KEY,
      ICLOUDREADY_ORGANIZATION_ID: ORGANIZATION,
    });
    await checkForm(test, url, sandbox);
  },
);
