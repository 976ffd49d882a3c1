// Errors that a retry cannot fix: the visitor reads what they can do, the site's developer what to change.

import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort } from "../support/port.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, stored, visitor } from "./support/form-page.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const pageOptions = { expected: networkErrors };
const error = (code, more = {}) => ({ error: { code, message: code, issues: [], ...more } });

/** Opens a form; also returns the page's events and the console warnings for the site's developer. */
async function open(test, options) {
  const opened = await openForm(test, { page: pageOptions, ...options });
  const warnings = collectWarnings(opened.page);
  await opened.form.element.evaluate((form) => {
    globalThis.events = [];
    for (const name of ["lead-accepted", "lead-queued", "lead-error"]) {
      form.addEventListener(name, ({ type, detail }) => globalThis.events.push([type, detail.code, detail.status]));
    }
  });
  return { ...opened, warnings, events: () => opened.page.evaluate(() => globalThis.events) };
}

/** The only warning. */
async function readOne(warnings) {
  const all = await warnings.read(1);
  assert.equal(all.length, 1, all.join("\n"));
  return all[0];
}

const TOO_LONG = { en: /too long/, fr: /trop longue/, ar: /أطول/ };
const CALL = { en: /call us/, fr: /appelez-nous/, ar: /الاتصال بنا/ };

for (const lang of ["en", "fr", "ar"]) {
  test(`413: the lead is not queued, the text stays, and the visitor is asked to shorten it or to call (${lang})`, async (test) => {
    const { page, form, forwarder, events, warnings } = await open(test, {
      lang,
      next: (count) => (count === 1 ? { status: 413, body: error("too_large") } : "accept"),
    });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-error");
    await form.reaches("rejected");
    assert.match(await form.status.innerText(), TOO_LONG[lang]);
    assert.match(await form.status.innerText(), CALL[lang]);
    assert.equal(await form.input("firstName").inputValue(), "Mona");
    assert.ok(await form.submit.isVisible());
    assert.deepEqual(await events(), [["lead-error", "wrong", 413]]);
    await waitUntil("an empty queue", async () => !(await stored(page)).length);
    assert.match((await warnings.read(1)).join(), /413/);
    await form.fill({ firstName: "M" });
    assert.equal(await form.send(), "lead-accepted");
    assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 2);
  });
}

for (const [what, response] of [
  ["without JSON", { status: 400, body: "Bad Request" }],
  ["of a proxy", { status: 400, body: { error: "bad request" } }],
  ["without issues", { status: 400, body: error("invalid_json") }],
  [
    "without an issue of a field of the form",
    {
      status: 400,
      body: error("validation", { issues: [{ path: "customField.x", code: "type", severity: "error" }] }),
    },
  ],
  ["with invalid issues", { status: 400, body: error("validation", { issues: [null, 7, "phone", { path: 4 }] }) }],
]) {
  test(`400 ${what}: the lead is not queued, the text stays, and the message says what to do`, async (test) => {
    const { page, form, forwarder, events } = await open(test, {
      next: (count) => (count === 1 ? response : "accept"),
    });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-error");
    await form.reaches("rejected");
    assert.match(await form.status.innerText(), /could not be accepted[^]*call us/);
    assert.equal(await form.input("phone").inputValue(), visitor.phone);
    assert.deepEqual(await events(), [["lead-error", "wrong", 400]]);
    await waitUntil("an empty queue", async () => !(await stored(page)).length);
    assert.equal(await form.send(), "lead-accepted", "the same again, as a visitor would");
    assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 1);
  });
}

test("413 in the background: the lead is stored, and shown with its values on the next visit", async (test) => {
  const { page, form } = await open(test, { next: (count) => (count === 1 ? { status: 503 } : { status: 413 }) });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.reaches("rejected");
  assert.match(await form.status.innerText(), /too long/);
  assert.equal((await stored(page)).length, 1);
  await page.reload();
  await form.shown();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  await waitUntil("what was typed", async () => (await form.input("firstName").inputValue()) === "Mona");
});

for (const [what, status, body, expectedWarning] of [
  ["an unlisted origin", 403, error("origin"), /add "http:\/\/127\.0\.0\.1:\d+" to its option origins/],
  [
    "a path that is not the forwarder's",
    404,
    error("not_found"),
    /the attribute endpoint with the forwarder's option path/,
  ],
  ["a firewall", 403, "<html>Access denied</html>", /403.*proxy or firewall/],
  ["another server", 405, error("method"), /405/],
  ["an unsupported media type", 415, "", /415/],
]) {
  test(`${what}: the lead is kept, the visitor is informed, and the console says what to change`, async (test) => {
    const { page, form, events, warnings } = await open(test, { next: () => ({ status, body }) });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-error");
    await form.reaches("refused");
    const text = await form.status.innerText();
    assert.match(text, /on our side[^]*every hour[^]*call us/);
    assert.doesNotMatch(text, /connection/);
    assert.deepEqual(await events(), [["lead-error", "refused", status]]);
    assert.equal((await stored(page)).length, 1);
    const warning = await readOne(warnings);
    assert.match(warning, expectedWarning);
    assert.doesNotMatch(warning, /Mona|2010/);
  });
}

test("after a refusal of a lead that is only in memory, the message says so", async (test) => {
  const { page, form } = await open(test, { next: () => ({ status: 403, body: error("origin") }) });
  await page.evaluate(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("refused", "SecurityError");
    };
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  assert.match(await form.status.innerText(), /on our side[^]*keep this page open/);
});

test("repeated network failures: the visitor reads that sending does not work, and the console lists possible causes", async (test) => {
  const endpoint = `http://127.0.0.1:${await freePort()}/leads`;
  const { form, events, warnings } = await open(test, { endpoint });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.status.filter({ hasText: "Sending has not worked so far" }).waitFor();
  assert.match(await form.status.innerText(), /saved on this device[^]*call us/);
  assert.deepEqual(
    (await events()).map(([name]) => name),
    ["lead-queued"],
    "reported once",
  );
  const warning = await readOne(warnings);
  assert.ok(warning.includes(endpoint) && /option origins/.test(warning), warning);
});

for (const [what, response, expectedWarning] of [
  ["429", { status: 429, body: error("rate_limited") }, /429.*proxy.*option clientAddress/],
  [
    "503 of a forwarder that cannot store leads",
    { status: 503, body: error("unavailable") },
    /503: it cannot store leads.*\/health/,
  ],
  [
    "500 of a forwarder whose configuration is wrong",
    { status: 500, body: error("configuration") },
    /500: its configuration is wrong/,
  ],
  ["502 of a proxy", { status: 502, body: "<html>Bad gateway</html>" }, /502: it, or a proxy in front of it/],
]) {
  test(`repeated ${what}: the visitor reads that sending does not work, and the console lists possible causes`, async (test) => {
    const { form, warnings } = await open(test, { next: () => response });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    await form.status.filter({ hasText: "Sending has not worked so far" }).waitFor();
    assert.match(await readOne(warnings), expectedWarning);
  });
}

test("a page whose CSP blocks the endpoint: reported at once, and another page of the site delivers the lead", async (test) => {
  const headers = { "content-security-policy": "connect-src 'self'" };
  const { page, form, events, warnings, forwarder } = await open(test, {
    headers: () => headers,
    page: { expected: new RegExp(`${networkErrors.source}|Content Security Policy|^console: CSP: `) },
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  await form.reaches("refused");
  assert.match(await form.status.innerText(), /on our side[^]*call us/);
  assert.deepEqual(await events(), [["lead-error", "refused", undefined]]);
  const warning = await readOne(warnings);
  assert.ok(warning.includes(`add ${new URL(forwarder.url).origin} to its directive connect-src`), warning);
  assert.equal((await stored(page)).length, 1);
  delete headers["content-security-policy"];
  await page.reload();
  await waitUntil("the lead", async () => forwarder.leads.size === 1);
});

test("an https page with an http endpoint: reported at once", async (test) => {
  const site = await startPages(test, { "/": markup({ endpoint: "http://leads.agency.example/leads" }) });
  const page = await openPage(test, { expected: new RegExp(`${networkErrors.source}|Mixed Content`) });
  const warnings = collectWarnings(page);
  await page.route("https://agency.example/**", async (route) =>
    route.fulfill({ response: await route.fetch({ url: site.url + new URL(route.request().url()).pathname }) }),
  );
  await page.goto("https://agency.example/");
  const form = new LeadForm(page);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  await form.reaches("refused");
  const about = (await warnings.read(1)).filter((text) => /endpoint has to be https/.test(text));
  assert.equal(about.length, 1, about.join("\n"));
});

for (const [what, status, body] of [
  ["200 with the lead's own id", 200, (id) => ({ submissionId: id, status: "accepted" })],
  ["201 with the lead's own id", 201, (id) => ({ submissionId: id, status: "accepted" })],
  ["202 with another's", 202, () => ({ submissionId: "0".repeat(32), status: "accepted" })],
  ["202 with null", 202, () => null],
  ["204", 204, () => undefined],
]) {
  test(`${what} does not acknowledge a lead`, async (test) => {
    const { page, form } = await open(test, { next: (_, { submissionId }) => ({ status, body: body(submissionId) }) });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    assert.equal((await stored(page)).length, 1);
  });
}

for (const [what, error, expected, expectedWarning] of [
  [
    "cannot tell whether the CRM has it",
    { code: "inconclusive" },
    ["lead-error", "inconclusive", undefined],
    undefined,
  ],
  [
    "may not create leads",
    { code: "permission_denied", status: 403 },
    ["lead-error", "refused", 403],
    /client.*permission_denied/,
  ],
  ["finds it too large", { status: 413 }, ["lead-error", "wrong", 413], undefined],
  ["throws something of its own", null, ["lead-queued", undefined, undefined], /client.*TypeError/],
]) {
  test(`a client that ${what}: the lead is stored or still in the form, and the visitor is informed`, async (test) => {
    const { page, form, events, warnings } = await open(test, {});
    await form.element.evaluate((form, error) => {
      form.client = error ? { leads: { create: () => Promise.reject(error) } } : {};
    }, error);
    await form.fill(visitor);
    assert.equal(await form.send(), expected[0]);
    assert.deepEqual(await events(), [expected]);
    const count = expected[1] === "wrong" ? 0 : 1;
    await waitUntil(`${count} stored leads`, async () => (await stored(page)).length === count);
    if (expectedWarning) assert.match(await readOne(warnings), expectedWarning);
    else assert.deepEqual(await warnings.read(), []);
  });
}

test("a client that repeatedly cannot reach the CRM from the page: the console lists possible causes", async (test) => {
  const { form, warnings } = await open(test, {});
  await form.element.evaluate((form) => {
    form.client = { leads: { create: () => Promise.reject({ code: "connection" }) } };
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.status.filter({ hasText: "Sending has not worked so far" }).waitFor();
  assert.match(await readOne(warnings), /baseURL right.*CORS.*connect-src/);
});
