// The tasks of the modes: a popup and a slide-in are opened by their triggers, a form in steps goes forward and back,
// and each is sent. One trace per phase, and only real clicks and key presses in it, so that every task is the page's.
import { once } from "node:events";
import { median } from "../median.mjs";
import { FORM } from "./pages.mjs";
import { CATEGORIES, longest } from "./tasks.mjs";

const PHASES = ["opened", "forward", "back", "sent"];

/** The modes, by their paths, each with what a visitor does in it. */
const MODES = {
  "/modes/popup": { opened: "[data-lead-form]", sent: "[part=submit]" },
  "/modes/slide-in": { opened: "[part=teaser-button]", sent: "[part=submit]" },
  "/modes/steps": { forward: "[part=next]", back: "[part=back]", sent: "[part=submit]" },
};

const NAMES = { "/modes/popup": "popup", "/modes/slide-in": "slide-in", "/modes/steps": "steps, inline" };

/** What is there once a phase is over: the fields after their trigger, the other step, the thanks. */
const REACHED = {
  opened: "[part=submit]",
  forward: "[part=submit]",
  back: "[part=next]",
  sent: "[data-state=accepted]",
};

/** Uses a form of each mode, and returns the longest task of each phase, in milliseconds. */
export async function measureModes(browser, site, prepare) {
  const samples = {};
  for (const [path, triggers] of Object.entries(MODES)) {
    const { page, close } = await prepare();
    await page.goto(site.url + path);
    await page.waitForLoadState("networkidle");
    const sample = (samples[path] = {});
    for (const phase of PHASES) {
      if (!(phase in triggers)) continue;
      if (phase === "sent") await fill(page, path);
      await page.waitForFunction(shown, [FORM, triggers[phase]], { polling: 100 });
      const [x, y] = await page.evaluate(centerOf, [FORM, triggers[phase]]);
      const sent = phase === "sent" ? once(site.leads, "lead") : undefined;
      await browser.startTracing(page, { categories: CATEGORIES });
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForFunction(shown, [FORM, REACHED[phase]], { polling: 100 });
      await sent;
      await page.waitForLoadState("networkidle");
      sample[phase] = longest(await browser.stopTracing(), () => false);
    }
    await close();
  }
  return samples;
}

/** Fills in the required fields; in steps the contact fields are in the second one. */
async function fill(page, path) {
  if (path.endsWith("steps")) {
    await page.mouse.click(...(await page.evaluate(centerOf, [FORM, "[part=next]"])));
    await page.waitForFunction(shown, [FORM, "[part=submit]"], { polling: 100 });
  }
  for (const [name, text] of Object.entries({ firstName: "Mona", phone: "+201001234567" })) {
    await page.mouse.click(...(await page.evaluate(centerOf, [FORM, `#${name}`])));
    await page.keyboard.type(text);
  }
}

/** Runs in the page. */
function shown([form, selector]) {
  const roots = [document, document.querySelector(form).shadowRoot];
  return roots.some((root) => root.querySelector(selector)?.checkVisibility());
}

/** Runs in the page: scrolls to what a selector finds, in the page or in the form, and returns where it is. */
function centerOf([form, selector]) {
  const node = document.querySelector(selector) ?? document.querySelector(form).shadowRoot.querySelector(selector);
  node.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = node.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

/** The table, and whether a task is longer than `most` milliseconds. */
export function reportModes(rounds, most) {
  const of = (path, phase) =>
    phase in MODES[path] ? median(rounds.map((samples) => samples[path][phase])) : undefined;
  const rows = Object.keys(MODES).map((path) => PHASES.map((phase) => of(path, phase)));
  const lines = Object.keys(MODES).map(
    (path, row) => `| ${NAMES[path]} | ${rows[row].map((task) => task?.toFixed(0) ?? "").join(" | ")} |`,
  );
  return {
    table: `| longest task, ms | opened | forward | back | sent |
| --- | ---: | ---: | ---: | ---: |
${lines.join("\n")}`,
    isLong: rows.flat().some((task) => task > most),
  };
}
