// The cells of a browser: wherever one runs scripts, and however the wasm may fail to come.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, prepare } from "./cell.mjs";
import { page, pageWithWorkers } from "./policy.mjs";
import { serve } from "./site.mjs";

/** A place, what `cell` in pages/page.mjs calls it, and the page's policy. */
const PLACES = [
  ["a module script", "page"],
  ["a module script under the guide's policy", "page", page],
  ["a web worker under the guide's policy", "worker", pageWithWorkers],
  ["a service worker under the guide's policy", "serviceWorker", pageWithWorkers],
];

/**
 * Declares them. `open` opens an address and gives a function that calls one of the page's `cell`
 * with the given arguments and gives what comes of it.
 */
export function browserCells(browser, open) {
  for (const [name, place, policy] of PLACES) {
    cell(`${browser}: ${name}`, async (settings, test) => {
      const site = await serve(test, { policy: policy?.(new URL(settings.baseURL).origin) });
      const ask = await open(test, site.url);
      return ask(place, "scenario", settings);
    });
  }

  /** A page whose site is as `change` makes it, given the CRM's origin, and settings for its tasks. */
  const start = async (test, change = () => ({})) => {
    const { settings, sandbox } = await prepare(test);
    const site = await serve(test, change(new URL(sandbox.url).origin));
    const ask = await open(test, site.url);
    return { ask, settings, sandbox, site };
  };
  const check = (name, run) => test(`${browser}: ${name}`, { timeout: 300_000 }, run);

  check("importing and constructing do nothing, and many clients fetch the wasm once", async (test) => {
    const { ask, settings, site } = await start(test);
    assert.deepEqual(await ask("imported"), { before: {}, fetched: 1, compiled: 1 });
    assert.equal(await ask("page", "many", settings), 21);
    for (const file of ["icloud-ready.wasm", "validation.wasm"]) assert.equal(site.asked(`/${file}`), 1, file);
    assert.equal(site.asked("inline.js"), 0);
  });

  const html = { type: "text/html", body: "<!doctype html><title>Not here</title>" };
  for (const [what, answer] of [
    ["a 404 with a page", { status: 404, ...html }],
    ["a page in its place", html],
  ]) {
    check(`${what} for the wasm, and its copy is used`, async (test) => {
      const { ask, settings, site } = await start(test, () => only(".wasm", answer));
      assert.match(await ask("page", "create", settings), /^[0-9a-f]{24}$/);
      assert.equal(site.asked("/inline.js"), 1);
    });

    check(`${what} for the wasm given by URL: an error that says so, and a later call works`, async (test) => {
      let broken = true;
      const { ask, settings } = await start(test, () => ({
        answer: (path) => broken && path.endsWith(".wasm") && answer,
      }));
      const given = { ...settings, wasm: "/icloud-ready/icloud-ready.wasm" };
      unloadable(await ask("page", "create", given));
      broken = false;
      assert.match(await ask("page", "create", given), /^[0-9a-f]{24}$/);
    });
  }

  check("a wrong MIME type does not matter", async (test) => {
    const { ask, settings, site } = await start(test, () => ({ types: { ".wasm": "text/plain" } }));
    assert.match(await ask("page", "create", settings), /^[0-9a-f]{24}$/);
    assert.equal(site.asked("/inline.js"), 0);
  });

  check("neither the wasm nor its copy: an error that says so, and a later call works", async (test) => {
    let broken = true;
    const away = { status: 503, ...html };
    const { ask, settings } = await start(test, () => ({
      answer: (path) => broken && /\.wasm$|inline\.js$/.test(path) && away,
    }));
    unloadable(await ask("page", "create", settings));
    broken = false;
    assert.match(await ask("page", "create", settings), /^[0-9a-f]{24}$/);
  });

  check("a service worker, which may import no copy, says that the wasm is missing", async (test) => {
    const { ask, settings } = await start(test, () => only(".wasm", { status: 404, ...html }));
    unloadable(await ask("serviceWorker", "create", settings));
  });

  check("a policy without 'wasm-unsafe-eval': an error that says so", async (test) => {
    const { ask, settings, sandbox } = await start(test, (api) => ({ policy: page(api, { "script-src": "'self'" }) }));
    unloadable(await ask("page", "create", settings));
    assert.deepEqual(await sandbox.requests(), []);
  });

  check("a policy whose connect-src lacks the site itself: the wasm's copy is used", async (test) => {
    const { ask, settings } = await start(test, (api) => ({ policy: page(api, { "connect-src": api }) }));
    assert.match(await ask("page", "create", settings), /^[0-9a-f]{24}$/);
  });

  check("a policy whose connect-src lacks the CRM: a ConnectionError", async (test) => {
    const { ask, settings, sandbox } = await start(test, (api) => ({ policy: page(api, { "connect-src": "'self'" }) }));
    const error = await ask("page", "create", settings);
    assert.deepEqual([error.name, error.code], ["ConnectionError", "connection"]);
    assert.deepEqual(await sandbox.requests(), []);
  });
}

function only(end, answer) {
  return { answer: (path) => path.endsWith(end) && answer };
}

/** The error of a call that found no wasm: it says in one sentence what to do. */
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
