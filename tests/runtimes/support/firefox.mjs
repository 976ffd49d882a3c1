// Firefox ESR, driven over WebDriver BiDi.

import { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { opens } from "../../browser/support/browser.mjs";
import { stateOf, waitForForm } from "./form-tab.mjs";

/** A guard against hanging, never a measurement. */
const timeout = 200_000;

let browser;

/** Starts one Firefox for all tests of a file. */
export function useFirefox() {
  before(async () => {
    const program = { browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true };
    browser = await puppeteer.launch({ ...program, timeout, protocolTimeout: timeout });
  });
  after(() => browser?.close());
}

/** Opens a page; `context`: the context whose storage it shares. */
export async function openPage(context = browser) {
  const page = await context.newPage();
  page.setDefaultTimeout(timeout);
  return page;
}

/** What tabs share, as visits.mjs requires it; removed with the test. */
export async function profile(test) {
  const context = await browser.createBrowserContext();
  opens(test, context);
  return { openTab: async () => tabOf(await openPage(context)) };
}

function tabOf(page) {
  const part = async (selector) => {
    // A visitor sees what they use; a tab in the background is slow.
    await page.bringToFront();
    return page.$(`icloud-ready-lead-form >>> ${selector}`);
  };
  const evaluate = (script) => page.evaluate(script);
  /** A driver clicks where the element was a moment ago; a visitor who sees it move clicks again. */
  const press = async (name, count) => {
    for (let turn = 0; turn < 10; turn += 1) {
      const element = await part(`[part=${name}]`);
      await element.evaluate((found) => {
        globalThis.isPressed = false;
        found.addEventListener("click", () => (globalThis.isPressed = true), { once: true });
      });
      await element.click({ count });
      for (let attempt = 0; attempt < 25; attempt += 1) {
        if (await evaluate(() => globalThis.isPressed)) return;
        await pause(20);
      }
    }
    throw new Error(`ten clicks on ${name} did not reach it`);
  };
  return {
    open: async (url) => {
      await page.goto(url);
      await waitForForm(evaluate);
    },
    fill: async (values) => {
      for (const [name, text] of Object.entries(values)) await (await part(`#${name}`)).type(text);
    },
    press,
    enter: async (name) => (await part(`#${name}`)).press("Enter"),
    state: () => stateOf(evaluate),
    evaluate,
    close: () => page.close(),
    keyboard: page.keyboard,
  };
}
