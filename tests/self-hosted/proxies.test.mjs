// The recipes for Caddy and nginx, with the real programs in front of the example.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startSandbox } from "../../tools/sandbox.mjs";
import { waitUntil } from "../../tools/wait.mjs";
import { ORIGIN } from "../edge/support/requests.mjs";
import { freePort } from "../support/port.mjs";
import { folderOf, ids, installForwarder, responds, submit } from "./support/forwarder.mjs";
import { PROXIES } from "./support/proxies.mjs";

for (const [name, startProxy] of Object.entries(PROXIES)) {
  test(`${name}: pages reach the leads' path alone, and cannot change their address`, async (test) => {
    const sandbox = await startSandbox(test);
    const folder = await folderOf(test);
    const forwarder = await installForwarder(test, sandbox, folder);
    const program = await forwarder.run();
    const port = await freePort();
    const proxy = await startProxy(test, folder, [forwarder.port], port);
    const url = `http://127.0.0.1:${port}`;
    await responds(proxy, url);

    const response = await submit(url, "through-proxy");
    assert.equal(response.status, 202, proxy.output());
    assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
    await waitUntil("the lead", async () => (await ids(sandbox)).includes("through-proxy"));

    for (const path of ["/", "/health", "/admin", "/admin/metrics", "/leadsx", "/leads/../health", "/LEADS"]) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
    assert.equal((await fetch(`${forwarder.url}/health`)).status, 200);

    const large = await submit(url, "too-large", { firstName: "x".repeat(70_000) });
    assert.equal(large.status, 413);
    assert.equal(large.headers.get("access-control-allow-origin"), ORIGIN);

    // Nothing is acknowledged while the forwarder is down, so pages keep their leads.
    await program.stop();
    assert.equal((await submit(url, "during-restart")).status, 502);
    await forwarder.run();
    assert.equal((await submit(url, "during-restart")).status, 202);
    await waitUntil("the lead", async () => (await ids(sandbox)).includes("during-restart"));

    // All of them are of one visitor, whatever the visitor says: the burst is 20.
    const spoofed = Array.from({ length: 60 }, (_, index) =>
      submit(url, `spoofed-${index}`, { headers: { "x-forwarded-for": `203.0.113.${index}` } }),
    );
    const statuses = (await Promise.all(spoofed)).map(({ status }) => status);
    assert.ok(statuses.includes(429), statuses.join());
  });
}
