// Visitors under the worst conditions, in any browser: each lead has to be delivered once.

import assert from "node:assert/strict";
import { rng } from "../../support/rng.mjs";
import { waitUntil } from "../../../tools/wait.mjs";
import { describeTab, markup, startPages, stored, storedNames, visitor } from "./form-page.mjs";
import { startForwarder } from "./forwarder.mjs";

const FATES = [
  "accept",
  "cut-before",
  "cut-after",
  "hang",
  "hang-after",
  { status: 500 },
  { status: 500, store: true },
  { status: 503, retryAfter: 1 },
  { status: 429, retryAfter: 1 },
  { status: 200, body: "<html>Please sign in</html>" },
];

const nameOf = ({ lead }) => lead.leadInformation.firstName;

/**
 * Sends `count` leads from each of the profiles at the same time, while the endpoint fails. Then the endpoint recovers
 * and the visitors return. Returns the sorted names of the leads that were sent and stored.
 *
 * A profile is what tabs share: `openTab` opens a tab, `setOffline` is present if the driver supports it. A tab has
 * `open(url)`, which waits for the form, `fill(values)`, `press(part, times)`, `enter(name)` for the key in a field,
 * `state()` of the form, `evaluate(script)` and `close()`. `isControl`: the profiles' pages store nothing.
 */
export async function visit(test, profiles, { count, seed, isControl = false }) {
  const fate = rng(seed);
  /** Those whose request hangs. */
  const hanging = new Set();
  let isHealthy = false;
  const forwarder = await startForwarder(test, {
    next: (_, sent) => {
      const next = isHealthy ? "accept" : FATES[fate(FATES.length)];
      if (/^hang/.test(next)) hanging.add(nameOf(sent));
      return next;
    },
  });
  const { url } = await startPages(test, { "/": markup({ endpoint: forwarder.url }) });
  const arrived = () => [...forwarder.leads.values()].map(nameOf);
  const scene = { url, count, forwarder, hanging, isControl, isStored: (name) => arrived().includes(name) };
  const visitors = profiles.map((profile, index) =>
    comeAndGo(profile, { ...scene, prefix: `Visitor${index}-`, below: rng(seed + index + 1) }),
  );
  const sent = (await Promise.all(visitors)).flat();
  isHealthy = true;
  for (const profile of profiles) {
    const tab = await profile.openTab();
    await tab.open(url);
    if (!isControl) {
      const describe = async () => ({ forwarder: forwarder.describe(), tab: await describeTab(tab) });
      // Back-off alone may take five minutes: a new visit ends it for all leads except those that the endpoint asked to
      // wait.
      await waitUntil("an empty queue, all being calm", async () => !(await stored(tab)).length, {
        describe,
        maxMs: 400_000,
      });
    }
    await tab.close();
  }
  assert.deepEqual(forwarder.conflicts, []);
  return { sent: sent.sort(), arrived: arrived().sort() };
}

/** A visitor with two tabs who sends leads from either; returns their names. */
async function comeAndGo(
  { openTab, setOffline },
  { url, count, forwarder, hanging, isControl, isStored, prefix, below },
) {
  const start = async () => {
    const tab = await openTab();
    await tab.open(url);
    return tab;
  };
  const tabs = [await start(), await start()];
  const sent = [];
  for (let index = 0; index < count; index += 1) {
    const place = below(tabs.length);
    const tab = tabs[place];
    const firstName = prefix + index;
    const isOffline = below(20) === 0 && setOffline !== undefined;
    if (isOffline) await setOffline(true);
    const describe = async () => ({
      firstName,
      index,
      place,
      forwarder: forwarder.describe(),
      tab: await describeTab(tab),
    });
    const until = (what, probe) => waitUntil(`${what} (${firstName})`, probe, { describe, intervalMs: 10 });
    await explain(tab.fill({ ...visitor, firstName }), describe);
    const finger = below(10);
    if (finger === 0) await explain(tab.press("submit", 2), describe);
    else if (finger === 1) await explain(tab.enter("phone"), describe);
    else await explain(tab.press("submit"), describe);
    const isQueuedOrStored = async () => (await storedNames(tab)).includes(firstName) || isStored(firstName);
    const isSaid = async () => ["accepted", "queued"].includes(await tab.state());
    if (isControl) await until("the form to send", async () => (await tab.state()) !== "editing");
    else {
      // It counts from when it is stored, which the form reports only afterwards.
      await until("a queued or stored lead", async () => (await isQueuedOrStored()) || (await isSaid()));
      assert.ok(await isQueuedOrStored(), `${firstName} is neither queued nor stored`);
    }
    sent.push(firstName);
    const way = below(8);
    if (way === 0) {
      await tab.close();
      forwarder.letGo();
      await setOffline?.(false);
      tabs[place] = await start();
      continue;
    }
    // While it hangs, the visitor navigates to another page.
    if (way > 1)
      await until("the end of sending", async () => hanging.has(firstName) || (await tab.state()) !== "sending");
    const state = await tab.state();
    if (isOffline) await setOffline(false);
    if (way === 1 || state === "sending") {
      await tab.open(url);
      // A request outlives its page, and a browser limits the connections to one host.
      forwarder.letGo();
      continue;
    }
    if (state === "accepted") assert.ok(isStored(firstName), `${firstName} was not accepted`);
    if (state !== "editing") await explain(tab.press("again"), describe);
  }
  for (const tab of tabs) await tab.close();
  return sent;
}

/** Adds the content of the page to a driver's error. */
async function explain(action, describe) {
  try {
    return await action;
  } catch (error) {
    const found = await describe().catch((reason) => String(reason));
    throw new Error(`${error.message}\n${JSON.stringify(found, null, 2)}`, { cause: error });
  }
}
