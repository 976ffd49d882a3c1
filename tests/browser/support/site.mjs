// The demonstration's site with its lead form, whose leads go through a forwarder to a sandbox.

import { startForwarder } from "../../edge/support/workerd.mjs";
import { serve } from "../../../www/server.mjs";
import { leave, openPage } from "./browser.mjs";
import { packageFolder } from "./places.mjs";
import { startSandbox } from "./sandbox.mjs";

/** The pages, by language. */
export const pages = { en: "index.html", ar: "ar.html" };

/** Starts the site; gives its address and the sandbox behind it. */
export async function startSite(test) {
  const sandbox = await startSandbox(test);
  const forwarder = async (origin) => {
    const { url, close } = await startForwarder({ api: sandbox.url, origin });
    test.after(() => leave(test).then(close));
    return `${url}/leads`;
  };
  const site = await serve({ forwarder, folder: packageFolder });
  test.after(() => leave(test).then(site.close));
  return { site, sandbox };
}

/** Opens the site in a language; gives the page, its form and the sandbox behind it. */
export async function openSite(test, language, options) {
  const { site, sandbox } = await startSite(test);
  const page = await openPage(test, options);
  await page.goto(site.url + pages[language]);
  const form = new LeadForm(page);
  await form.shown();
  return { page, form, sandbox };
}

/** The form as a visitor has it. */
export class LeadForm {
  constructor(page) {
    this.page = page;
    this.element = page.locator("icloud-ready-lead-form");
    this.submit = this.part("submit");
    this.status = this.part("status");
  }

  /** Waits until it is there to be used. */
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

  /** Presses the button and waits for what comes of it: the event's name. */
  async send() {
    await this.element.evaluate((form) => {
      globalThis.outcome = new Promise((resolve) => {
        const told = ({ type }) => resolve(type);
        for (const name of ["lead-accepted", "lead-queued", "lead-error"]) form.addEventListener(name, told, { once: true });
      });
    });
    await this.submit.click();
    return this.page.evaluate(() => globalThis.outcome);
  }

  /** Waits until the form is doing this: `editing`, `sending`, `accepted`, `queued`, `held`, `refused`, `challenge`. */
  reaches(state) {
    return this.element.locator(`[data-state="${state}"]`).waitFor();
  }

  state() {
    return this.part("root").getAttribute("data-state");
  }

  /** What is said to be wrong with a field, as assistive technology is told. */
  error(name) {
    return this.input(name).evaluate((input) => {
      if (input.getAttribute("aria-invalid") !== "true") return;
      return input.getRootNode().getElementById(`${input.name}-error`).textContent;
    });
  }

  /** Which field has the focus. */
  focused() {
    return this.element.evaluate((form) => form.shadowRoot.activeElement?.getAttribute("name"));
  }
}
