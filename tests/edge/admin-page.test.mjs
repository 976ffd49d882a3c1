// The admin page in Chromium: an operator's journeys, and an attacker's.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { axeScript, violations } from "../browser/support/axe.mjs";
import { leave, openPage, useChromium } from "../browser/support/browser.mjs";
import { crm } from "./support/crm.mjs";
import { CONFIG, node, platforms } from "./support/platforms.mjs";
import { body, PERSON, postForm, postJson, reach } from "./support/requests.mjs";

useChromium();

const HOLD = { provider: "turnstile", secret: "a-secret", mode: "hold" };
const READ = "a-token-that-may-only-read-of-32-characters";
const token = (page) => page.getByLabel("Admin token");

async function signIn(page, value = CONFIG.adminToken) {
  await token(page).fill(value);
  await page.getByRole("button", { name: "Open" }).click();
}

/** A forwarder whose CRM refuses one lead, with two leads that its challenge holds, and its page. */
async function start(test, { config = {}, options = {}, leads: sent = [body(), body()] } = {}) {
  const sandbox = await crm(test);
  const all = { ...sandbox.config, adminPage: true, adminReadToken: READ, challenge: HOLD, ...config };
  const forwarder = await node(test, all);
  for (const lead of sent) assert.equal((await postJson(forwarder.leads, lead)).status, 202);
  const page = await openPage(test, options);
  test.after(() => leave(test));
  // The policy permits no image; where a test bypasses it, the browser looks for one.
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto(`${forwarder.url}/admin`);
  return { ...forwarder, sandbox, page, ids: sent.map(({ submissionId }) => submissionId) };
}

for (const [name, open] of platforms.filter(([name]) => name !== "memory")) {
  test(`${name}: the page is served only if it is asked for, with a strict policy and without a cache`, async (test) => {
    const without = await open(test);
    assert.equal((await reach(`${without.url}/admin/`, {})).status, 401);
    assert.equal(
      (await reach(`${(await open(test, { adminPage: true, adminToken: undefined })).url}/admin/`, {})).status,
      404,
    );
    const { url } = await open(test, { adminPage: true });
    for (const [path, type] of [
      ["", "text/html"],
      ["page.js", "text/javascript"],
      ["page.css", "text/css"],
    ]) {
      const response = await reach(`${url}/admin/${path}`, {});
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get("content-type"), `${type}; charset=utf-8`);
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("access-control-allow-origin"), null);
      const policy = response.headers.get("content-security-policy");
      for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
        assert.ok(policy.includes(part), policy);
    }
    const redirected = await reach(`${url}/admin`, { redirect: "manual" });
    assert.deepEqual([redirected.status, redirected.headers.get("location")], [308, "/admin/"]);
    assert.equal((await reach(`${url}/admin/`, { method: "POST" })).status, 405);
    assert.equal((await reach(`${url}/admin/page.js.map`, {})).status, 401);
  });
}

test("an operator signs in, searches, reads a lead, drops it, and erases the others by their number", async (test) => {
  const { page, ids, inspect } = await start(test);
  await signIn(page, "a-wrong-token-of-more-than-32-characters");
  await page.getByText("The token is wrong.").waitFor();
  await signIn(page);
  await page.getByText("held_leads: 2").waitFor();
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [
    0,
    0,
    "",
  ]);
  await page.getByLabel("Phone", { exact: true }).fill("0100 123 4567");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("button", { name: ids[0] }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText('"firstName": "Ahmed"').waitFor();
  await dialog.getByRole("button", { name: "Drop" }).click();
  assert.ok((await inspect(ids[0])).lead, "one press drops nothing");
  await dialog.getByRole("button", { name: "Drop" }).click();
  await dialog.getByText("The text is deleted.").waitFor();
  assert.equal((await inspect(ids[0])).reason, "dropped");
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByText("held_leads: 1").waitFor();
  const bulk = page.getByRole("region", { name: "Many leads at once" });
  const erase = async (count) => {
    await bulk.getByLabel("Action").selectOption("erase");
    await bulk.getByLabel("Reason").fill("challenge");
    await bulk.getByRole("button", { name: "Run" }).click();
    await bulk.getByLabel("Type 1 to confirm").fill(count);
    await bulk.getByRole("button", { name: "Erase" }).click();
  };
  await erase("2");
  await bulk.getByText("nothing was changed").waitFor();
  assert.equal((await inspect(ids[1])).erased, false);
  await erase("1");
  await bulk.getByText("Erase: 1 leads").waitFor();
  assert.equal((await inspect(ids[1])).erased, true);
  await page.getByRole("cell", { name: "erase" }).first().waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  assert.equal((await download).suggestedFilename(), "leads.csv");
  await page.reload();
  await token(page).waitFor();
  // The failed sign-in is reported on the console.
  page.complaints.splice(0);
});

test("an export of several responses is downloaded as one table", async (test) => {
  const lead = { leadInformation: { ...PERSON }, leadDescription: "x".repeat(60_000) };
  const { page, ids } = await start(test, { leads: Array.from({ length: 150 }, () => body({ lead })) });
  // This outbox has held leads, but no dead ones.
  await page.route("**/leads/export", (route) => route.continue({ url: `${route.request().url()}?state=held` }));
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await signIn(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const lines = (await readFile(await (await download).path(), "utf8")).split("\r\n");
  assert.match(lines[0], /^submissionId,state,/);
  assert.deepEqual(
    lines.slice(1, -1).map((line) => line.split(",")[0]),
    [...ids].reverse(),
  );
  assert.equal(requests.filter((url) => url.includes("/leads/export")).length, 2);
});

test("a read token sees everything and changes nothing", async (test) => {
  const { page, ids, inspect } = await start(test);
  await signIn(page, READ);
  await page.getByRole("button", { name: ids[0] }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Release" }).click();
  await dialog.getByText("This token may only read.").waitFor();
  assert.equal((await inspect(ids[0])).state, "held");
  page.complaints.splice(0);
});

for (const [size, viewport] of [
  ["phone", { width: 360, height: 740 }],
  ["desktop", { width: 1280, height: 900 }],
]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const locale of ["en-GB", "ar-EG"]) {
      test(`${size}, ${colorScheme}, ${locale}: accessible, and nothing is cut off`, async (test) => {
        const { page, ids } = await start(test, { options: { viewport, colorScheme, locale, bypassCSP: true } });
        await page.addScriptTag({ path: axeScript });
        const check = async (part) => {
          assert.deepEqual(await violations(page), [], part);
          const [wide, high] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(wide <= high, `${part}: ${wide} of ${high}`);
          const folder = process.env.SCREENSHOTS;
          const path = `${folder}/admin-${size}-${colorScheme}-${locale}-${part}.png`;
          if (folder) await page.screenshot({ path, fullPage: part !== "lead" });
        };
        await check("sign-in");
        assert.equal(await page.evaluate(() => document.documentElement.dir), locale === "en-GB" ? "ltr" : "rtl");
        await page.locator("input[type=password]").fill(CONFIG.adminToken);
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: ids[0] }).waitFor();
        await check("outbox");
        await page.getByRole("button", { name: ids[0] }).click();
        await page.getByText('"Ahmed"').waitFor();
        await check("lead");
      });
    }
  }
}

test("attack: markup in every field of a lead, in an origin and in a path is shown as text", async (test) => {
  const markup = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
  const texts = ["firstName", "lastName", "title", "company"];
  const leadInformation = { ...Object.fromEntries(texts.map((name) => [name, markup])), phone: "+201001234567" };
  const lead = { leadInformation, leadDescription: markup, region: markup, interests: [markup], [markup]: markup };
  const context = {
    page: `https://agency.example/${markup}`,
    referrer: markup,
    locale: markup,
    attribution: { last: { source: markup } },
  };
  const sent = body({ lead, context });
  const refusing = body({ lead: { leadInformation: { firstName: "Ahmed", phone: "+201001234567" } } });
  const { page, leads, url, sandbox, inspect, admin } = await start(test, { leads: [sent, refusing] });
  await postJson(leads, body({ submissionId: sent.submissionId, lead: { ...lead, region: `${markup}2` } }));
  for (let time = 0; time < 3; time++) {
    await postJson(leads, body(), { origin: `https://${"<img/src/onerror=window.hacked=1>"}.example` });
    await postForm(`${url}/lead${encodeURI(markup)}`, { a: markup });
  }
  await sandbox.faults([
    { method: "POST", path: "/leads", action: { kind: "status", status: 422, body: { why: markup } } },
  ]);
  assert.equal((await admin(`leads/${sent.submissionId}/release`, "POST")).status, 200);
  await waitUntil("the refusal", async () => (await inspect(sent.submissionId)).response);
  await signIn(page);
  await page.getByText("origin_refused: https://<img").waitFor();
  await page.getByRole("button", { name: sent.submissionId }).click();
  await page.getByRole("dialog").getByText("onerror").first().waitFor();
  const shown = await page.getByRole("dialog").innerText();
  for (const part of ["firstName", "why", "2"]) assert.ok(shown.includes(part), part);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator("img, iframe, dialog script").count(), 0);
});

test("attack: pages of a listed and of an unlisted origin, with and without the token, change and read nothing", async (test) => {
  const server = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end("<!doctype html><title>Evil</title>"),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  const { port } = server.address();
  const listed = `http://localhost:${port}`;
  const { page, url, ids, inspect } = await start(test, { config: { origins: [listed, "https://agency.example"] } });
  for (const origin of [listed, `http://127.0.0.1:${port}`]) {
    await page.goto(origin);
    const results = await page.evaluate(
      async ([url, id, token]) => {
        const call = async (path, init) => {
          try {
            return (await fetch(`${url}/admin/${path}`, init)).status;
          } catch {
            return "blocked";
          }
        };
        const headers = { authorization: `Bearer ${token}` };
        return Promise.all([
          call(`leads/${id}/erase`, { method: "POST" }),
          call(`leads/${id}/erase`, { method: "POST", mode: "no-cors" }).then((status) =>
            status === 0 ? "blocked" : status,
          ),
          call(`leads/${id}/erase`, { method: "POST", headers }),
          call(`leads/${id}`, { headers }),
          call("../health", { headers }),
        ]);
      },
      [url, ids[0], CONFIG.adminToken],
    );
    assert.deepEqual(results, Array(5).fill("blocked"), origin);
    // A form of that page, which no browser blocks.
    await page.evaluate((action) => {
      const form = Object.assign(document.createElement("form"), { method: "POST", action });
      document.body.append(form);
      form.submit();
    }, `${url}/admin/leads/${ids[0]}/erase`);
    await page.waitForURL(`${url}/**`);
    assert.match(await page.content(), /origin/);
  }
  assert.equal((await inspect(ids[0])).erased, false);
  page.complaints.splice(0);
});

test("attack: another page cannot frame it", async (test) => {
  const { page, url } = await start(test);
  const framed = (path) => `<!doctype html><title>Evil</title><iframe src="${url}${path}" title="Framed"></iframe>`;
  const server = createServer(({ url }, response) => response.setHeader("content-type", "text/html").end(framed(url)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  // Of what may be framed the frame has the address; of what may not it has Chromium's own error page.
  for (const [path, shown] of [
    ["/health/live", url],
    ["/admin/", "chrome-error:"],
  ]) {
    await page.goto(`http://localhost:${server.address().port}${path}`);
    const isShown = async () => page.frames()[1]?.url().startsWith(shown);
    await waitUntil(`${shown} for ${path}`, isShown);
  }
  page.complaints.splice(0);
});

test("attack: a token guessed from many addresses is refused and alerted, and the operator is not locked out", async (test) => {
  const alerts = [];
  const { url } = await node(test, {
    adminPage: true,
    clientAddress: { header: "x-forwarded-for", trustedProxies: 1 },
    onAlert: (alert) => alerts.push(alert),
  });
  const guess = (number, guessed) =>
    reach(`${url}/admin/leads`, {
      headers: { authorization: `Bearer ${guessed}`, "x-forwarded-for": `203.0.113.${number % 250}` },
    });
  for (let number = 0; number < 60; number++) {
    const guessed = CONFIG.adminToken.slice(0, -1) + String.fromCharCode(33 + number);
    if (guessed !== CONFIG.adminToken) assert.equal((await guess(number, guessed)).status, 401);
  }
  assert.ok(alerts.some(({ kind }) => kind === "admin_auth_failed"));
  // One address is slowed down, but for the right token.
  const statuses = [];
  for (let number = 0; number < 12; number++) statuses.push((await guess(7, `guess-${number}`)).status);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await guess(7, CONFIG.adminToken)).status, 200);
});
