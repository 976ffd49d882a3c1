// WebKitGTK's MiniBrowser, on its own display.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { opens } from "../../browser/support/browser.mjs";
import { stateOf, waitForForm } from "./form-tab.mjs";
import { start } from "./webdriver.mjs";

const architecture = { x64: "x86_64", arm64: "aarch64" }[process.arch];
const binary = `/usr/lib/${architecture}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;
const ENTER = "\uE007";

let display;
let browser;

/** Starts one browser for all tests of a file; returns a function that returns it. */
export function useWebKit() {
  before(async () => {
    // It prints the number of its display.
    display = spawn("Xvfb", ["-displayfd", "1", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
    const [number] = await once(display.stdout, "data");
    const capabilities = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
    browser = await start("WebKitWebDriver", capabilities, { DISPLAY: `:${number}`.trim() });
    await browser.setScriptTimeout(100_000);
  });
  after(async () => {
    await browser?.close();
    display?.kill();
  });
  return () => browser;
}

/** What tabs share, as visits.mjs requires it; closed with the test. */
export async function profile(test) {
  const tabs = new Set();
  const openTab = async () => {
    const tab = tabOf(await browser.newWindow(), () => tabs.delete(tab));
    tabs.add(tab);
    return tab;
  };
  const close = async () => {
    for (const tab of [...tabs]) await tab.close();
  };
  opens(test, { close });
  return { openTab };
}

/** The session is in one window at a time. */
function tabOf(window, closed) {
  const within =
    (work) =>
    async (...args) => {
      await browser.go(window);
      return work(...args);
    };
  const evaluate = within(async (script) => {
    const { value, error } = await browser.run(
      `const done = arguments[0];
       Promise.resolve().then(${script}).then((value) => done({ value }), (error) => done({ error: String(error) }));`,
      [],
    );
    if (error) throw new Error(error);
    return value ?? undefined;
  });
  /** `twice`: the button clicks itself a second time, since this driver has no double click. */
  const find = (selector, twice = false) =>
    browser.find(
      `const found = document.querySelector("icloud-ready-lead-form").shadowRoot.querySelector(arguments[0]);
       globalThis.isPressed = false;
       found.addEventListener("click", () => (globalThis.isPressed = true), { once: true });
       if (arguments[1]) found.addEventListener("click", () => setTimeout(() => found.click()), { once: true });
       return found;`,
      [selector, twice],
    );
  /** A driver clicks where the element was a moment ago; a visitor who sees it move clicks again. */
  const press = async (name, times) => {
    for (let turn = 0; turn < 10; turn += 1) {
      const element = await find(`[part=${name}]`, turn === 0 && times === 2);
      await element.click();
      for (let attempt = 0; attempt < 25; attempt += 1) {
        if (await browser.run("arguments[0](globalThis.isPressed)", [])) return;
        await pause(20);
      }
    }
    throw new Error(`ten clicks on ${name} did not reach it`);
  };
  return {
    open: within(async (url) => {
      await browser.open(url);
      await waitForForm(evaluate);
    }),
    fill: within(async (values) => {
      for (const [name, text] of Object.entries(values)) await (await find(`#${name}`)).type(text);
    }),
    press: within(press),
    enter: within(async (name) => (await find(`#${name}`)).type(ENTER)),
    state: () => stateOf(evaluate),
    evaluate,
    close: within(async () => {
      await browser.closeWindow();
      closed();
    }),
  };
}
