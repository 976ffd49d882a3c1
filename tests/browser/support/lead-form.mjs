// The form as a visitor has it, in Chromium.

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

/** A tab as the journeys that all browsers make have it: see visits.mjs. */
export function tabOf(page) {
  const form = new LeadForm(page);
  return {
    open: async (url) => {
      await page.goto(url);
      await form.shown();
    },
    fill: (values) => form.fill(values),
    press: (part, clickCount) => form.part(part).click({ clickCount }),
    enter: (name) => form.input(name).press("Enter"),
    state: () => form.state(),
    evaluate: (script) => page.evaluate(script),
    close: () => page.close(),
    keyboard: page.keyboard,
  };
}
