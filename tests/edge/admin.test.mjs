import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG, platforms } from "./support/platforms.mjs";
import { body, FORM, postForm, postJson, reach } from "./support/requests.mjs";

const RIGHT = { authorization: `Bearer ${CONFIG.adminToken}` };

for (const [name, open] of platforms) {
  test(`${name}: without adminToken there is no /admin`, async (test) => {
    const { url } = await open(test, { adminToken: undefined });
    for (const path of ["/admin", "/admin/leads", "/admin/metrics", "/leads/admin/leads"]) {
      assert.equal((await reach(url + path, { headers: RIGHT })).status, 404, path);
    }
    assert.deepEqual(await (await reach(`${url}/health`, { headers: RIGHT })).json(), { ok: true });
  });

  test(`${name}: /admin requires the token, and wrong tokens are counted`, async (test) => {
    const { url } = await open(test);
    for (const authorization of [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      `Basic ${CONFIG.adminToken}`,
      CONFIG.adminToken,
      `Bearer ${CONFIG.adminToken}x`,
      `Bearer ${CONFIG.adminToken.slice(1)}`,
    ]) {
      const response = await reach(`${url}/admin/metrics`, {
        headers: authorization === undefined ? {} : { authorization },
      });
      assert.equal(response.status, 401, authorization);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
      assert.equal(response.headers.get("cache-control"), "no-store");
    }
    let status = 401;
    for (let guess = 0; status === 401 && guess < 20; guess++) {
      ({ status } = await reach(`${url}/admin/metrics`, { headers: { authorization: `Bearer guess-${guess}` } }));
    }
    assert.equal(status, 429);
    const right = await reach(`${url}/admin/metrics`, { headers: RIGHT });
    assert.equal(right.status, 200);
    assert.equal(right.headers.get("cache-control"), "no-store");
  });

  test(`${name}: /health reports whether leads can be stored, and more with the token`, async (test) => {
    const { url, leads } = await open(test, { path: "/eg/leads" });
    assert.equal(new URL(leads).pathname, "/eg/leads");
    assert.deepEqual(await (await reach(`${url}/health`)).json(), { ok: true });
    const { ok, ...more } = await (await reach(`${leads}/health`, { headers: RIGHT })).json();
    assert.equal(ok, true);
    assert.deepEqual(Object.keys(more).sort(), [
      "backlog",
      "dead",
      "held",
      "oldestAgeMs",
      "paused",
      "poison",
      "reconcile",
    ]);
    assert.equal((await reach(`${url}/health`, { headers: { authorization: "Bearer wrong" } })).status, 401);
    for (const [path, keys] of [
      ["health/live", ["ok"]],
      ["health/ready", ["ok"]],
    ]) {
      const response = await reach(`${leads}/${path}`);
      assert.deepEqual([response.status, Object.keys(await response.json())], [200, keys], path);
    }
    const posted = await reach(`${url}/health`, { method: "POST" });
    assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
    const headResponse = await reach(`${url}/health`, { method: "HEAD" });
    assert.deepEqual([headResponse.status, await headResponse.text()], [200, ""]);
    for (const [path, allow] of [
      ["admin/leads", "GET"],
      ["admin/probe", "POST"],
      ["admin/leads/some-lead-1/drop", "POST"],
    ]) {
      const response = await reach(`${url}/${path}`, { method: "PUT", headers: RIGHT });
      assert.deepEqual([response.status, response.headers.get("allow")], [405, allow], path);
    }
  });

  test(`${name}: metrics are Prometheus text without personal data`, async (test) => {
    const { url, leads } = await open(test);
    await postJson(leads, body({ lead: { leadInformation: { firstName: "Secretperson", phone: "+201009999999" } } }));
    await postForm(leads, FORM);
    const response = await reach(`${url}/admin/metrics`, { headers: RIGHT });
    assert.match(response.headers.get("content-type"), /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const line of text.trimEnd().split("\n"))
      assert.match(
        line,
        /^(# (HELP|TYPE) icloud_ready_\w+ .+|icloud_ready_\w+(\{\w+="[\w.+-]+"(,\w+="[\w.+-]+")*\})? -?[\d.e+]+)$/,
        line,
      );
    assert.match(text, /^icloud_ready_leads_accepted_total 2$/m);
    assert.doesNotMatch(text, /Secretperson|9999999|Ahmed/);
  });
}
