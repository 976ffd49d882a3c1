// From the browser through the real forwarder into the CRM: every settable field, consents, and attribution in
// `customField`. And through a custom client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { startForwarder } from "../../tools/workerd.mjs";
import { leave, networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, stored, visitor } from "./support/form-page.mjs";
import { ACCESS_TOKEN } from "../../tools/sandbox.mjs";
import { startSandbox } from "./support/sandbox.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const AD =
  "utm_source=news&utm_medium=mail&utm_campaign=q3&utm_term=villa&utm_content=top&gclid=g1&fbclid=f1&msclkid=m1";
const PERSONAL = "email=mona@example.com&ref=tracker&utm_id=9";

/** A site whose pages send to a forwarder, which sends to the CRM. */
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
  const send = async (typed = visitor) => {
    await form.fill(typed);
    assert.equal(await form.send(), "lead-accepted");
    const [lead] = await sandbox.arrived(1);
    return { ...lead, custom: JSON.parse(lead.customField) };
  };
  return { site, context, tab, form, visit, send, sandbox };
}

test("attribution survives navigation and reaches the CRM, without other data from the URLs", async (test) => {
  const { site, tab, form, visit, send } = await openSite(test, 'id="enquiry"');
  await tab.goto(`${site.url}/search?q=mona@example.com`);
  await tab.evaluate(() =>
    document.head.append(Object.assign(document.createElement("meta"), { name: "referrer", content: "unsafe-url" })),
  );
  await tab.getByRole("link").click();
  await form.shown();
  // The script that stores the first touch is loaded once the form is usable.
  const isStored = () => tab.evaluate(() => sessionStorage.getItem("icloud-ready-attribution") !== null);
  await waitUntil("the stored attribution", isStored);
  await visit(`/villas/7?${PERSONAL}`);
  await visit(`/contact?utm_source=partner&utm_campaign=q4&${PERSONAL}`);
  await tab.reload();
  const { custom, campaignName } = await send();

  const { at: firstAt, ...first } = custom.attribution.first;
  assert.deepEqual(first, {
    source: "news",
    medium: "mail",
    campaign: "q3",
    term: "villa",
    content: "top",
    gclid: "g1",
    fbclid: "f1",
    msclkid: "m1",
  });
  const { at: lastAt, ...last } = custom.attribution.last;
  assert.deepEqual(last, { source: "partner", campaign: "q4" });
  for (const at of [firstAt, lastAt]) assert.match(at, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.ok(firstAt < lastAt);
  assert.equal(custom.landingPage, `${site.url}/?${AD}`);
  assert.equal(custom.referrer, `${site.url}/search`);
  assert.equal(custom.page, `${site.url}/contact?utm_source=partner&utm_campaign=q4`);
  assert.equal(campaignName, "q4", "the last touch's, because the page sets none");
  assert.doesNotMatch(JSON.stringify(custom), /mona@|tracker|utm_id/);
  // A test types faster than people do, so the lead may be marked.
  delete custom.marks;
  assert.deepEqual(Object.keys(custom).sort(), [
    "attribution",
    "landingPage",
    "locale",
    "page",
    "phone",
    "referrer",
    "submissionId",
  ]);
});

test("attribution none stores nothing in the browser, and no attribution reaches the CRM", async (test) => {
  const { site, context, tab, visit, send } = await openSite(test, 'attribution="none"');
  await visit(`/?${AD}`);
  const counts = () =>
    tab.evaluate(async () => [sessionStorage.length, localStorage.length, (await indexedDB.databases()).length]);
  assert.deepEqual(await counts(), [0, 0, 0]);
  await visit(`/contact?${AD}`);
  const { custom, campaignName } = await send();
  assert.deepEqual(
    [custom.attribution, custom.landingPage, custom.referrer, campaignName],
    [undefined, undefined, undefined, undefined],
  );
  assert.equal(custom.page, `${site.url}/contact`);
  assert.deepEqual(await tab.evaluate(() => [Object.keys(sessionStorage), localStorage.length]), [
    ["icloud-ready-sent"],
    0,
  ]);
  assert.deepEqual(await stored(tab), [], "the lead is removed too");
  assert.deepEqual(await context.cookies(), []);
});

/** Every field that the forwarder accepts from a page: the typed value and its value in the CRM. */
const typed = {
  salutation: "Dr",
  firstName: "Mona",
  lastName: "Fathy",
  phone: "+201001234567",
  email: "mona@example.com",
  title: "Architect",
  company: "Nile Design",
  address: "12 Corniche",
  street: "Corniche",
  city: "Cairo",
  zip: "11511",
  additionalPhones: "+201001234568, +201001234569",
  additionalEmails: "office@example.com",
  interests: "villa, garden",
  budget: "2,500,000",
  region: "Cairo",
  unitId: "A-12",
  leadDescription: "By the sea.",
};
const hidden = { leadSource: "website", campaignName: "Q3", setName: "Villas" };

test("every settable field can be added by name and reaches its path in the CRM", async (test) => {
  const fields = [
    ...Object.keys(typed),
    { name: "country", value: "EG" },
    ...Object.entries(hidden).map(([name, value]) => ({ name, value })),
    { name: "terms", type: "consent", label: "You may call me.", version: "2", required: true },
    { name: "news", type: "consent", label: "And write to me.", version: "1" },
  ];
  const { form, visit, send } = await openSite(test, `schema='${JSON.stringify({ fields })}'`);
  await visit("/");
  await form.input("terms").check();
  const lead = await send(typed);
  const { firstName, lastName, salutation, phone, email, title, company, address, street, city, zip } = typed;
  assert.deepEqual(lead.leadInformation, {
    salutation,
    firstName,
    lastName,
    phone,
    email,
    title,
    company,
    address: { address, street, city, zip, country: "EG" },
  });
  const expected = {
    additionalPhones: ["+201001234568", "+201001234569"],
    additionalEmails: ["office@example.com"],
    interests: ["villa", "garden"],
    dealSize: 2_500_000,
    region: "Cairo",
    unitId: "A-12",
    leadDescription: "By the sea.",
    ...hidden,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, lead[name]])), expected);
  const consents = lead.custom.consent.map(({ at, ...consent }) => consent);
  assert.deepEqual(consents, [
    { name: "terms", version: "2", text: "You may call me.", given: true },
    { name: "news", version: "1", text: "And write to me.", given: false },
  ]);
  for (const { at } of lead.custom.consent) assert.match(at, /^\d{4}-\d\d-\d\dT.*Z$/);
});

/** A form with a real client; `token` is the client's token. */
async function openWithClient(test, token = ACCESS_TOKEN) {
  const sandbox = await startSandbox(test);
  const { page, form, site } = await openForm(test, { page: { expected: networkErrors } });
  await sandbox.switches({ cors: [site.url] });
  await page.evaluate(
    async ([baseURL, token]) => {
      const { ICloudReady } = await import("/icloud-ready/runtime/browser.js");
      const client = new ICloudReady({ baseURL, accessToken: () => token });
      document.querySelector("icloud-ready-lead-form").client = client;
    },
    [sandbox.url, token],
  );
  return { page, form, sandbox };
}

test("through a custom client, a lead whose response is lost is looked up and not created twice", async (test) => {
  const { form, sandbox } = await openWithClient(test);
  // Not a cut connection: Chromium itself resends a request that a reused connection did not answer.
  await sandbox.faults([{ method: "POST", path: "/leads", times: 1, action: { kind: "truncate", bytes: 20 } }]);
  await form.fill(visitor);
  await form.submit.click();
  await form.reaches("accepted");
  const requests = await sandbox.requests();
  assert.equal(requests.filter((request) => request === "POST /leads").length, 1);
  assert.ok(requests.includes("GET /leads"), "it was looked up");
  const [lead, ...others] = await sandbox.leads();
  assert.deepEqual([lead.leadInformation, others], [visitor, []]);
});

test("validation errors of a custom client are shown at their fields, and an invalid token keeps the lead", async (test) => {
  const { page, form, sandbox } = await openWithClient(test);
  await page.evaluate(() => {
    addEventListener("lead-submit", ({ detail }) => (detail.lead.leadInformation.email = 7), { once: true });
  });
  await form.fill({ ...visitor, email: "mona@example.com" });
  assert.equal(await form.send(), "lead-error");
  assert.equal(await form.error("email"), "Please check this field.");
  assert.deepEqual(await sandbox.requests(), []);

  const { page: other, form: refused } = await openWithClient(test, "no token");
  await refused.fill(visitor);
  assert.equal(await refused.send(), "lead-error");
  await refused.reaches("refused");
  assert.equal((await stored(other)).length, 1);
});
