// Spam protection blocks robots, and no visitor.

import assert from "node:assert/strict";
import { test } from "node:test";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openForm, visitor } from "./support/form-page.mjs";

useChromium();

test("spam traps mark a lead and never reject it", async (test) => {
  const { form, forwarder } = await openForm(test);
  await form.element.evaluate(
    (form) => (form.shadowRoot.querySelector("[part=trap] input").value = "http://spam.example"),
  );
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  const [{ context }] = forwarder.requests;
  assert.equal(context.trap, "http://spam.example");
  const atMost = await form.page.evaluate(() => {
    const language = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/en.js"));
    return performance.now() - language.responseEnd;
  });
  assert.ok(context.elapsedMs >= 0 && context.elapsedMs <= atMost, `${context.elapsedMs} of ${atMost}`);
});

test("the elapsed time starts when the visitor could start typing: with a plain form inside, at page load", async (test) => {
  const { page, form, forwarder } = await openForm(test, { inner: "<form></form>" });
  await form.fill(visitor);
  const atLeast = await page.evaluate(() => Math.floor(performance.now()));
  assert.equal(await form.send(), "lead-accepted");
  assert.ok(forwarder.requests[0].context.elapsedMs >= atLeast);
});

test("Turnstile's token is sent along; after a refusal a fresh token is sent under the same submission id", async (test) => {
  const refuse = { status: 403, body: { error: { code: "challenge_failed", message: "", issues: [] } } };
  const inner =
    '<div slot="challenge" class="cf-turnstile"><input type="hidden" name="cf-turnstile-response" value="first"></div>';
  const { page, form, forwarder } = await openForm(test, {
    inner,
    next: (count) => (count === 1 ? refuse : "accept"),
    page: { expected: networkErrors },
  });
  await page.evaluate(() => {
    globalThis.turnstile = { reset: (widget) => (widget.querySelector("input").value = "second") };
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  assert.deepEqual(
    forwarder.requests.map(({ challenge }) => challenge),
    ["first", "second"].map((token) => ({ provider: "turnstile", token })),
  );
  assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 1);
});

test("without a fresh token the visitor is asked to complete the challenge, and the lead keeps its submission id", async (test) => {
  const refuse = { status: 403, body: { error: { code: "challenge_failed", message: "", issues: [] } } };
  const { form, forwarder } = await openForm(test, {
    next: (count) => (count === 1 ? refuse : "accept"),
    page: { expected: networkErrors },
  });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  await form.reaches("challenge");
  assert.equal(await form.send(), "lead-accepted");
  assert.equal(new Set(forwarder.requests.map(({ submissionId }) => submissionId)).size, 1);
});
