// What brought a visitor, from the browser through the real forwarder into the CRM's `customField`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startForwarder } from "../edge/support/workerd.mjs";
import { leave, openContext, useChromium } from "./support/browser.mjs";
import { markup, startPages, stored, visitor } from "./support/form-page.mjs";
import { startSandbox } from "./support/sandbox.mjs";
import { LeadForm } from "./support/site.mjs";

useChromium();

const AD = "utm_source=news&utm_medium=mail&utm_campaign=q3&utm_term=villa&utm_content=top&gclid=g1&fbclid=f1";
const PERSONAL = "email=mona@example.com&ref=tracker&utm_id=9&msclkid=m1";

/** A site whose pages send to a forwarder before the CRM. */
async function openSite(test, attributes) {
  const sandbox = await startSandbox(test);
  const pages = {};
  const site = await startPages(test, pages);
  const { url, close } = await startForwarder({ api: sandbox.url, origin: site.url });
  test.after(() => leave(test).then(close));
  const page = markup({ endpoint: `${url}/leads`, attributes });
  const link = `<!doctype html><title>Search</title><a href="${site.url}/?${AD}&${PERSONAL}#mona@example.com">A villa</a>`;
  Object.assign(pages, { "/": page, "/villas/7": page, "/contact": page, "/search": link });
  const context = await openContext(test);
  const tab = await context.newPage();
  const form = new LeadForm(tab);
  const visit = async (path) => {
    await tab.goto(site.url + path);
    await form.shown();
  };
  const send = async () => {
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-accepted");
    const [lead] = await sandbox.arrived(1);
    return { ...lead, custom: JSON.parse(lead.customField) };
  };
  return { site, context, tab, form, visit, send, sandbox };
}

test("what brought a visitor survives navigation and arrives in the CRM, and nothing else does", async (test) => {
  const { site, tab, form, visit, send } = await openSite(test, 'id="enquiry"');
  await tab.goto(`${site.url}/search?q=mona@example.com`);
  await tab.evaluate(() => document.head.append(Object.assign(document.createElement("meta"), { name: "referrer", content: "unsafe-url" })));
  await tab.getByRole("link").click();
  await form.shown();
  await visit(`/villas/7?${PERSONAL}`);
  await visit(`/contact?utm_source=partner&utm_campaign=q4&${PERSONAL}`);
  await tab.reload();
  const { custom, campaignName } = await send();

  const { at: firstAt, ...first } = custom.attribution.first;
  assert.deepEqual(first, { source: "news", medium: "mail", campaign: "q3", term: "villa", content: "top", gclid: "g1", fbclid: "f1" });
  const { at: lastAt, ...last } = custom.attribution.last;
  assert.deepEqual(last, { source: "partner", campaign: "q4" });
  for (const at of [firstAt, lastAt]) assert.match(at, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.ok(firstAt < lastAt);
  assert.equal(custom.landingPage, `${site.url}/?${AD}`);
  assert.equal(custom.referrer, `${site.url}/search`);
  assert.equal(custom.page, `${site.url}/contact?utm_source=partner&utm_campaign=q4`);
  assert.equal(campaignName, "q4", "the last touch's, where the page names none");
  assert.doesNotMatch(JSON.stringify(custom), /mona@|tracker|utm_id|msclkid/);
  // A test types faster than people do, and may be marked for it.
  delete custom.marks;
  assert.deepEqual(Object.keys(custom).sort(), ["attribution", "landingPage", "locale", "page", "phone", "referrer", "submissionId"]);
});

test("under none nothing is kept in the browser, and nothing of it arrives", async (test) => {
  const { site, context, tab, visit, send } = await openSite(test, 'attribution="none"');
  await visit(`/?${AD}`);
  const kept = () => tab.evaluate(async () => [sessionStorage.length, localStorage.length, (await indexedDB.databases()).length]);
  assert.deepEqual(await kept(), [0, 0, 0]);
  await visit(`/contact?${AD}`);
  const { custom, campaignName } = await send();
  assert.deepEqual([custom.attribution, custom.landingPage, custom.referrer, campaignName], [undefined, undefined, undefined, undefined]);
  assert.equal(custom.page, `${site.url}/contact`);
  assert.deepEqual((await kept()).slice(0, 2), [0, 0]);
  assert.deepEqual(await stored(tab), [], "of the lead neither");
  assert.deepEqual(await context.cookies(), []);
});
