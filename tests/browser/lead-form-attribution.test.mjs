// What brought a visitor survives navigation and arrives; nothing else does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openContext, useChromium } from "./support/browser.mjs";
import { markup, startPages, stored, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const AD = "utm_source=news&utm_medium=mail&utm_campaign=q3&utm_term=villa&utm_content=top&gclid=g1&fbclid=f1";
const PERSONAL = "email=mona@example.com&token=secret";

/** A site of three pages with a form each; opens one and gives a way on. */
async function openSite(test, attributes = "") {
  const forwarder = await startForwarder(test);
  const page = markup({ endpoint: forwarder.url, attributes });
  const site = await startPages(test, { "/": page, "/villas": page, "/contact": page });
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
    return forwarder.requests.at(-1).context;
  };
  return { site, context, tab, form, visit, send };
}

test("first and last touch, landing page and referrer, without what may be personal", async (test) => {
  const { site, tab, visit, send } = await openSite(test);
  await tab.setExtraHTTPHeaders({ referer: "https://search.example/" });
  await visit(`/?${AD}&${PERSONAL}#${PERSONAL}`);
  await tab.setExtraHTTPHeaders({});
  await visit(`/villas?${PERSONAL}`);
  await visit(`/contact?utm_source=partner&utm_campaign=q4&${PERSONAL}`);
  await tab.reload();
  const context = await send();
  const { at, ...first } = context.attribution.first;
  assert.deepEqual(first, { source: "news", medium: "mail", campaign: "q3", term: "villa", content: "top", gclid: "g1", fbclid: "f1" });
  assert.match(at, /^\d{4}-.*Z$/);
  const { last } = context.attribution;
  assert.deepEqual([last.source, last.campaign, last.medium], ["partner", "q4", ""]);
  assert.equal(context.landingPage, `${site.url}/?${AD}`);
  assert.equal(context.page, `${site.url}/contact?utm_source=partner&utm_campaign=q4`);
  assert.doesNotMatch(JSON.stringify(context), /secret|mona@/);
  const stored = await tab.evaluate(() => [JSON.stringify(sessionStorage), localStorage.length]);
  assert.doesNotMatch(stored[0], /secret|mona@/);
  assert.equal(stored[1], 0);
});

test("under none nothing is stored and nothing is sent", async (test) => {
  const { tab, site, visit, send } = await openSite(test, 'attribution="none"');
  await visit(`/?${AD}`);
  assert.deepEqual(await tab.evaluate(() => indexedDB.databases()), [], "no database for who sent nothing");
  const context = await send();
  assert.equal(context.attribution, undefined);
  assert.doesNotMatch(JSON.stringify(context), /utm_|q3|g1/);
  assert.equal(context.page, `${site.url}/`);
  assert.deepEqual([context.landingPage, context.referrer], ["", ""]);
  assert.deepEqual(await tab.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]), [0, 0, ""]);
  assert.deepEqual(await stored(tab), []);
});

test("persistent is kept for good only once the visitor agreed", async (test) => {
  const { context, tab, form, visit, send, site } = await openSite(test, 'attribution="persistent"');
  await visit(`/?${AD}`);
  assert.equal(await tab.evaluate(() => localStorage.length), 0);
  await form.element.evaluate((form) => form.grantConsent());
  assert.equal(await tab.evaluate(() => localStorage.length), 1);
  // A later visit, in another tab, after the first one's session.
  await tab.evaluate(() => sessionStorage.clear());
  await visit("/contact");
  const { attribution, landingPage } = await send();
  assert.equal(attribution.first.campaign, "q3");
  assert.equal(landingPage, `${site.url}/?${AD}`);
  await context.clearCookies();
});

test("what is kept is anyone's to write, and only what should be there is taken", async (test) => {
  const { tab, visit, send } = await openSite(test);
  await visit("/");
  await tab.evaluate(() => {
    const touch = { source: "x".repeat(9_000), medium: { a: 1 }, secret: "secret", at: "now" };
    sessionStorage.setItem("icloud-ready-attribution", JSON.stringify({ first: touch, last: touch, landingPage: "javascript:alert(1)", referrer: "https://a.example/?email=mona@example.com", more: "secret" }));
  });
  await visit("/contact");
  const { attribution, referrer } = await send();
  assert.equal(attribution.first.source.length, 256);
  assert.equal(attribution.first.medium, "");
  assert.equal(referrer, "https://a.example/");
  assert.doesNotMatch(JSON.stringify(attribution), /secret/);
});

test("a landing page without a form can note it too", async (test) => {
  const { tab, site, visit, send } = await openSite(test);
  await tab.goto(`${site.url}/favicon.ico?${AD}`).catch(() => {});
  await tab.route("**/landing?*", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Landing</title>" }));
  await tab.goto(`${site.url}/landing?${AD}`);
  await tab.evaluate(async () => (await import("/icloud-ready/lead-form/element.js")).captureAttribution());
  await visit("/contact");
  assert.equal((await send()).attribution.first.campaign, "q3");
});
