// Attribution survives navigation and is sent; other URL data is not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { openContext, openPage, useChromium } from "./support/browser.mjs";
import { markup, startPages, stored, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const AD = "utm_source=news&utm_medium=mail&utm_campaign=q3&utm_term=villa&utm_content=top&gclid=g1&fbclid=f1";
const NO_OTHER_IDS = { gbraid: "", wbraid: "", ttclid: "", ScCid: "", msclkid: "" };
const PERSONAL = "email=mona@example.com&token=secret";

/** A site with a form on each of three pages; opens one and returns how to navigate. */
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
    // The script that reads the URL is loaded once the form is usable.
    await tab.waitForLoadState("networkidle");
  };
  const send = async () => {
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-accepted");
    return forwarder.requests.at(-1).context;
  };
  return { site, context, tab, form, visit, send };
}

test("sends first and last touch, landing page and referrer, without parameters that may be personal data", async (test) => {
  const { site, tab, visit, send } = await openSite(test);
  await tab.setExtraHTTPHeaders({ referer: "https://search.example/" });
  await visit(`/?${AD}&${PERSONAL}#${PERSONAL}`);
  await tab.setExtraHTTPHeaders({});
  await visit(`/villas?${PERSONAL}`);
  await visit(`/contact?utm_source=partner&utm_campaign=q4&${PERSONAL}`);
  await tab.reload();
  const context = await send();
  const { at, ...first } = context.attribution.first;
  assert.deepEqual(first, {
    source: "news",
    medium: "mail",
    campaign: "q3",
    term: "villa",
    content: "top",
    gclid: "g1",
    fbclid: "f1",
    ...NO_OTHER_IDS,
  });
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

/** Where campaign parameters are found, and the expected attribution. */
const PLACES = {
  "?gbraid=GB&wbraid=WB&ttclid=TT&ScCid=SC&msclkid=MS": {
    gbraid: "GB",
    wbraid: "WB",
    ttclid: "TT",
    ScCid: "SC",
    msclkid: "MS",
  },
  "?UTM_Source=News&Utm_Campaign=Q3&GCLID=Abc&sccid=Sc": { source: "News", campaign: "Q3", gclid: "Abc", ScCid: "Sc" },
  "#utm_source=news&gclid=g1": { source: "news", gclid: "g1" },
  "#/villas?utm_source=news&email=mona@example.com": { source: "news" },
  "#!/villas/12?utm_source=news": { source: "news" },
  "?utm_source=query#?utm_source=fragment&utm_medium=mail": { source: "query", medium: "mail" },
  [`?gclid=${"g".repeat(1_024)}`]: { gclid: "g".repeat(1_024) },
  [`?utm_source=news&gclid=${"g".repeat(1_025)}`]: { source: "news" },
  [`?utm_source=${"s".repeat(300)}`]: { source: "s".repeat(256) },
};

for (const [address, expected] of Object.entries(PLACES)) {
  test(`finds parameters anywhere in the URL, and keeps a click id whole or drops it: ${address.slice(0, 60)}`, async (test) => {
    const { site, visit, send } = await openSite(test);
    await visit(`/${address}`);
    const { attribution, landingPage, page } = await send();
    const { at, ...first } = attribution.first;
    assert.deepEqual(Object.fromEntries(Object.entries(first).filter(([, value]) => value)), expected);
    const query = Object.entries(expected).map(([name, value]) =>
      ["source", "medium", "campaign"].includes(name) ? `utm_${name}=${value}` : `${name}=${value}`,
    );
    const parameters = (url) => url.replace(`${site.url}/?`, "").split("&").sort();
    assert.deepEqual(parameters(landingPage), query.sort());
    assert.deepEqual(parameters(page), query.sort());
  });
}

/** A page around a form in a frame without a URL of its own: how it is created, and the URL that is reported. */
const FRAMES = {
  srcdoc: { make: (frame, html) => (frame.srcdoc = html), isReadable: true },
  "srcdoc within srcdoc": {
    make: (frame, html) =>
      (frame.srcdoc = `<iframe srcdoc="${html.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"></iframe>`),
    isReadable: true,
  },
  "about:blank": {
    make: ({ contentDocument }, html) => {
      contentDocument.documentElement.innerHTML = html;
      const { src, type } = contentDocument.querySelector("script");
      // Scripts inserted by a parser like this do not run.
      contentDocument.head.append(Object.assign(contentDocument.createElement("script"), { src, type }));
    },
    isReadable: true,
  },
  "blob:": {
    make: (frame, html) => (frame.src = URL.createObjectURL(new Blob([html], { type: "text/html" }))),
    isReadable: true,
  },
  "data:": { make: (frame, html) => (frame.src = `data:text/html,${encodeURIComponent(html)}`) },
  "srcdoc, sandboxed": {
    make: (frame, html) => (frame.setAttribute("sandbox", "allow-scripts allow-forms"), (frame.srcdoc = html)),
  },
};

for (const [what, { make, isReadable }] of Object.entries(FRAMES)) {
  test(`a form in a frame without a URL of its own reports the embedding page: ${what}`, async (test) => {
    const forwarder = await startForwarder(test);
    const pages = { "/villas": "<!doctype html><title>Villas</title>" };
    const site = await startPages(test, pages, { scripts: { "access-control-allow-origin": "*" } });
    const page = await openPage(test);
    await page.goto(`${site.url}/villas?${AD}&${PERSONAL}`);
    const html = markup({ endpoint: forwarder.url, scripts: [`${site.url}/icloud-ready/lead-form.js`] });
    await page.evaluate(
      `{ const frame = document.body.appendChild(document.createElement("iframe")); (${make})(frame, ${JSON.stringify(html)}); }`,
    );
    const found = async () => {
      for (const frame of page.frames()) if (await frame.locator("icloud-ready-lead-form").count()) return frame;
    };
    const form = new LeadForm(await waitUntil("the frame with the form", found));
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-accepted");
    const { page: sentFrom, landingPage, referrer, attribution } = forwarder.requests[0].context;
    const expected = isReadable ? `${site.url}/villas?${AD}` : sentFrom === "" ? "" : `${site.url}/`;
    assert.deepEqual([sentFrom, landingPage, referrer], [expected, expected, ""]);
    assert.equal(attribution.first.campaign, isReadable ? "q3" : "");
  });
}

test("attribution none stores nothing and sends nothing", async (test) => {
  const { tab, site, visit, send } = await openSite(test, 'attribution="none"');
  await visit(`/?${AD}`);
  assert.deepEqual(await tab.evaluate(() => indexedDB.databases()), [], "no database before a lead is sent");
  const context = await send();
  assert.equal(context.attribution, undefined);
  assert.doesNotMatch(JSON.stringify(context), /utm_|q3|g1/);
  assert.equal(context.page, `${site.url}/`);
  assert.deepEqual([context.landingPage, context.referrer], ["", ""]);
  // The digest that keeps the submission id of the same lead contains nothing about the visit.
  assert.deepEqual(await tab.evaluate(() => [Object.keys(sessionStorage), localStorage.length, document.cookie]), [
    ["icloud-ready-sent"],
    0,
    "",
  ]);
  assert.deepEqual(await stored(tab), []);
});

test("attribution persistent uses localStorage only after the visitor consented", async (test) => {
  const { context, tab, form, visit, send, site } = await openSite(test, 'attribution="persistent"');
  await visit(`/?${AD}`);
  assert.equal(await tab.evaluate(() => localStorage.length), 0);
  await form.element.evaluate((form) => form.grantConsent());
  await waitUntil("the attribution in localStorage", async () => (await tab.evaluate(() => localStorage.length)) === 1);
  // A later visit in another tab, after the first session ended.
  await tab.evaluate(() => sessionStorage.clear());
  await visit("/contact");
  const { attribution, landingPage } = await send();
  assert.equal(attribution.first.campaign, "q3");
  assert.equal(landingPage, `${site.url}/?${AD}`);
  await context.clearCookies();
});

test("stored attribution is untrusted: only valid members are used", async (test) => {
  const { tab, visit, send } = await openSite(test);
  await visit("/");
  await tab.evaluate(() => {
    const touch = {
      source: "x".repeat(9_000),
      medium: { a: 1 },
      secret: "secret",
      gclid: "g".repeat(300),
      ttclid: "t".repeat(2_000),
      at: "now",
    };
    sessionStorage.setItem(
      "icloud-ready-attribution",
      JSON.stringify({
        first: touch,
        last: touch,
        landingPage: "javascript:alert(1)",
        referrer: "android-app://com.example.search/?email=mona@example.com",
        more: "secret",
      }),
    );
  });
  await visit("/contact");
  const { attribution, landingPage, referrer } = await send();
  assert.equal(landingPage, "");
  assert.equal(attribution.first.source.length, 256);
  assert.equal(attribution.first.medium, "");
  assert.deepEqual([attribution.first.gclid.length, attribution.first.ttclid], [300, ""]);
  assert.equal(referrer, "android-app://com.example.search/");
  assert.doesNotMatch(JSON.stringify(attribution), /secret/);
});

test("a landing page without a form can record attribution too", async (test) => {
  const { tab, site, visit, send } = await openSite(test);
  await tab.goto(`${site.url}/favicon.ico?${AD}`).catch(() => {});
  await tab.route("**/landing?*", (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Landing</title>" }),
  );
  await tab.goto(`${site.url}/landing?${AD}`);
  await tab.evaluate(async () => {
    const { captureAttribution } = await import("/icloud-ready/lead-form/element.js");
    const { first } = await captureAttribution();
    if (first.campaign !== "q3") throw new Error(JSON.stringify(first));
  });
  await visit("/contact");
  assert.equal((await send()).attribution.first.campaign, "q3");
});

test("URL parameters that the page removes while the form's scripts load are still recorded", async (test) => {
  const forwarder = await startForwarder(test);
  const body = `<script type="module">history.replaceState(null, "", "/");</script>`;
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url, body }) });
  const page = await openPage(test);
  let arrive;
  const arriving = new Promise((resolve) => (arrive = resolve));
  await page.route("**/lead-form/background.js", (route) => arriving.then(() => route.continue()));
  await page.goto(`${site.url}/?${AD}`);
  const form = new LeadForm(page);
  await form.fill(visitor);
  assert.equal(await page.evaluate(() => location.search), "");
  arrive();
  assert.equal(await form.send(), "lead-accepted");
  const { attribution, landingPage, page: sentFrom } = forwarder.requests[0].context;
  assert.equal(attribution.first.campaign, "q3");
  assert.equal(landingPage, `${site.url}/?${AD}`);
  assert.equal(sentFrom, `${site.url}/`);
});
