// Storage that is blocked, hangs or is cleared: the page still sends the lead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "../../tools/wait.mjs";
import { networkErrors, openContext, useChromium } from "./support/browser.mjs";
import { markup, openForm, startPages, stored, visitor } from "./support/form-page.mjs";
import { startForwarder } from "./support/forwarder.mjs";
import { failAfterFirst, refuseStorage } from "./support/frames.mjs";
import { LeadForm } from "./support/lead-form.mjs";

useChromium();

const pageOptions = { expected: networkErrors };
const DATABASES = ["icloud-ready-lead-form", "icloud-ready-lead-form-ended"];
const ids = ({ requests }) => new Set(requests.map(({ submissionId }) => submissionId));

/** Sends a lead to an endpoint that fails at first: it is sent at once, and retried while the page is open. */
async function sendTwice(form, forwarder) {
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  assert.ok(forwarder.requests.length, "it was sent at once");
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
  assert.equal(ids(forwarder).size, 1);
}

test("a sandboxed frame with an opaque origin: a lead is sent at once, and retried while the page is open", async (test) => {
  const forwarder = await startForwarder(test, { next: (count) => (count === 1 ? { status: 503 } : "accept") });
  const frame =
    '<!doctype html><title>Agency</title><iframe sandbox="allow-scripts allow-forms" src="/form" width="600" height="900"></iframe>';
  const site = await startPages(
    test,
    { "/": frame, "/form": markup({ endpoint: forwarder.url }) },
    { scripts: { "access-control-allow-origin": "*" } },
  );
  const context = await openContext(test, pageOptions);
  const page = await context.newPage();
  await page.goto(site.url);
  const form = new LeadForm(await waitUntil("the frame", async () => page.frame({ url: /\/form$/ })));
  await sendTwice(form, forwarder);
});

/** What browsers do to a page's storage, before its scripts run. */
const HOSTILE = {
  "blocked storage and locks": refuseStorage,
  "locks that are never granted": () =>
    globalThis.LockManager && (LockManager.prototype.request = () => new Promise(() => {})),
  "locks that throw": () => {
    if (globalThis.LockManager)
      LockManager.prototype.request = () => {
        throw new TypeError("no locks");
      };
  },
  "no locks": () => Object.defineProperty(navigator, "locks", { value: undefined }),
  "a database that never opens": () => {
    IDBFactory.prototype.open = () => ({});
    IDBFactory.prototype.databases = () => new Promise(() => {});
  },
  "a database whose transactions never end": () =>
    (IDBDatabase.prototype.transaction = () => ({
      objectStore: () => ({ put() {}, get() {}, getAll() {}, delete() {}, openCursor: () => ({}) }),
    })),
  "a database that loses what it has stored": () => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (record) {
      const request = put.call(this, record);
      this.clear();
      return request;
    };
  },
  "no database": () => Object.defineProperty(globalThis, "indexedDB", { value: undefined }),
};

for (const [what, change] of Object.entries(HOSTILE)) {
  test(`${what}: a lead is sent at once, and retried while the page is open`, async (test) => {
    const forwarder = await startForwarder(test, { next: (count) => (count === 1 ? { status: 503 } : "accept") });
    const site = await startPages(test, { "/": markup({ endpoint: forwarder.url }) });
    const context = await openContext(test, pageOptions);
    await context.addInitScript(change);
    const page = await context.newPage();
    await page.goto(site.url);
    const form = new LeadForm(page);
    await sendTwice(form, forwarder);
  });
}

/** What hangs from its nth use on: the methods, by their objects. */
const HANGING = {
  "listing databases": "IDBFactory.prototype.databases",
  "opening a database": "IDBFactory.prototype.open",
  "beginning a transaction": "IDBDatabase.prototype.transaction",
  storing: "IDBObjectStore.prototype.put",
  "reading one": "IDBObjectStore.prototype.get",
  "reading all": "IDBObjectStore.prototype.getAll",
  deleting: "IDBObjectStore.prototype.delete",
  walking: "IDBObjectStore.prototype.openCursor",
  "asking for a lock": "LockManager.prototype.request",
};

/** Makes a method hang from its nth use on, as in a browser: its result never settles. */
function hangFrom([path, first]) {
  const [type, , name] = path.split(".");
  const { prototype } = globalThis[type];
  const original = prototype[name];
  let count = 0;
  globalThis.uses = () => count;
  prototype[name] = function (...args) {
    count += 1;
    if (count < first) return original.apply(this, args);
    if (type === "LockManager" || name === "databases") return new Promise(() => {});
    if (name !== "transaction") return {};
    return {
      objectStore: () => ({ put() {}, get() {}, getAll() {}, delete() {}, count() {}, openCursor: () => ({}) }),
    };
  };
}

/**
 * Defines `catchUp()`: resolves once the browser has done work of each kind that a form waits for without a timer, as
 * often in a row as a form may need it. What the form had begun is done by then, however slow the machine is.
 */
function defineCatchUp() {
  const { fetch, IDBDatabase, IDBFactory, IDBObjectStore, LockManager } = globalThis;
  const { open } = IDBFactory.prototype;
  const { transaction } = IDBDatabase.prototype;
  const { put } = IDBObjectStore.prototype;
  const { request } = LockManager.prototype;
  const storeIn = (database) =>
    new Promise((resolve, reject) => {
      const change = transaction.call(database, "store", "readwrite");
      put.call(change.objectStore("store"), 1, 1);
      Object.assign(change, { oncomplete: resolve, onabort: reject });
    });
  const opened = () =>
    new Promise((resolve, reject) => {
      const opening = open.call(indexedDB, "catch-up");
      opening.onupgradeneeded = () => opening.result.createObjectStore("store");
      Object.assign(opening, { onsuccess: () => resolve(opening.result), onerror: reject });
    });
  globalThis.catchUp = async () => {
    for (let turn = 0; turn < 6; turn += 1) {
      await request.call(navigator.locks, "catch-up", () => {});
      const database = await opened();
      await storeIn(database);
      database.close();
      await (await fetch("/")).text();
    }
  };
}

/** How long a lead and the response to its visitor may be delayed in all, by the page's clock, in milliseconds. */
const LONGEST_MS = 2_000;

/**
 * Sends a lead with a clock that the test advances; returns after how many milliseconds it was sent and the visitor
 * informed.
 */
async function sendHanging(test, path, first, { isClient, isPersisted }) {
  const { page, form, forwarder } = await openForm(test, {
    next: () => (isPersisted ? { status: 503 } : "accept"),
    page: pageOptions,
  });
  await form.input("firstName").focus();
  await page.waitForLoadState("networkidle");
  await page.evaluate((isPersisted) => {
    globalThis.calls = 0;
    globalThis.client = {
      leads: {
        create: async () => (
          (globalThis.calls += 1),
          isPersisted
            ? Promise.reject(Object.assign(new Error("later"), { code: "server_error", status: 503 }))
            : { _id: "1" }
        ),
      },
    };
    for (const name of ["lead-submit", "lead-accepted", "lead-queued"])
      addEventListener(name, () => (globalThis[name] = true));
  }, isPersisted);
  if (isClient)
    await page.evaluate(() => void (document.querySelector("icloud-ready-lead-form").client = globalThis.client));
  await page.evaluate(defineCatchUp);
  await page.evaluate(hangFrom, [path, first]);
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 3_600_000);
  await form.fill(visitor);
  await form.submit.click();
  // Loading scripts and checks do not count as waits; timers do.
  await page.waitForFunction(() => globalThis["lead-submit"]);
  let waitedMs = 0;
  const until = async (what, ask) => {
    const step = async () => {
      if (await ask()) return true;
      // Work that needs no timer runs first.
      await page.evaluate(() => globalThis.catchUp());
      if (await ask()) return true;
      await page.clock.runFor(250);
      waitedMs += 250;
      return false;
    };
    await waitUntil(what, step, { intervalMs: 1 });
    return waitedMs;
  };
  const sentMs = await until("the lead", () =>
    isClient ? page.evaluate(() => globalThis.calls > 0) : forwarder.requests.length > 0,
  );
  const informedMs = await until("the visitor's status message", () =>
    page.evaluate(() => globalThis["lead-accepted"] || globalThis["lead-queued"]),
  );
  return { sentMs, informedMs, uses: await page.evaluate(() => globalThis.uses()) };
}

for (const [what, path] of Object.entries(HANGING)) {
  // A lead that is queued, or sent through a client, uses these once more, or in another order.
  const others = /put|LockManager/.test(path) ? [{ isPersisted: true }, { isClient: true }] : [];
  for (const options of [{}, ...others]) {
    test(`${what} hangs at any use: neither the lead nor the visitor waits for it (${JSON.stringify(options)})`, async (test) => {
      for (let first = 1; ; first += 1) {
        const { sentMs, informedMs, uses } = await sendHanging(test, path, first, options);
        assert.ok(
          informedMs <= LONGEST_MS,
          `from use ${first} on: sent after ${sentMs} ms, informed after ${informedMs} ms`,
        );
        // It was used less often.
        if (uses < first) break;
      }
    });
  }
}

test("in a browser without indexedDB.databases(), stored leads are sent on the next visit", async (test) => {
  let isHealthy = false;
  const { page, form, forwarder } = await openForm(test, {
    next: () => (isHealthy ? "accept" : { status: 500 }),
    page: pageOptions,
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  await page.addInitScript(() => delete IDBFactory.prototype.databases);
  await page.goto("about:blank");
  isHealthy = true;
  await page.goBack();
  await waitUntil("the lead", async () => forwarder.leads.size);
});

/** What a page does to its visitor's databases, for example on logout. */
const CLEAR = {
  "deletes its databases": async () => {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  },
  "empties the store of leads": () =>
    new Promise((resolve) => {
      const opening = indexedDB.open("icloud-ready-lead-form");
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("submissions", "readwrite");
        transaction.objectStore("submissions").clear();
        transaction.oncomplete = () => resolve(opening.result.close());
      };
    }),
};

for (const [what, clear] of Object.entries(CLEAR)) {
  test(`a page ${what} while a lead is queued: the lead is delivered, and accepted only then`, async (test) => {
    let isHealthy = false;
    const { page, form, forwarder } = await openForm(test, {
      next: () => (isHealthy ? "accept" : { status: 503, retryAfter: 5 }),
      page: pageOptions,
    });
    const accepted = form.element.evaluate(
      (form) =>
        new Promise((resolve) => form.addEventListener("lead-accepted", ({ detail }) => resolve(detail.submissionId))),
    );
    await form.fill(visitor);
    assert.equal(await form.send(), "lead-queued");
    const [id] = ids(forwarder);
    await page.evaluate(clear);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    isHealthy = true;
    assert.equal(await accepted, id);
    assert.deepEqual([...forwarder.leads.keys()], [id]);
    assert.deepEqual(await stored(page), []);
  });
}

test("Clear-Site-Data while a lead is queued: the lead is delivered, and accepted only then", async (test) => {
  let isHealthy = false;
  const { page, form, forwarder, site } = await openForm(test, {
    next: () => (isHealthy ? "accept" : { status: 503, retryAfter: 2 }),
    page: pageOptions,
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  const [id] = ids(forwarder);
  await page.route("**/log-out", (route) => route.fulfill({ headers: { "clear-site-data": '"storage"' }, body: "" }));
  await page.evaluate(() => fetch("/log-out"));
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin: site.url, storageTypes: "all" });
  isHealthy = true;
  await form.reaches("accepted");
  assert.deepEqual([...forwarder.leads.keys()], [id]);
});

/**
 * Two tabs; in one of them a lead waits for `retryAfter` seconds. This tab can no longer send: the other one has to.
 */
async function queueInOneTab(test, retryAfter) {
  const forwarder = await startForwarder(test, {
    next: (count) => (count === 1 ? { status: 503, retryAfter } : "accept"),
  });
  const site = await startPages(test, { "/": markup({ endpoint: forwarder.url }) });
  const context = await openContext(test, pageOptions);
  const [one, other] = [await context.newPage(), await context.newPage()];
  await one.addInitScript(failAfterFirst);
  await one.goto(site.url);
  const form = new LeadForm(one);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-queued");
  return { one, other, form, forwarder, site };
}

test("a lead that another tab delivers is accepted through its tombstone, and sent once", async (test) => {
  const { one, other, form, forwarder, site } = await queueInOneTab(test, 3);
  await other.goto(site.url);
  await form.reaches("accepted");
  assert.equal(forwarder.leads.size, 1);
  assert.equal(forwarder.requests.length, 2);
  const kept = await one.evaluate(
    (name) =>
      new Promise((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => {
          const reading = opening.result.transaction("submissions").objectStore("submissions").getAll();
          reading.onsuccess = () => resolve(reading.result);
        };
      }),
    DATABASES[1],
  );
  assert.deepEqual(
    kept.map(({ id, outcome }) => [id, outcome]),
    [[[...ids(forwarder)][0], { kind: "accepted" }]],
  );
  assert.doesNotMatch(JSON.stringify(kept), /Mona|2010/, "a tombstone has no personal data");
});

test("an offline tab leaves the next attempt to the other tabs", async (test) => {
  const { one, other, form, forwarder, site } = await queueInOneTab(test, 1);
  // Of two timers for the same moment, the first tab's always fires first.
  await other.addInitScript(() => {
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (work, delay, ...rest) => setTimeout(work, delay + 100, ...rest);
  });
  await other.goto(site.url);
  const failures = () => one.evaluate(() => globalThis.failures);
  const before = await failures();
  await form.reaches("accepted");
  assert.ok((await failures()) - before <= 2, "the first tab retried");
  assert.equal(forwarder.leads.size, 1);
});

test("a lead stored by an earlier version is sent, even while a page of that version has the database open", async (test) => {
  const { page, form, forwarder } = await openForm(test);
  const old = {
    key: forwarder.url,
    id: "0".repeat(31) + "1",
    at: Date.now() - 86_400_000,
    body: JSON.stringify({ lead: { leadInformation: visitor }, context: {} }),
    values: "{}",
    attempts: 4,
    retryAt: Date.now() + 23 * 3_600_000,
    isAsked: true,
    isWrong: false,
  };
  await page.evaluate(
    (old) =>
      new Promise((resolve) => {
        const opening = indexedDB.open("icloud-ready-lead-form", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("submissions", { keyPath: ["key", "id"] });
        opening.onsuccess = () => {
          // It stays open, and does not close for a new version.
          globalThis.held = opening.result;
          const transaction = opening.result.transaction("submissions", "readwrite");
          transaction.objectStore("submissions").put(old);
          transaction.oncomplete = resolve;
        };
      }),
    old,
  );
  await form.fill({ ...visitor, firstName: "Hoda" });
  assert.equal(await form.send(), "lead-accepted");
  // Its delay of nearly a day is from before delays were bounded.
  await waitUntil("the old lead", async () => forwarder.leads.size === 2);
  assert.ok(forwarder.leads.has(old.id));
  await waitUntil("an empty queue", async () => !(await stored(page)).length);
});
