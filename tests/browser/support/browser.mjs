// Chromium, and pages that remember what they complained about.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chromiumProgram } from "../../../tools/paths.mjs";

const ARGUMENTS = [
  // Tests run as root in containers, where Chromium's own sandbox does not.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A guard against hanging, never a measurement: a slow machine takes its time. */
const PATIENCE = 120_000;

/** Pages that are empty except for what a test adds. */
export const blankPages = fileURLToPath(new URL("../pages/", import.meta.url));

let browser;

/** Has one Chromium run for all tests of a file. */
export function useChromium() {
  before(async () => {
    browser = await chromium.launch({ executablePath: chromiumProgram(), args: ARGUMENTS, timeout: PATIENCE });
  });
  after(() => browser?.close());
}

/**
 * A page of its own. When the test ends it must have complained of nothing: no error on the
 * console, none thrown, no violation of its CSP. `expected` names what may be said all the same.
 */
export async function openPage(test, options) {
  const context = await openContext(test, options);
  const page = await context.newPage();
  const requests = [];
  page.on("request", (request) => requests.push(request));
  return Object.assign(page, {
    complaints: context.complaints,
    /** The requests so far whose address ends like this. */
    asked: (end) => requests.filter((request) => request.url().endsWith(end)),
    requests,
  });
}

/** The browsers that a test opened. */
const opened = new WeakMap();

/** Notes one, whosever it is: it has `close()`. */
export const opens = (test, context) => opened.set(test, [...(opened.get(test) ?? []), context]);

/** Closes the test's pages: whatever serves them must outlive them, or they complain of it. */
export async function leave(test) {
  await Promise.all((opened.get(test) ?? []).map((context) => context.close()));
}

/** A browser of its own, in which several pages share what is stored. The same is asked of each. */
export async function openContext(test, { expected, ...options } = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  opens(test, context);
  const complaints = [];
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`thrown: ${error.stack ?? error}`));
  });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
      console.error(`CSP: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  test.after(async () => {
    await context.close();
    assert.deepEqual(
      complaints.filter((complaint) => !expected?.test(complaint)),
      [],
    );
  });
  return Object.assign(context, { complaints });
}

/** What Chromium logs of a failed request. */
export const networkErrors = /^console: Failed to load resource/;
