// The code of docs/recipes.md in pages: frameworks, and analytics.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPage, useChromium } from "./support/browser.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { markup, startPages, visitor } from "./support/form-page.mjs";
import { bundle } from "./support/frameworks.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const RECIPES = fileURLToPath(new URL("../../docs/recipes.md", import.meta.url));
const text = await readFile(RECIPES, "utf8");

/** The first block of code of a language below a heading. */
function recipe(heading, language) {
  const [, section] = text.split(`\n## ${heading}\n`);
  const [, block] = section.split("\n## ")[0].match(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``));
  return block;
}

const shell = (head, body = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An app</title>${head}</head><body>${body}</body></html>`;
const SCRIPT = '<script type="module" src="/app.js"></script>';

/** Sends a lead from a page; returns what the forwarder got and what the page logged. */
async function send(test, page, forwarder) {
  const logged = [];
  page.on("console", (message) => logged.push(message.text()));
  const form = new LeadForm(page);
  await form.shown();
  await form.fill(visitor);
  await form.element.getByRole("checkbox", { name: "Villa" }).check();
  assert.equal(await form.send(), "lead-accepted");
  const [{ lead, submissionId }] = forwarder.requests;
  assert.deepEqual(lead.interests, ["Villa"]);
  assert.ok(logged.includes(submissionId), `the listener logs the id: ${logged}`);
}

/** The parts of each recipe: the app's script, and the markup that its server sends. */
const FRAMEWORKS = {
  Vue: async (change) => ({ app: { file: "recipe.vue", source: change(recipe("Vue", "vue")) } }),
  Svelte: async (change) => ({ app: { file: "recipe.svelte", source: change(recipe("Svelte", "svelte")) } }),
  async Astro(change) {
    const [, frontmatter, rest] = change(recipe("Astro", "astro")).split(/^---$/m);
    const { schema } = await import(`data:text/javascript,${encodeURIComponent(`${frontmatter}; export { schema };`)}`);
    const [body, script] = rest.split("<script>");
    // As Astro writes an attribute.
    const value = `schema="${schema.replaceAll("&", "&#38;").replaceAll('"', "&#34;")}"`;
    return { body: body.replace("schema={schema}", value), source: script.replace("</script>", "") };
  },
};

for (const [name, parts] of Object.entries(FRAMEWORKS)) {
  test(`the recipe for ${name} shows a form that sends leads`, async (test) => {
    const forwarder = await startForwarder(test);
    const change = (code) => code.replaceAll("https://leads.example/leads", forwarder.url);
    const { app, source, body = '<div id="app"></div>' } = await parts(change);
    const script = await bundle(app ? { app } : { source });
    const site = await startPages(test, { "/": shell(SCRIPT, body), "/app.js": script });
    const page = await openPage(test);
    await page.goto(site.url);
    await send(test, page, forwarder);
  });
}

for (const { heading, setup, expected } of [
  {
    heading: "Google Analytics 4",
    setup: "globalThis.calls = []; globalThis.gtag = (...call) => globalThis.calls.push(call)",
    expected: (id) => ["event", "generate_lead", { event_id: id, form_id: "enquiry", lead_source: "website" }],
  },
  {
    heading: "Meta Pixel",
    setup: "globalThis.calls = []; globalThis.fbq = (...call) => globalThis.calls.push(call)",
    expected: (id) => ["track", "Lead", { content_category: "Q3" }, { eventID: id }],
  },
]) {
  test(`${heading} gets one event for each accepted lead, with its id`, async (test) => {
    const forwarder = await startForwarder(test, {
      next: (count) => (count === 1 ? { status: 503, retryAfter: 1 } : "accept"),
    });
    const head = `<script>${setup}</script>${recipe(heading, "html")}`;
    const attributes = 'id="enquiry" campaign-name="Q3"';
    const site = await startPages(test, { "/": markup({ endpoint: forwarder.url, head, attributes }) });
    const page = await openPage(test, { expected: /Failed to load resource/ });
    await page.goto(site.url);
    const form = new LeadForm(page);
    await form.shown();
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    await form.reaches("accepted");
    const [id] = forwarder.leads.keys();
    assert.deepEqual(await page.evaluate(() => globalThis.calls), [expected(id)]);
  });
}
