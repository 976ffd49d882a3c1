// Forms that are removed from the page for good are garbage collected, in any state.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_WAIT_MS, waitUntil, within } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, startPages, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

/** How many nodes all forms of a test together may leave behind. */
const MAX_NODES = 50;

/**
 * Chromium keeps the form that was last typed in until another one is: this provides one before nodes are counted.
 */
const WARM_UP = 6;

const schema = {
  fields: [
    "firstName",
    "phone",
    "country",
    { name: "budget" },
    { name: "visit", type: "radio", label: "Visit?", options: ["Yes", "No"] },
    { name: "at", label: "When?", when: { field: "visit" } },
  ],
};

/** What happens to each form; `live` runs in the page. */
const LIVES = {
  touched: { count: 200 },
  "with a schema": { attributes: { schema: JSON.stringify(schema) } },
  "with a plain form": { inner: "<form><input name=leadInformation.firstName><button>Send</button></form>" },
  "in several languages": {
    live: async (form, index) => {
      form.locale = ["ar", "fr", "en"][index % 3];
      while (form.shadowRoot.querySelector("[part=root]").lang !== form.locale)
        await new Promise((resolve) => setTimeout(resolve));
    },
  },
  "whose leads are queued": { next: () => ({ status: 503, retryAfter: 3_600 }), live: (form) => form.submit() },
  "removed while they send": { live: (form) => void form.submit() },
  "whose leads are refused": {
    next: () => ({
      status: 400,
      body: {
        error: { code: "validation", issues: [{ path: "leadInformation.phone", code: "phone", severity: "error" }] },
      },
    }),
    live: (form) => form.submit(),
  },
};

async function nodesIn(client) {
  // A second collection: the objects that the first one finalized held others.
  for (let turn = 0; turn < 2; turn += 1) await client.send("HeapProfiler.collectGarbage");
  return (await client.send("Memory.getDOMCounters")).nodes;
}

for (const [what, { attributes = {}, inner = "", count = 40, next, live }] of Object.entries(LIVES)) {
  const source = live && `(${live})`;
  test(`${count} forms ${what} leave no objects or listeners behind once removed`, async (test) => {
    const forwarder = await startForwarder(test, { next });
    const site = await startPages(test, { "/": markup({}).replace(/<icloud.*form>/, "") });
    const page = await openPage(test, { expected: networkErrors });
    await page.goto(site.url);
    await page.evaluate(() => import("/icloud-ready/lead-form.js").then(() => {}));
    const client = await page.context().newCDPSession(page);
    const run = (count) =>
      within(
        `${count} forms`,
        5 * MAX_WAIT_MS,
        page.evaluate(
          async ([count, attributes, inner, value, live]) => {
            const lives = live && eval(live);
            for (let index = 0; index < count; index += 1) {
              const form = document.createElement("icloud-ready-lead-form");
              for (const [name, text] of Object.entries(attributes)) form.setAttribute(name, text);
              const template = document.createElement("template");
              template.innerHTML = inner;
              form.append(template.content);
              document.body.append(form);
              while (!form.shadowRoot.getElementById("phone")?.checkVisibility())
                await new Promise((resolve) => setTimeout(resolve));
              form.shadowRoot.getElementById("phone").focus();
              // Once all countries are loaded, so is the submitter.
              while (form.shadowRoot.querySelector("[part=country]").length < 200)
                await new Promise((resolve) => setTimeout(resolve));
              form.value = { ...value, firstName: `Visitor ${index}` };
              await lives?.(form, index);
              form.remove();
            }
          },
          [count, { endpoint: forwarder.url, country: "EG", ...attributes }, inner, visitor, source],
        ),
      );
    await run(WARM_UP);
    const before = await nodesIn(client);
    await run(count);
    let left;
    await waitUntil(
      `at most ${MAX_NODES} nodes of ${count} forms`,
      async () => (left = (await nodesIn(client)) - before) <= MAX_NODES,
      { intervalMs: 1_000, describe: async () => `${left} nodes are left` },
    );
  });
}

test("forms upgraded by their script leave nothing behind once removed, whatever height was reserved", async (test) => {
  const tag =
    '<icloud-ready-lead-form endpoint="/leads" style="min-block-size: 40rem"><form><input name="leadInformation.firstName"><button>Send</button></form></icloud-ready-lead-form>';
  const page = (count) => markup({}).replace(/<icloud.*form>/, `<div id="forms">${tag.repeat(count)}</div>`);
  const site = await startPages(test, { "/few": page(WARM_UP), "/many": page(40) });
  const tab = await openPage(test);
  const client = await tab.context().newCDPSession(tab);
  const left = async (path) => {
    await tab.goto(site.url + path);
    await tab.waitForFunction(() =>
      [...document.querySelectorAll("icloud-ready-lead-form")].every(({ shadowRoot }) =>
        shadowRoot?.getElementById("phone"),
      ),
    );
    await tab.evaluate(() => document.querySelector("#forms").replaceChildren());
    return nodesIn(client);
  };
  const few = await left("/few");
  let many;
  await waitUntil(
    "no more nodes of 40 forms than of a few",
    async () => (many = await left("/many")) - few <= MAX_NODES,
    { intervalMs: 1_000, describe: async () => `${few} and ${many} nodes` },
  );
});

test("the events of a removed form are dispatched on the document", async (test) => {
  let isUp = false;
  const forwarder = await startForwarder(test, { next: () => (isUp ? "accept" : { status: 503 }) });
  const site = await startPages(test, {
    "/": markup({ endpoint: forwarder.url, attributes: 'id="hero" data-layer campaign-name="Q3"' }),
  });
  const page = await openPage(test, { expected: networkErrors });
  await page.goto(site.url);
  const form = new LeadForm(page);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await page.evaluate(() => {
    globalThis.heard = [];
    for (const type of ["lead-accepted", "lead-queued", "lead-error"])
      document.addEventListener(type, ({ detail }) =>
        globalThis.heard.push([type, detail.submissionId, detail.isEarlier]),
      );
    const form = document.querySelector("icloud-ready-lead-form");
    globalThis.gone = new WeakRef(form);
    form.remove();
  });
  const client = await page.context().newCDPSession(page);
  // Chromium keeps the form that was last typed in.
  await page.evaluate(() => document.body.append(document.createElement("input")));
  await page.locator("body > input").fill("x");
  await waitUntil(
    "the form to be garbage collected",
    async () => {
      await nodesIn(client);
      return page.evaluate(() => !globalThis.gone.deref());
    },
    { intervalMs: 500 },
  );
  isUp = true;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await waitUntil("an event on the document", () => page.evaluate(() => globalThis.heard.length));
  const [id] = forwarder.leads.keys();
  assert.deepEqual(await page.evaluate(() => globalThis.heard), [["lead-accepted", id, false]]);
  assert.deepEqual(await page.evaluate(() => globalThis.dataLayer.at(-1)), {
    event: "lead_accepted",
    form_id: "hero",
    campaign: "Q3",
    submission_id: id,
  });
});
