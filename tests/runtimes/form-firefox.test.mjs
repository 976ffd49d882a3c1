// The lead form in Firefox ESR.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { axeScript, violations } from "../browser/support/axe.mjs";
import { goByKeyboard, nextByKeyboard } from "../browser/support/keyboard.mjs";
import { profile, useFirefox } from "./support/firefox.mjs";
import { formTests, openForm } from "./support/form.mjs";
import { upgradeTests } from "./support/form-upgrade.mjs";

useFirefox();
formTests("Firefox", profile);
upgradeTests("Firefox", profile);

const axe = await readFile(axeScript, "utf8");

/** The violations on the page in its current state. */
async function examine(tab) {
  await tab.evaluate(axe);
  return violations(tab);
}

for (const lang of ["en", "ar"]) {
  test(`Firefox: the whole form can be completed by keyboard, and axe finds no violation (${lang})`, async (test) => {
    const page = { lang, attributes: 'country="EG"', next: nextByKeyboard };
    const { tab, url, forwarder } = await openForm(test, await profile(test), page);
    const seen = [];
    await goByKeyboard(tab, url, async (state) => seen.push([state, await examine(tab)]));
    assert.deepEqual(
      seen,
      ["idle", "invalid", "queued", "accepted"].map((state) => [state, []]),
    );
    assert.equal(forwarder.leads.size, 1);
  });
}

test("Firefox: control: axe finds violations inside the form's shadow root", async (test) => {
  const { tab } = await openForm(test, await profile(test));
  await tab.evaluate(() => {
    document.querySelector("icloud-ready-lead-form").shadowRoot.querySelector("[part=label]").removeAttribute("for");
  });
  assert.match(String(await examine(tab)), /^label: /);
});
