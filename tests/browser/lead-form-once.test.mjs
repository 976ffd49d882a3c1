// One request is one lead, whatever the visitor's finger or the network does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { networkErrors, useChromium } from "./support/browser.mjs";
import { openSite } from "./support/site.mjs";

useChromium();

const visitor = { firstName: "Mona", phone: "+201001234567" };
const unavailable = { kind: "status", status: 503 };

/** The submission ids of the leads that the page tried to create, in order. */
function submissionIds(page) {
  const created = page.asked("/leads").filter((request) => request.method() === "POST");
  return created.map((request) => JSON.parse(request.postDataJSON().customField).submissionId);
}

test("a double click, or Enter twice, is one lead", async (test) => {
  const { page, form, sandbox } = await openSite(test, "en");
  await sandbox.setFaults({ method: "POST", path: "/leads", action: { kind: "delay", ms: 400 } });

  await form.fill(visitor);
  await form.submit.dblclick();
  assert.equal(await form.submit.isDisabled(), true);
  // What a script could still do.
  await form.part("form").evaluate((form) => form.requestSubmit());
  await form.reaches("accepted");
  assert.equal((await sandbox.leads()).length, 1);

  await form.part("again").click();
  await form.fill(visitor);
  await form.input("phone").press("Enter");
  await form.input("phone").press("Enter");
  await form.reaches("accepted");
  assert.equal((await sandbox.leads()).length, 2);
  const [first, second] = submissionIds(page);
  assert.notEqual(first, second, "another request has another id");
});

test("a lead that was taken though its answer was lost is not sent again", async (test) => {
  const { page, form, sandbox } = await openSite(test, "en", { expected: networkErrors });
  await form.hurry();
  // The lead is there, but neither the answer to it nor one to a look comes through.
  await sandbox.setFaults(
    { method: "POST", path: "/leads", action: { ...unavailable, commit: true } },
    { method: "GET", path: "/leads", action: unavailable },
  );
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  assert.match(await form.status.innerText(), /Try again: it will not be sent twice/);
  assert.equal(await form.submit.innerText(), "Try again");
  assert.equal((await sandbox.leads()).length, 1);

  await sandbox.setFaults();
  assert.equal(await form.send(), "lead-accepted");
  assert.equal((await sandbox.leads()).length, 1);
  assert.equal(submissionIds(page).length, 1);
});

test("a lead that was not taken is sent again under its id", async (test) => {
  const { page, form, sandbox } = await openSite(test, "en", { expected: networkErrors });
  await form.hurry();
  await sandbox.setFaults({ method: "POST", path: "/leads", times: 1, action: unavailable });
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-error");
  assert.deepEqual(await sandbox.leads(), []);
  assert.equal(await form.input("firstName").inputValue(), "Mona", "what was typed is kept");

  assert.equal(await form.send(), "lead-accepted");
  assert.equal((await sandbox.leads()).length, 1);
  const [first, second] = submissionIds(page);
  assert.equal(first, second);
  // Looked for after the lost answer, and before the second attempt.
  const requests = await sandbox.requests();
  assert.deepEqual([requests.at(0), requests.at(-1)], ["POST /leads", "POST /leads"]);
  assert.ok(requests.slice(1, -1).length >= 2 && requests.slice(1, -1).every((request) => request === "GET /leads"));
});

test("an edit has another id, and an edit taken back the first one", async (test) => {
  const { page, form, sandbox } = await openSite(test, "en", { expected: networkErrors });
  await form.hurry();
  await sandbox.setFaults({ method: "POST", path: "/leads", times: 3, action: unavailable });
  for (const firstName of ["Mona", "Muna", "Mona"]) {
    await form.fill({ ...visitor, firstName });
    assert.equal(await form.send(), "lead-error");
  }
  const [first, edited, back] = submissionIds(page);
  assert.notEqual(first, edited);
  assert.equal(first, back);
});

test("a credential that is refused, or a crowd, is told as what it is", async (test) => {
  const { form, sandbox } = await openSite(test, "en", { expected: networkErrors });
  await form.hurry();
  for (const [status, said] of [
    [403, /Something is wrong on our side/],
    [429, /try again in a minute/],
  ]) {
    await sandbox.setFaults({ method: "POST", path: "/leads", times: 1, action: { kind: "status", status } });
    await form.fill({ ...visitor, lastName: String(status) });
    assert.equal(await form.send(), "lead-error");
    assert.match(await form.status.innerText(), said);
    assert.equal(await form.element.evaluate((form) => form.shadowRoot.activeElement.type), "submit");
  }
});
