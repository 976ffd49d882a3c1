// The form as a visitor uses it, in Chromium.

import { setTimeout as pause } from "node:timers/promises";
import { MAX_WAIT_MS, waitUntil, within } from "../../../tools/wait.mjs";

/** How long a warning must be visible before the same content confirms it, in milliseconds. */
export const DOUBT_MS = 600;

export class LeadForm {
  constructor(page, selector = "icloud-ready-lead-form") {
    this.page = page;
    this.element = page.locator(selector);
    this.submit = this.part("submit");
    this.status = this.part("status");
  }

  /** Waits until the form is usable. */
  shown() {
    return this.submit.waitFor();
  }

  part(name) {
    return this.element.locator(`[part="${name}"]`);
  }

  input(name) {
    return this.element.locator(`[id="${name}"]`);
  }

  async fill(values) {
    for (const [name, value] of Object.entries(values)) await this.input(name).fill(value);
  }

  /** Presses the button and waits for the outcome: the event's name. */
  async send() {
    await this.element.evaluate((form) => {
      globalThis.outcome = new Promise((resolve) => {
        const onEvent = ({ type }) => resolve(type);
        // A guard against hanging: the error then says what the form shows.
        setTimeout(
          () => resolve(`no outcome: ${form.shadowRoot.querySelector("[part=root]").innerText.slice(0, 200)}`),
          120_000,
        );
        for (const name of ["lead-accepted", "lead-queued", "lead-error"])
          form.addEventListener(name, onEvent, { once: true });
      });
    });
    await this.submit.click();
    return within(
      "an event with the outcome",
      MAX_WAIT_MS,
      this.page.evaluate(() => globalThis.outcome),
    );
  }

  /** Submits again after the warning was visible for long enough. */
  async confirm() {
    await pause(DOUBT_MS + 100);
    return this.send();
  }

  /**
   * Waits until the form has this state: `editing`, `sending`, `accepted`, `queued`, `held`, `refused`, `challenge`.
   */
  reaches(state) {
    return this.element.locator(`[data-state="${state}"]`).waitFor();
  }

  state() {
    return this.part("root").getAttribute("data-state");
  }

  /** The error of a field, as assistive technology reads it. */
  error(name) {
    return this.input(name).evaluate((input) => {
      if (input.getAttribute("aria-invalid") !== "true") return;
      return input.getRootNode().getElementById(`${input.name}-error`).textContent;
    });
  }

  /** Waits until a field has the focus: the form moves it after validation, which may load a script. */
  async focuses(name) {
    let focused;
    const isFocused = async () => {
      focused = await this.element.evaluate((form) => form.shadowRoot.activeElement?.getAttribute("name"));
      return focused === name;
    };
    await waitUntil(`the focus on ${name}`, isFocused, { describe: async () => `it is on ${focused}` });
  }
}

/** A tab with the interface that the tests of all browsers use: see visits.mjs. */
export function tabOf(page) {
  const form = new LeadForm(page);
  /** A driver clicks where the element was a moment ago; a visitor who sees it move clicks again. */
  const press = async (name, clickCount) => {
    const button = form.part(name);
    for (let turn = 0; turn < 10; turn += 1) {
      await button.evaluate((found) => {
        globalThis.isPressed = false;
        found.addEventListener("click", () => (globalThis.isPressed = true), { once: true });
      });
      await button.click({ clickCount });
      for (let attempt = 0; attempt < 25; attempt += 1) {
        if (await page.evaluate(() => globalThis.isPressed)) return;
        await pause(20);
      }
    }
    throw new Error(`ten clicks on ${name} did not reach it`);
  };
  return {
    open: async (url) => {
      await page.goto(url);
      await form.shown();
    },
    fill: (values) => form.fill(values),
    press,
    enter: (name) => form.input(name).press("Enter"),
    state: () => form.state(),
    evaluate: (script) => page.evaluate(script),
    close: () => page.close(),
    keyboard: page.keyboard,
  };
}
