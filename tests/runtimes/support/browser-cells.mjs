// The cells of a browser: every context that runs scripts, and every way in which the wasm may fail to load.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, prepare } from "./cell.mjs";
import { page, pageWithWorkers } from "./policy.mjs";
import { serve } from "./site.mjs";

/** A context, its function in pages/page.mjs, and the page's policy. */
const PLACES = [
  ["a module script", "page"],
  ["a module script under the guide's policy", "page", page],
  ["a web worker under the guide's policy", "worker", pageWithWorkers],
  ["a service worker under the guide's policy", "serviceWorker", pageWithWorkers],
];

/**
 * Declares them. `open` opens a URL and returns a function that calls one of the page's `cell` functions with the given
 * arguments and returns the result.
 */
export function browserCells(browser, open) {
  for (const [name, place, policy] of PLACES) {
    cell(`${browser}: ${name}`, async (settings, test) => {
      const site = await serve(test, { policy: policy?.(new URL(settings.baseURL).origin) });
      const callPage = await open(test, site.url);
      return callPage(place, "scenario", settings);
    });
  }

  /** A page of the site that `change` returns, given the CRM's origin, and settings for its tasks. */
  const start = async (test, change = () => ({})) => {
    const { settings, sandbox } = await prepare(test);
    const site = await serve(test, change(new URL(sandbox.url).origin));
    const callPage = await open(test, site.url);
    return { ask: callPage, settings, sandbox, site };
  };
  const check = (name, run) => test(`${browser}: ${name}`, { timeout: 300_000 }, run);

  check("importing and constructing do nothing, and many clients fetch the wasm once", async (test) => {
    const { ask: callPage, settings, site } = await start(test);
    assert.deepEqual(await callPage("imported"), { before: {}, fetched: 1, compiled: 1 });
    assert.equal(await callPage("page", "many", settings), 21);
    for (const file of ["icloud-ready.wasm", "validation.wasm"]) assert.equal(site.requested(`/${file}`), 1, file);
    assert.equal(site.requested("inline.js"), 0);
  });

  const html = { type: "text/html", body: "<!doctype html><title>Not here</title>" };
  for (const [what, response] of [
    ["a 404 with a page", { status: 404, ...html }],
    ["a page in its place", html],
  ]) {
    check(`${what} for the wasm, and its copy is used`, async (test) => {
      const { ask: callPage, settings, site } = await start(test, () => only(".wasm", response));
      assert.match(await callPage("page", "create", settings), /^[0-9a-f]{24}$/);
      assert.equal(site.requested("/inline.js"), 1);
    });

    check(`${what} for the wasm given by URL: an error that says so, and a later call works`, async (test) => {
      let broken = true;
      const { ask: callPage, settings } = await start(test, () => ({
        answer: (path) => broken && path.endsWith(".wasm") && response,
      }));
      const changed = { ...settings, wasm: "/icloud-ready/icloud-ready.wasm" };
      unloadable(await callPage("page", "create", changed));
      broken = false;
      assert.match(await callPage("page", "create", changed), /^[0-9a-f]{24}$/);
    });
  }

  check("a wrong MIME type does not matter", async (test) => {
    const { ask: callPage, settings, site } = await start(test, () => ({ types: { ".wasm": "text/plain" } }));
    assert.match(await callPage("page", "create", settings), /^[0-9a-f]{24}$/);
    assert.equal(site.requested("/inline.js"), 0);
  });

  check("neither the wasm nor its copy: an error that says so, and a later call works", async (test) => {
    let broken = true;
    const away = { status: 503, ...html };
    const { ask: callPage, settings } = await start(test, () => ({
      answer: (path) => broken && /\.wasm$|inline\.js$/.test(path) && away,
    }));
    unloadable(await callPage("page", "create", settings));
    broken = false;
    assert.match(await callPage("page", "create", settings), /^[0-9a-f]{24}$/);
  });

  check("a service worker, which may import no copy, says that the wasm is missing", async (test) => {
    const { ask: callPage, settings } = await start(test, () => only(".wasm", { status: 404, ...html }));
    unloadable(await callPage("serviceWorker", "create", settings));
  });

  check("a policy without 'wasm-unsafe-eval': an error that says so", async (test) => {
    const {
      ask: callPage,
      settings,
      sandbox,
    } = await start(test, (api) => ({ policy: page(api, { "script-src": "'self'" }) }));
    unloadable(await callPage("page", "create", settings));
    assert.deepEqual(await sandbox.requests(), []);
  });

  check("a policy whose connect-src lacks the site itself: the wasm's copy is used", async (test) => {
    const { ask: callPage, settings } = await start(test, (api) => ({ policy: page(api, { "connect-src": api }) }));
    assert.match(await callPage("page", "create", settings), /^[0-9a-f]{24}$/);
  });

  check("a policy whose connect-src lacks the CRM: a ConnectionError", async (test) => {
    const {
      ask: callPage,
      settings,
      sandbox,
    } = await start(test, (api) => ({ policy: page(api, { "connect-src": "'self'" }) }));
    const error = await callPage("page", "create", settings);
    assert.deepEqual([error.name, error.code], ["ConnectionError", "connection"]);
    assert.deepEqual(await sandbox.requests(), []);
  });
}

function only(end, response) {
  return { answer: (path) => path.endsWith(end) && response };
}

/** The error of a call without wasm: it says in one sentence what to do. */
function unloadable(error) {
  assert.deepEqual(
    [error.name, error.code, error.attempts],
    ["ConnectionError", "connection", 0],
    JSON.stringify(error),
  );
  assert.equal(
    error.message,
    "leads.create: could not load icloud-ready.wasm: serve it beside the script; a CSP needs 'wasm-unsafe-eval'",
  );
}
