// An app with a lead form and a handler that creates the leads, as a visitor uses it.

import assert from "node:assert/strict";
import { networkErrors, openPage } from "../../browser/support/browser.mjs";
import { visitor } from "../../browser/support/form-page.mjs";
import { LeadForm } from "../../browser/support/lead-form.mjs";

/** Sends a lead with the form, again after a lost response, without scripts, and from another site. */
export async function checkForm(test, url, sandbox) {
  const markup = await (await fetch(url)).text();
  assert.match(
    markup,
    /<icloud-ready-lead-form[^>]*campaign-name="Q3"[^>]*>.*<form action="\/api\/leads" method="post">/s,
  );
  const names = async () => (await sandbox.leads()).map(({ leadInformation }) => leadInformation.firstName).sort();

  const page = await openPage(test, { expected: networkErrors });
  await page.goto(url);
  const form = new LeadForm(page);
  await form.fill(visitor);
  assert.equal(await form.send(), "lead-accepted");
  const [{ campaignName, leadSource, leadInformation }] = await sandbox.leads();
  assert.deepEqual([campaignName, leadSource, leadInformation.phone], ["Q3", "website", visitor.phone]);

  // The CRM has the lead, but neither a response nor the lookups say so.
  await sandbox.faults([
    { method: "POST", path: "/leads", times: 1, action: { kind: "cut", when: "after" } },
    { method: "GET", path: "/leads", times: 6, action: { kind: "status", status: 400 } },
  ]);
  await form.part("again").click();
  await form.fill({ ...visitor, firstName: "Omar" });
  assert.equal(await form.send(), "lead-queued");
  await form.reaches("accepted");
  assert.deepEqual(await names(), [visitor.firstName, "Omar"].sort());

  const post = (origin) =>
    fetch(`${url}api/leads`, {
      method: "POST",
      redirect: "manual",
      headers: { origin, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ "leadInformation.firstName": "Sara", "leadInformation.phone": "+201001234569" }),
    });
  assert.equal((await post("https://other.example")).status, 403);
  const { status, headers } = await post(new URL(url).origin);
  assert.deepEqual([status, headers.get("location")], [303, "/thanks"]);
  assert.deepEqual(await names(), [visitor.firstName, "Omar", "Sara"].sort());
}
