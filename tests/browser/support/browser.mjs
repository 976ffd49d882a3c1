// Chromium, and pages that record their errors.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chromiumProgram } from "../../../tools/paths.mjs";

const ARGUMENTS = [
  // Tests run as root in containers, where Chromium's own sandbox does not work.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A guard against hanging, never a measurement: slow machines need more time. */
const TIMEOUT_MS = 120_000;

/** Pages that are empty except for what a test adds. */
export const blankPages = fileURLToPath(new URL("../pages/", import.meta.url));

let browser;

/** Starts one Chromium for all tests of a file. */
export function useChromium() {
  before(async () => {
    browser = await chromium.launch({ executablePath: chromiumProgram(), args: ARGUMENTS, timeout: TIMEOUT_MS });
  });
  after(() => browser?.close());
}

/**
 * A new page. It must have reported no error when the test ends: none on the console, none thrown, no violation of its
 * CSP. `expected` matches the messages that are allowed.
 */
export async function openPage(test, options) {
  const context = await openContext(test, options);
  const page = await context.newPage();
  const requests = [];
  page.on("request", (request) => requests.push(request));
  return Object.assign(page, {
    complaints: context.complaints,
    /** The requests so far whose URL ends with this. */
    requested: (end) => requests.filter((request) => request.url().endsWith(end)),
    requests,
  });
}

/** The browser contexts that a test opened. */
const opened = new WeakMap();

/** Registers a context or browser, which must have `close()`. */
export const opens = (test, context) => opened.set(test, [...(opened.get(test) ?? []), context]);

/** Closes the test's pages before their servers stop, since otherwise they report errors. */
export async function leave(test) {
  await Promise.all((opened.get(test) ?? []).map((context) => context.close()));
}

/** A separate browser context, in which several pages share storage. The same checks apply to each page. */
export async function openContext(test, { expected, ...options } = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(TIMEOUT_MS);
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

/** What Chromium logs for a failed request. */
export const networkErrors = /^console: Failed to load resource/;
