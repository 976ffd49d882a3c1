// Another worker hands requests on, by a service binding: there no server sees to what a request says of itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG } from "./support/platforms.mjs";
import { body, ORIGIN, PERSON } from "./support/requests.mjs";
import { forwarderOptions, startWorker } from "../../tools/workerd.mjs";

/** Sends what it gets on as a stream, with a length of its own making. */
const CALLER = `export default {
  async fetch(request, { FORWARDER }) {
    const headers = new Headers(request.headers);
    headers.set("content-length", headers.get("x-length"));
    return FORWARDER.fetch(new Request(request.url, { method: "POST", headers, body: new Blob([await request.arrayBuffer()]).stream() }));
  },
};`;

test("workerd: a length that is made up lets nothing longer in", async (test) => {
  const { modules, compatibilityDate, bindings, durableObjects, ...rest } = await forwarderOptions({
    ...CONFIG,
    clientAddress: "cf-connecting-ip",
  });
  const { url, close } = await startWorker({
    ...rest,
    workers: [
      { name: "caller", modules: true, script: CALLER, compatibilityDate, serviceBindings: { FORWARDER: "forwarder" } },
      { name: "forwarder", modules, compatibilityDate, bindings, durableObjects },
    ],
  });
  test.after(close);
  const post = (length, description) =>
    fetch(`${url}/leads`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN, "x-length": length },
      body: JSON.stringify(body({ lead: { leadInformation: PERSON, leadDescription: description } })),
    });
  for (const length of ["10", "-5", "0", "many", "65536", "1e999"])
    assert.equal((await post(length, "x".repeat(65_536))).status, 413, length);
  for (const length of ["10", "many"]) assert.equal((await post(length, "x")).status, 202, length);
});
