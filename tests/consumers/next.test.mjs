// A Next.js app: a client component, a route handler in Node.js and one in the edge runtime.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { networkErrors, openPage, useChromium } from "../browser/support/browser.mjs";
import { prepare } from "../runtimes/support/cell.mjs";
import { run } from "../runtimes/support/project.mjs";
import { serving, template } from "./support/template.mjs";

const project = process.env.ICLOUD_READY_TARBALL_DIR;
const OFFLINE = { NEXT_TELEMETRY_DISABLED: "1" };

useChromium();

for (const bundler of ["--turbopack", "--webpack"]) {
  test(`next build ${bundler}`, { timeout: 900_000 }, async (test) => {
    const cwd = await template(test, "next");
    const [tarball] = (await readdir(project)).filter((name) => name.endsWith(".tgz"));
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["ci", "--ignore-scripts", ...quiet], cwd);
    await run("npm", ["install", "--no-save", "--ignore-scripts", ...quiet, join(project, tarball)], cwd);
    const next = join(cwd, "node_modules/next/dist/bin/next");
    await run(process.execPath, [next, "build", bundler], cwd, OFFLINE);
    const url = await serving(test, next, ["start", "--hostname", "127.0.0.1", "--port"], cwd, OFFLINE);
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
        const answer = await fetch(url + path, { method: "POST", body: JSON.stringify(settings) });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`the app answered ${answer.status}: ${text}`);
        await judge(JSON.parse(text), ["slim"]);
      });
    }
  });
}
