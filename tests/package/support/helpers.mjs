// Shared by many tests: a lead, clients, and the error of a call.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { icloudReady } from "./package.mjs";

const { ICloudReady, isICloudReadyError } = icloudReady;

export const LEAD = { leadInformation: { firstName: "Ahmed", phone: "+201001234567" } };

/**
 * Responds to lookups as a CRM whose search finds nothing, and whose list ends without the lead: seven requests per
 * lookup.
 */
export const notThere = ({ target }) => {
  const other = { _id: "0", customField: '{"submissionId":"submission-0"}' };
  return { body: target.endsWith("?limit=50") ? [other] : [] };
};

/** The guide's sample lead, corrected. */
export const guideLead = async () =>
  JSON.parse(await readFile(new URL("../../fixtures/guide-lead.json", import.meta.url), "utf8"));

/** A client of a server on loopback: no limiter, no back-off that a test would have to wait for. */
export function client(server, options = {}) {
  const credential = "apiKey" in options || "accessToken" in options ? {} : { accessToken: "test-token" };
  return new ICloudReady({ baseURL: server.url ?? server, rateLimit: false, ...credential, ...options });
}

/** The error of a call that must fail: of this class, and one of the package's own. */
export async function failure(call, expected) {
  let result;
  try {
    result = await (typeof call === "function" ? call() : call);
  } catch (error) {
    assert.ok(isICloudReadyError(error), `not an error of the package: ${error?.stack ?? String(error)}`);
    if (expected) assert.equal(error.name, expected, error.stack);
    return error;
  }
  assert.fail(`should have failed, but gave ${JSON.stringify(result)}`);
}

// Real time even where a test has installed a fake clock.
export { pause };

/** Fails the test if a rejection or exception is unhandled. */
export function failOnUnhandled(test) {
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  test.after(() => {
    process.off("unhandledRejection", note);
    process.off("uncaughtException", note);
  });
  return async () => {
    // Unhandled rejections are reported a turn of the event loop later.
    await pause(20);
    assert.deepEqual(unhandled, []);
  };
}
