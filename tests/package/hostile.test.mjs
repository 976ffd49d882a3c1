// Whatever a caller passes in any place: a result or a documented error, and the next call works.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, LEAD, failOnUnhandled } from "./support/helpers.mjs";
import { hostileValues } from "./support/hostile.mjs";
import { icloudReady } from "./support/package.mjs";
import { record } from "./support/recorder.mjs";

const { ICloudReady, InternalError, isICloudReadyError, preload } = icloudReady;
const NAMES = Object.keys(hostileValues());

/** Every place where a value can be passed. Each makes a call with it. */
const PLACES = {
  "a lead": (crm, value) => crm.leads.create(value),
  "a part of a lead": (crm, value) => crm.leads.create({ ...LEAD, extra: value, leadInformation: value }),
  "a patch": (crm, value) => crm.leads.patch("1", value),
  "an optional body": (crm, value) => crm.leads.convert("1", value),
  "a note": (crm, value) => crm.leads.notes.create("1", value),
  "an id": (crm, value) => crm.leads.retrieve(value),
  "two ids": (crm, value) => crm.leads.notes.delete(value, value),
  "a query": (crm, value) => crm.leads.list(value),
  "a part of a query": (crm, value) => crm.leads.list({ limit: value, other: value }).toArray({ max: 3 }),
  "what toArray takes": (crm, value) => crm.leads.list().toArray(value),
  max: (crm, value) => crm.leads.list().toArray({ max: value }),
  "a request": (crm, value) => crm.request(value),
  "a request's method": (crm, value) => crm.request({ method: value, path: "/x" }),
  "a request's path": (crm, value) => crm.request({ method: "GET", path: value }),
  "a request's params": (crm, value) => crm.request({ method: "GET", path: "/{a}", params: value }),
  "a request's param": (crm, value) => crm.request({ method: "GET", path: "/{a}", params: { a: value } }),
  "a request's query": (crm, value) => crm.request({ method: "GET", path: "/x", query: value }),
  "a request's body": (crm, value) => crm.request({ method: "POST", path: "/x", body: value }),
  "a call's options": (crm, value) => crm.leads.retrieve("1", value),
  "a list's options": (crm, value) => crm.leads.list({}, value),
  ...each(
    "call's option",
    [
      "signal",
      "timeout",
      "totalTimeout",
      "maxRetries",
      "headers",
      "onResponse",
      "submissionId",
      "checkExisting",
      "itemsKey",
      "reconcileDelays",
    ],
    (option) => (crm, value) => crm.leads.create(LEAD, { maxRetries: 0, [option]: value }),
  ),
  "a header": (crm, value) => crm.leads.retrieve("1", { headers: { "x-a": value } }),
  "a client's options": (_, value) => new ICloudReady(value).leads.retrieve("1"),
  "a sibling's options": (crm, value) => crm.withOptions(value).leads.retrieve("1"),
  ...each(
    "client's option",
    [
      "apiKey",
      "organizationId",
      "accessToken",
      "baseURL",
      "timeout",
      "totalTimeout",
      "maxQueueWait",
      "maxRetries",
      "rateLimit",
      "headers",
      "strict",
      "onRequest",
      "onResponse",
      "onRetry",
      "logger",
      "submissionField",
      "reconcile",
      "reconcileDelays",
      "itemsKey",
      "firstPage",
      "fetch",
    ],
    (option) => (crm, value) =>
      crm
        .withOptions({ maxRetries: 0, timeout: 500, [option]: value })
        .leads.list()
        .then((page) => page.data),
  ),
  "what is signed in with": (crm, value) => new ICloudReady({ baseURL: crm.address }).signIn(value),
  "a password": (crm, value) => new ICloudReady({ baseURL: crm.address }).signIn({ email: value, password: value }),
  "many leads": (crm, value) => gather(crm.leads.createMany(value)),
  "one of many leads": (crm, value) => gather(crm.leads.createMany([value, LEAD])),
  "createMany's options": (crm, value) => gather(crm.leads.createMany([LEAD], value)),
  ...each(
    "bulk option",
    ["concurrency", "submissionId", "checkExisting", "onProgress", "signal"],
    (option) => (crm, value) => gather(crm.leads.createMany([LEAD], { [option]: value })),
  ),
  "createMany's ids": (crm, value) => gather(crm.leads.createMany([LEAD], { submissionId: () => value })),
};

function each(what, options, place) {
  return Object.fromEntries(options.map((option) => [`the ${what} ${option}`, place(option)]));
}

/** The created leads; a lead that failed must have a documented error. */
async function gather(results) {
  const found = [];
  for await (const result of results) {
    if (result.status === "failed") assert.ok(isICloudReadyError(result.error), String(result.error));
    found.push(result);
  }
  return found;
}

const server = async (t) =>
  record(t, ({ path, method }) => ({
    body: method === "GET" && path.endsWith("/leads") ? [{ _id: "1" }] : { _id: "1", token: "t" },
  }));

for (const [place, call] of Object.entries(PLACES)) {
  test(`${place}: a result or a documented error`, { timeout: 120_000 }, async (t) => {
    const settled = failOnUnhandled(t);
    const recorder = await server(t);
    const crm = Object.assign(client(recorder), { address: recorder.url });
    await preload();
    for (const name of NAMES) {
      const value = hostileValues()[name];
      try {
        await call(crm, value);
      } catch (error) {
        assert.ok(isICloudReadyError(error), `${name}: ${error?.stack ?? typeof error}`);
        assert.ok(!(error instanceof InternalError), `${name}: ${error.stack}`);
        assert.ok(error.code && typeof error.message === "string", name);
      }
      assert.equal((await crm.leads.retrieve("1"))._id, "1", `the call after ${name}`);
    }
    await settled();
  });
}
