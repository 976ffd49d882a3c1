// Another Worker forwards requests through a service binding, where no server verifies the headers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG } from "./support/platforms.mjs";
import { body, ORIGIN, PERSON, reach } from "./support/requests.mjs";
import { forwarderOptions, startWorker } from "../../tools/workerd.mjs";

/** Forwards its body as a stream, with a false content-length. */
const CALLER = `export default {
  async fetch(request, { FORWARDER }) {
    const headers = new Headers(request.headers);
    headers.set("content-length", headers.get("x-length"));
    return FORWARDER.fetch(new Request(request.url, { method: "POST", headers, body: new Blob([await request.arrayBuffer()]).stream() }));
  },
};`;

test("workerd: a false content-length does not bypass the size limit", async (test) => {
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
    reach(`${url}/leads`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN, "x-length": length },
      body: JSON.stringify(body({ lead: { leadInformation: PERSON, leadDescription: description } })),
    });
  for (const length of ["10", "-5", "0", "many", "65536", "1e999"])
    assert.equal((await post(length, "x".repeat(65_536))).status, 413, length);
  for (const length of ["10", "many"]) assert.equal((await post(length, "x")).status, 202, length);
});
