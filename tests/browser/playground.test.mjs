// The playground: its snippets give the form that it shows, its address has all settings, and it reaches every state.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { packageFolder } from "../../tools/paths.mjs";
import { serve } from "../../www/server.mjs";
import { STATES, hasState } from "../../www/playground/states.js";
import { axeScript, violations } from "./support/axe.mjs";
import { leave, openPage, useChromium } from "./support/browser.mjs";
import { startPages } from "./support/form-page.mjs";
import { bundle, frameworks } from "./support/frameworks.mjs";

useChromium();

/** What the states' requests and the form's advice to site owners log. */
const EXPECTED = /Failed to load resource/;

async function openPlayground(test, settings = "", options = {}) {
  const site = await serve({ folder: packageFolder });
  test.after(() => leave(test).then(site.close));
  const page = await openPage(test, { viewport: { width: 1440, height: 1000 }, expected: EXPECTED, ...options });
  await page.addInitScript({ path: axeScript });
  await page.goto(`${site.url}playground/${settings}`);
  await rendered(page);
  return { page, site, snippet: (kind) => snippetOf(page, kind) };
}

/** Waits until the frame shows the settings of the page's address. */
const rendered = (page) =>
  waitUntil("the form in the frame", () =>
    page.evaluate(() => {
      const figure = document.querySelector("figure");
      const shown = figure?.querySelector("iframe").contentDocument?.documentElement?.dataset.settings;
      return shown !== undefined && figure.dataset.address.endsWith(shown);
    }),
  );

async function snippetOf(page, kind) {
  await page.locator("#kinds").getByRole("button", { name: kind }).click();
  return page.locator("#snippet").textContent();
}

const SETTINGS = [
  "#language=en&theme=floating&heading=Request+a+call",
  "#language=ar&theme=quiet-luxury&steps=on&fields=firstName+phone+purpose+interests",
  "#language=ar&fields=firstName+phone+interests+budget+consent&--accent=%237a1f5c&--radius=2px&country=SA",
  "#language=fr&scheme=dark&fields=firstName+lastName+company+phone&--surface=%23203040&campaign=Printemps",
];

/** The form as the playground's frame shows it; in a page of its own, since a frame may begin between two pixels. */
async function picture(test, playground) {
  const address = await playground.locator("figure").getAttribute("data-address");
  const page = await openPage(test, { viewport: { width: 640, height: 1000 } });
  await page.goto(new URL(address, playground.url()).href);
  await shown(page);
  return page.locator("icloud-ready-lead-form").screenshot({ animations: "disabled" });
}

/** An empty page with a snippet; the form is where it is in the playground's frame. */
async function paste(test, { head = "", body, dark, files = {} }) {
  const cdn = await startPages(test, {}, { scripts: { "access-control-allow-origin": "*" } });
  const replace = (text) => text.replaceAll(/https:\/\/cdn\.example\/icloud-ready@[^/"]+/g, `${cdn.url}/icloud-ready`);
  const scheme = dark ? ' style="color-scheme: dark"' : "";
  const site = await startPages(test, {
    "/": `<!doctype html><html${scheme}><head><meta charset="utf-8"><title>Empty</title><style>body { margin: 16px }</style>${head}</head><body>${replace(body)}</body></html>`,
    ...files,
  });
  const page = await openPage(test, { viewport: { width: 640, height: 1000 } });
  await page.goto(site.url);
  await shown(page);
  return page.locator("icloud-ready-lead-form").screenshot({ animations: "disabled" });
}

/** Waits for the form, or for its first step. */
async function shown(page) {
  await page.locator('[part="submit"]:visible, [part="next"]:visible').waitFor();
  await page.evaluate(() => document.fonts.ready);
}

for (const settings of SETTINGS) {
  test(`the snippets give the same form in an empty page (${settings})`, async (test) => {
    const { page, snippet } = await openPlayground(test, settings);
    const shown = await picture(test, page);
    const dark = settings.includes("dark");

    const same = (picture, kind) => assert.ok(picture.equals(shown), `${kind}: the pictures differ`);
    same(await paste(test, { body: await snippet("HTML"), dark }), "HTML");

    const source = `${await snippet("React")}
      import { createRoot } from "react-dom/client";
      createRoot(document.querySelector("#app")).render(<Enquiry />);`;
    const script = await bundle({ ...frameworks["React 19"], source });
    const language = settings.match(/language=(..)/)[1];
    const app = `<div id="app" lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"></div>`;
    const themes = '<link rel="stylesheet" href="/icloud-ready/lead-form/themes.css">';
    const head = `${themes}<script type="module" src="/app.js"></script>`;
    same(await paste(test, { head, body: app, dark, files: { "/app.js": script } }), "React");

    const place = `<div lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><div id="lead-form"></div></div>`;
    same(await paste(test, { body: place + (await snippet("GTM")), dark }), "GTM");
  });
}

test("the snippet of a popup has the button that opens it", async (test) => {
  const { page, snippet } = await openPlayground(test, "#mode=popup&language=fr");
  await page.frameLocator("iframe").getByRole("dialog").waitFor();
  for (const kind of ["React", "Vue", "WordPress", "GTM"])
    assert.match(await snippet(kind), /data-lead-form[^>]*enquiry[^]*mode/, kind);
  const body = await snippet("HTML");
  const cdn = await startPages(test, {}, { scripts: { "access-control-allow-origin": "*" } });
  const html = body.replaceAll(/https:\/\/cdn\.example\/icloud-ready@[^/"]+/g, `${cdn.url}/icloud-ready`);
  const site = await startPages(test, { "/": `<!doctype html><title>Empty</title>${html}` });
  const empty = await openPage(test);
  await empty.goto(site.url);
  await empty.evaluate(() => customElements.whenDefined("icloud-ready-lead-form"));
  await empty.getByRole("button", { name: "Être rappelé" }).click();
  await empty.getByRole("dialog").locator('[part="submit"]').waitFor();
});

test("a changed setting changes the picture", async (test) => {
  const { page, snippet } = await openPlayground(test, "#--radius=2px");
  const shown = await picture(test, page);
  const body = (await snippet("HTML")).replace("--icloud-ready-radius: 2px", "--icloud-ready-radius: 3px");
  assert.ok(!(await paste(test, { body })).equals(shown), "the control");
});

test("each state is one button, and the address has it", async (test) => {
  const { page } = await openPlayground(test, "#steps=on&mode=slide-in&fields=firstName+phone+purpose");
  await page.locator("#states").getByRole("button", { name: "Second step" }).click();
  await rendered(page);
  await page.frameLocator("iframe").getByText("Step 2 of 2").waitFor();
  await page.locator("#states").getByRole("button", { name: "Closed" }).click();
  await rendered(page);
  assert.equal(await page.frameLocator("iframe").getByRole("dialog").count(), 0);
  await page.getByRole("button", { name: "Reset" }).click();
  await rendered(page);
  const reached = {
    invalid: ["editing", '[aria-invalid="true"]'],
    warning: ["editing", "[data-warning]"],
    sending: ["sending"],
    accepted: ["accepted"],
    queued: ["queued"],
    refused: ["refused"],
    rejected: ["rejected"],
    challenge: ["challenge"],
  };
  for (const [state, label] of Object.entries(STATES)) {
    if (!hasState(state, { mode: "inline", steps: "off" })) continue;
    await page.locator("#states").getByRole("button", { name: label, exact: true }).click();
    if (state !== "plain") await rendered(page);
    assert.equal(new URL(page.url()).hash.includes(`state=${state}`), state !== "idle");
    const frame = page.frameLocator("iframe");
    if (state === "plain") await frame.locator("icloud-ready-lead-form > form button").waitFor();
    const [expected, more] = reached[state] ?? [];
    if (expected) await frame.locator(`[part="root"][data-state="${expected}"]`).waitFor();
    if (more) await frame.locator(more).first().waitFor();
  }
});

test("the address has all settings", async (test) => {
  const { page, snippet } = await openPlayground(test);
  for (const name of ["العربية", "Dark", "320"]) await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("button", { name: "Budget" }).click();
  await page.getByLabel("Campaign").fill("الربع الثالث");
  await page.getByLabel("Endpoint").fill("https://leads.agency.example/leads");
  await rendered(page);
  const before = await snippet("HTML");
  for (const part of [
    'locale="ar"',
    'dir="rtl"',
    "color-scheme: dark",
    '"budget"',
    "الربع الثالث",
    "leads.agency.example",
  ])
    assert.ok(before.includes(part), part);
  await page.reload();
  await rendered(page);
  assert.equal(await snippet("HTML"), before);
  await page.getByRole("button", { name: "Reset" }).click();
  assert.equal(new URL(page.url()).hash, "");
});

test("settings that are not valid are the defaults", async (test) => {
  const { page, snippet } = await openPlayground(
    test,
    "#language=xx&scheme=x&width=1&fields=constructor&--accent=url(x)&--radius=9999px&--other=%23000000&country=ZZ",
  );
  const html = await snippet("WordPress");
  assert.doesNotMatch(html, /xx|url\(|9999|other|ZZ|constructor/);
  await page.frameLocator("iframe").locator('[part="submit"]').waitFor();
});

test("colors that are hard to read are named, with their contrast", async (test) => {
  const { page } = await openPlayground(test);
  const warnings = page.locator("#warnings li");
  assert.equal(await warnings.count(), 0, await page.locator("#warnings").innerText());
  await page.getByLabel("Button", { exact: true }).fill("#cccccc");
  await warnings.getByText("The button: 1.6 : 1, at least 3 : 1 is needed").waitFor();
  // The text is black by itself then.
  assert.equal(await warnings.count(), 1);
  await page.getByLabel("Text on the button").fill("#eeeeee");
  await warnings.getByText("Text on the button: 1.4 : 1, at least 4.5 : 1 is needed").waitFor();
  await page.getByLabel("Text on the button").fill("#ffffff");
  await page.getByLabel("Button", { exact: true }).fill("#0b5d56");
  await waitUntil("no warning", async () => (await warnings.count()) === 0);
});

test("all languages, color schemes and widths at once; no request leaves the server; accessible", async (test) => {
  const { page, site } = await openPlayground(test, "#view=all");
  assert.equal(await page.locator("iframe").count(), 18);
  for (const frame of await page.locator("iframe").all())
    await frame.contentFrame().locator('[part="submit"]').waitFor();
  await page.getByRole("button", { name: "One", exact: true }).click();
  await waitUntil("one frame", async () => (await page.locator("iframe").count()) === 1);
  await rendered(page);
  assert.deepEqual(await violations(page), []);
  const elsewhere = page.requests.map((request) => request.url()).filter((url) => !url.startsWith(site.url));
  assert.deepEqual(elsewhere, []);
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels at a width of ${width}`);
  }
});
