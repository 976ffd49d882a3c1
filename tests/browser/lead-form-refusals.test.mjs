// Answers that no waiting cures: the visitor reads what is true and can do something, the site's maker what to change.

import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort } from "../support/port.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openPage, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, stored, visitor } from "./support/form-page.mjs";
import { LeadForm } from "./support/lead-form.mjs";
import { collectWarnings } from "./support/warnings.mjs";

useChromium();

const quiet = { expected: networkErrors };
const error = (code, more = {}) => ({ error: { code, message: code, issues: [], ...more } });

/** Opens a form; gives also what its page is told and what its console says to the site's maker. */
async function open(test, options) {
  const opened = await openForm(test, { page: quiet, ...options });
  const warnings = collectWarnings(opened.page);
  await opened.form.element.evaluate((form) => {
    globalThis.told = [];
    for (const name of ["lead-accepted", "lead-queued", "lead-error"]) {
      form.addEventListener(name, ({ type, detail }) => globalThis.told.push([type, detail.code, detail.status]));
    }
  });
  return { ...opened, warnings, told: () => opened.page.evaluate(() => globalThis.told) };
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
  test(`413: not queued, the text stays, and the visitor is asked to shorten it or to call (${lang})`, async (test) => {
    const { page, form, forwarder, told, warnings } = await open(test, {
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
    assert.deepEqual(await told(), [["lead-error", "wrong", 413]]);
    await waitUntil("an empty queue", async () => !(await stored(page)).length);
    assert.match((await warnings.read(1)).join(), /413/);
    await form.fill({ firstName: "M" });
    assert.equal(await form.send(), "lead-accepted");
    assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 2);
  });
}

for (const [what, answer] of [
  ["without JSON", { status: 400, body: "Bad Request" }],
  ["of a proxy", { status: 400, body: { error: "bad request" } }],
  ["without issues", { status: 400, body: error("invalid_json") }],
  [
    "about nothing that the form asks for",
    {
      status: 400,
      body: error("validation", { issues: [{ path: "customField.x", code: "type", severity: "error" }] }),
    },
  ],
  ["with invalid issues", { status: 400, body: error("validation", { issues: [null, 7, "phone", { path: 4 }] }) }],
]) {
  test(`400 ${what}: not queued, the text stays, and the message says what to do`, async (test) => {
    const { page, form, forwarder, told } = await open(test, { next: (count) => (count === 1 ? answer : "accept") });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-error");
    await form.reaches("rejected");
    assert.match(await form.status.innerText(), /could not be accepted[^]*call us/);
    assert.equal(await form.input("phone").inputValue(), visitor.phone);
    assert.deepEqual(await told(), [["lead-error", "wrong", 400]]);
    await waitUntil("an empty queue", async () => !(await stored(page)).length);
    assert.equal(await form.send(), "lead-accepted", "the same once more, as a visitor will");
    assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 1);
  });
}

test("413 in the background: stored, and shown with its values on the next visit", async (test) => {
  const { page, form } = await open(test, { next: (count) => (count === 1 ? { status: 503 } : { status: 413 }) });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.reaches("rejected");
  assert.match(await form.status.innerText(), /too long/);
  assert.equal((await stored(page)).length, 1);
  await page.reload();
  await form.shown();
  await form.part("notice").filter({ hasText: "check it" }).waitFor();
  assert.equal(await form.input("firstName").inputValue(), "Mona");
});

for (const [what, status, body, says] of [
  ["an origin that is not listed", 403, error("origin"), /add "http:\/\/127\.0\.0\.1:\d+" to its option origins/],
  [
    "a path that is not the forwarder's",
    404,
    error("not_found"),
    /the attribute endpoint with the forwarder's option path/,
  ],
  ["a firewall", 403, "<html>Access denied</html>", /403.*proxy or firewall/],
  ["another server", 405, error("method"), /405/],
  ["a media type that is not taken", 415, "", /415/],
]) {
  test(`${what}: kept, the visitor reads the truth, and the console says what to change`, async (test) => {
    const { page, form, told, warnings } = await open(test, { next: () => ({ status, body }) });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-error");
    await form.reaches("refused");
    const text = await form.status.innerText();
    assert.match(text, /on our side[^]*every hour[^]*call us/);
    assert.doesNotMatch(text, /connection/);
    assert.deepEqual(await told(), [["lead-error", "refused", status]]);
    assert.equal((await stored(page)).length, 1);
    const warning = await readOne(warnings);
    assert.match(warning, says);
    assert.doesNotMatch(warning, /Mona|2010/);
  });
}

test("after a refusal of a lead that only the page has, the message says so", async (test) => {
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

test("nothing answers, again and again: the visitor reads that it does not work, and the console names what may be wrong", async (test) => {
  const endpoint = `http://127.0.0.1:${await freePort()}/leads`;
  const { form, told, warnings } = await open(test, { endpoint });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.status.filter({ hasText: "Sending has not worked so far" }).waitFor();
  assert.match(await form.status.innerText(), /saved on this device[^]*call us/);
  assert.deepEqual(
    (await told()).map(([name]) => name),
    ["lead-queued"],
    "said once",
  );
  const warning = await readOne(warnings);
  assert.ok(warning.includes(endpoint) && /option origins/.test(warning), warning);
});

for (const [what, answer, says] of [
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
  test(`${what}, again and again: the visitor reads that it does not work, and the console what may be wrong`, async (test) => {
    const { form, warnings } = await open(test, { next: () => answer });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    await form.status.filter({ hasText: "Sending has not worked so far" }).waitFor();
    assert.match(await readOne(warnings), says);
  });
}

test("a page whose CSP forbids the endpoint: reported at once, and another page of the site delivers the lead", async (test) => {
  const headers = { "content-security-policy": "connect-src 'self'" };
  const { page, form, told, warnings, forwarder } = await open(test, {
    headers: () => headers,
    page: { expected: new RegExp(`${networkErrors.source}|Content Security Policy|^console: CSP: `) },
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  await form.reaches("refused");
  assert.match(await form.status.innerText(), /on our side[^]*call us/);
  assert.deepEqual(await told(), [["lead-error", "refused", undefined]]);
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
  test(`${what} is no acknowledgement`, async (test) => {
    const { page, form } = await open(test, { next: (_, { submissionId }) => ({ status, body: body(submissionId) }) });
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    assert.equal((await stored(page)).length, 1);
  });
}

for (const [what, error, expected, says] of [
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
    const { page, form, told, warnings } = await open(test, {});
    await form.element.evaluate((form, error) => {
      form.client = error ? { leads: { create: () => Promise.reject(error) } } : {};
    }, error);
    await form.fill(visitor);
    assert.equal(await form.send(), expected[0]);
    assert.deepEqual(await told(), [expected]);
    const count = expected[1] === "wrong" ? 0 : 1;
    await waitUntil(`${count} leads that are kept`, async () => (await stored(page)).length === count);
    if (says) assert.match(await readOne(warnings), says);
    else assert.deepEqual(await warnings.read(), []);
  });
}

test("a client whose CRM cannot be reached from the page, again and again: the console says what may be wrong", async (test) => {
  const { form, warnings } = await open(test, {});
  await form.element.evaluate((form) => {
    form.client = { leads: { create: () => Promise.reject({ code: "connection" }) } };
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await form.status.filter({ hasText: "Sending has not worked so far" }).waitFor();
  assert.match(await readOne(warnings), /baseURL right.*CORS.*connect-src/);
});
